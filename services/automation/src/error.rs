#![deny(clippy::wildcard_enum_match_arm)]

use std::time::Duration;

use domain_work::automation::Refusal;
use platform::rejection::{Fault, Rejection, Violation};
use sea_orm::DbErr;
use tonic::Code;

/// Why a call about rules is refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What any service can run into.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The dictionary's limits do not allow it.
    #[error(transparent)]
    Limited(#[from] Refusal),
    /// It has not shown what it would do.
    #[error(
        "dry run first: a rule acts once it has passed over all items in dry run as it stands; \
         set it to DRY_RUN, wait until `rehearsed` is true and look at what it tells"
    )]
    NotRehearsed,
    /// The tenant has as many rules as it may.
    #[error("the tenant has {0} rules, which is the most: change one instead")]
    TooMany(usize),
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
            Self::Limited(_) | Self::NotRehearsed | Self::TooMany(_) => Code::FailedPrecondition,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.reason(),
            Self::Limited(_) | Self::NotRehearsed | Self::TooMany(_) => "AUTOMATION_REFUSED",
        }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Fault(fault) => fault.violations(),
            Self::Limited(_) | Self::NotRehearsed | Self::TooMany(_) => &[],
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Fault(fault) => fault.retry_after(),
            Self::Limited(_) | Self::NotRehearsed | Self::TooMany(_) => None,
        }
    }
}
