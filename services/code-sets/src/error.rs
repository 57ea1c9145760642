//! Why a call about code sets is refused.

#![deny(clippy::wildcard_enum_match_arm)]

use chrono::NaiveDate;
use platform::rejection::{Fault, Rejection, Violation};
use sea_orm::DbErr;
use tonic::Code;

use crate::sheet::BadRows;

/// A refusal; see `overturn.dictionary.v1.Reason`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What the platform refuses.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// No code set of that slug.
    #[error("there is no such code set")]
    UnknownCodeSet,
    /// A file with bad rows.
    #[error(transparent)]
    BadRows(#[from] BadRows),
    /// A release from before the one in force.
    #[error("the release in force is of {0}: import one of that day or later")]
    OlderRelease(NaiveDate),
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
            Self::UnknownCodeSet => Code::NotFound,
            Self::BadRows(_) => Code::InvalidArgument,
            Self::OlderRelease(_) => Code::FailedPrecondition,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.reason(),
            Self::UnknownCodeSet => "UNKNOWN_CODE_SET",
            Self::BadRows(_) => "BAD_ROWS",
            Self::OlderRelease(_) => "OLDER_RELEASE",
        }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Fault(fault) => fault.violations(),
            Self::BadRows(bad) => bad.listed(),
            Self::UnknownCodeSet | Self::OlderRelease(_) => &[],
        }
    }

    fn retry_after(&self) -> Option<std::time::Duration> {
        match self {
            Self::Fault(fault) => fault.retry_after(),
            Self::UnknownCodeSet | Self::BadRows(_) | Self::OlderRelease(_) => None,
        }
    }
}
