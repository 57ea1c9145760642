#![deny(clippy::wildcard_enum_match_arm)]

use std::time::Duration;

use platform::rejection::{Fault, Rejection, Violation};
use sea_orm::DbErr;
use tonic::{Code, Status};

/// Why routing refuses a call.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What any service can run into.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A rule of automation cannot stand.
    #[error(transparent)]
    Automation(#[from] automation::Error),
    /// Evidence is not taken in, or the item is not the caller's.
    #[error(transparent)]
    Evidence(#[from] evidence::Error),
    /// The upload is not what its header says, or the store of original files failed.
    #[error(transparent)]
    Upload(#[from] originals::Error),
    /// There is nothing to decide with.
    #[error("the tenant has no active dictionary revision; publish one first")]
    NoActiveRevision,
    /// The revision's content is not what its hash says, or does not compile.
    #[error("the dictionary revision cannot be used")]
    UnusableRevision,
    /// The draft of a replay is no bundle, or contradicts itself.
    #[error("the draft cannot be used: {0}")]
    UnusableDraft(String),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::Fault(error.into())
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        Self::Fault(status.into())
    }
}

impl Error {
    /// What a job ends with; `what` says what cannot be done, for whoever reads the log.
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
            Self::Automation(error) => error.code(),
            Self::Evidence(error) => error.code(),
            Self::Upload(error) => error.code(),
            Self::UnusableDraft(_) => Code::InvalidArgument,
            Self::NoActiveRevision => Code::FailedPrecondition,
            Self::UnusableRevision => Code::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.reason(),
            Self::Automation(error) => error.reason(),
            Self::Evidence(error) => error.reason(),
            Self::Upload(error) => error.reason(),
            Self::NoActiveRevision => "NO_ACTIVE_REVISION",
            Self::UnusableDraft(_) => "DRAFT_UNUSABLE",
            Self::UnusableRevision => "INTERNAL",
        }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Fault(fault) => fault.violations(),
            Self::Automation(error) => error.violations(),
            Self::Evidence(error) => error.violations(),
            Self::Upload(_)
            | Self::NoActiveRevision
            | Self::UnusableDraft(_)
            | Self::UnusableRevision => &[],
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Fault(fault) => fault.retry_after(),
            Self::Automation(error) => error.retry_after(),
            Self::Evidence(error) => error.retry_after(),
            Self::Upload(_)
            | Self::NoActiveRevision
            | Self::UnusableDraft(_)
            | Self::UnusableRevision => None,
        }
    }
}
