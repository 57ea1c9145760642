#![deny(clippy::wildcard_enum_match_arm)]

use std::time::Duration;

use domain_work::{clarification, hold, queue, resolution};
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
    /// Nobody agreed to what is given up.
    #[error(transparent)]
    NotAgreed(resolution::Refusal),
    /// The end stands.
    #[error(transparent)]
    NotUndone(resolution::CannotUndo),
    /// The question is not the caller's to answer or to settle, or its state does not allow it.
    #[error(transparent)]
    Question(clarification::Refusal),
    /// No queue of the other team takes the item.
    #[error("no queue of that team takes the item, so that nobody would find it there")]
    NoQueueThere,
    /// What came after does not let the end be taken back.
    #[error("the payer has answered since: what became of the denials is not the end's any more")]
    Answered,
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

impl From<resolution::Refusal> for Error {
    fn from(refusal: resolution::Refusal) -> Self {
        match refusal {
            resolution::Refusal::Invalid(found) => Self::Fault(invalid(found)),
            resolution::Refusal::ApprovalNeeded { .. }
            | resolution::Refusal::ApprovalTooLow { .. }
            | resolution::Refusal::OwnApproval { .. } => Self::NotAgreed(refusal),
        }
    }
}

impl From<clarification::Refusal> for Error {
    fn from(refusal: clarification::Refusal) -> Self {
        match refusal {
            clarification::Refusal::Invalid(found) => Self::Fault(invalid([found])),
            clarification::Refusal::InvalidTransition { .. }
            | clarification::Refusal::NotTheAsker { .. }
            | clarification::Refusal::NotAsked { .. } => Self::Question(refusal),
        }
    }
}

impl From<resolution::CannotUndo> for Error {
    fn from(refusal: resolution::CannotUndo) -> Self {
        match refusal {
            resolution::CannotUndo::Invalid(found) => Self::Fault(invalid([found])),
            resolution::CannotUndo::WindowClosed { .. }
            | resolution::CannotUndo::Undone
            | resolution::CannotUndo::Overtaken => Self::NotUndone(refusal),
        }
    }
}

/// Every field at fault, as the wire names it.
fn invalid(found: impl IntoIterator<Item = domain_work::Violation>) -> Fault {
    let found = found.into_iter();
    Fault::Invalid(
        found.map(|v| Violation { field: v.field.to_owned(), description: v.words }).collect(),
    )
}

impl Error {
    /// What work on duty ends with; `what` says what cannot be done, for whoever reads the log.
    pub(crate) fn of_job(self, what: &'static str) -> Fault {
        if let Self::Fault(fault) = self {
            return fault;
        }
        tracing::error!(reason = self.reason(), "{what}");
        Fault::Broken(what)
    }
}

impl Rejection for Error {
    fn code(&self) -> Code {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::Held(hold::Refusal::LeaseLost { .. }) => Code::Aborted,
            Self::Held(hold::Refusal::Invalid(_)) | Self::Contradicts(_) => Code::InvalidArgument,
            Self::Held(_)
            | Self::Stranger(_)
            | Self::InNoQueue
            | Self::NoQueueThere
            | Self::Question(_)
            | Self::Answered
            | Self::NotAgreed(_)
            | Self::NotUndone(_) => Code::FailedPrecondition,
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
            Self::InNoQueue | Self::NoQueueThere => "NOT_OF_THIS_QUEUE",
            Self::Answered => "INVALID_TRANSITION",
            Self::Question(refusal) => refusal.reason(),
            Self::NotAgreed(refusal) => refusal.reason(),
            Self::NotUndone(refusal) => refusal.reason(),
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
            | Self::NoQueueThere
            | Self::Question(_)
            | Self::Answered
            | Self::NotAgreed(_)
            | Self::NotUndone(_)
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
            | Self::NoQueueThere
            | Self::Question(_)
            | Self::Answered
            | Self::NotAgreed(_)
            | Self::NotUndone(_)
            | Self::QueueEmpty
            | Self::SlugTaken
            | Self::Contradicts(_) => None,
        }
    }
}
