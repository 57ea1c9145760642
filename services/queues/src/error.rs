#![deny(clippy::wildcard_enum_match_arm)]

use std::time::Duration;

use domain_work::{hold, queue};
use platform::rejection::{Fault, Rejection, Violation};
use sea_orm::DbErr;
use tonic::Code;

/// Why a call about queues is refused; see `overturn.routing.v1.Reason`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What any service can run into.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// How the item is held does not allow it.
    #[error(transparent)]
    Held(#[from] hold::Refusal),
    /// The caller may not work the item's queue.
    #[error(transparent)]
    Stranger(#[from] queue::Refusal),
    /// No queue takes the item, so that only a team lead may.
    #[error(
        "no queue takes the item, so that only a team lead may; a lead can make a queue for it"
    )]
    InNoQueue,
    /// Nothing is open to the caller.
    #[error("nothing in the queue is open to you")]
    QueueEmpty,
    /// The slug is another queue's.
    #[error("the slug is in use")]
    SlugTaken,
    /// The queue contradicts itself or others.
    #[error("the queue cannot be meant so")]
    Contradicts(Vec<Violation>),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::Fault(error.into())
    }
}

impl Rejection for Error {
    fn code(&self) -> Code {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::Held(hold::Refusal::LeaseLost { .. }) => Code::Aborted,
            Self::Held(hold::Refusal::Invalid(_)) | Self::Contradicts(_) => Code::InvalidArgument,
            Self::Held(_) | Self::Stranger(_) | Self::InNoQueue => Code::FailedPrecondition,
            Self::QueueEmpty => Code::NotFound,
            Self::SlugTaken => Code::AlreadyExists,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.reason(),
            Self::Held(hold::Refusal::Invalid(_)) => "INVALID_ARGUMENT",
            Self::Held(refusal) => refusal.reason(),
            Self::Stranger(refusal) => refusal.reason(),
            Self::InNoQueue => "NOT_OF_THIS_QUEUE",
            Self::QueueEmpty => "QUEUE_EMPTY",
            Self::SlugTaken => "SLUG_TAKEN",
            Self::Contradicts(_) => "QUEUES_CONTRADICT",
        }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Fault(fault) => fault.violations(),
            Self::Contradicts(violations) => violations,
            Self::Held(_)
            | Self::Stranger(_)
            | Self::InNoQueue
            | Self::QueueEmpty
            | Self::SlugTaken => &[],
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Fault(fault) => fault.retry_after(),
            Self::Held(_)
            | Self::Stranger(_)
            | Self::InNoQueue
            | Self::QueueEmpty
            | Self::SlugTaken
            | Self::Contradicts(_) => None,
        }
    }
}
