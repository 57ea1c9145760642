#![deny(clippy::wildcard_enum_match_arm)]

use std::time::Duration;

use platform::rejection::{Fault, Rejection, Violation};
use sea_orm::DbErr;
use tonic::Code;

/// Why a call about evidence is refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What any service can run into.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The upload is not what its header says, or the store of documents failed.
    #[error(transparent)]
    Upload(#[from] originals::Error),
    /// The document is no evidence any more.
    #[error("the document was withdrawn; auditors can still read it")]
    Withdrawn,
    /// An application withdraws what it filed itself.
    #[error("another one filed the document: ask a specialist or a team lead to withdraw it")]
    NotTheUploader,
    /// What was withdrawn is no evidence, and may be about another patient.
    #[error("withdrawn documents are listed for auditors alone")]
    AuditorsOnly,
    /// The caller may not work the item.
    #[error(transparent)]
    Work(#[from] queues::Error),
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
            Self::Upload(error) => error.code(),
            Self::Withdrawn => Code::FailedPrecondition,
            Self::NotTheUploader | Self::AuditorsOnly => Code::PermissionDenied,
            Self::Work(error) => error.code(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.reason(),
            Self::Upload(error) => error.reason(),
            Self::Withdrawn => "EVIDENCE_WITHDRAWN",
            Self::NotTheUploader => "NOT_THE_UPLOADER",
            Self::AuditorsOnly => "PERMISSION_DENIED",
            Self::Work(error) => error.reason(),
        }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Fault(fault) => fault.violations(),
            Self::Upload(_) | Self::Withdrawn | Self::NotTheUploader | Self::AuditorsOnly => &[],
            Self::Work(error) => error.violations(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Fault(fault) => fault.retry_after(),
            Self::Upload(_) | Self::Withdrawn | Self::NotTheUploader | Self::AuditorsOnly => None,
            Self::Work(error) => error.retry_after(),
        }
    }
}
