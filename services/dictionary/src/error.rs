//! Why the dictionary refuses a call.

#![deny(clippy::wildcard_enum_match_arm)]

use sea_orm::DbErr;
use tonic::Code;

use domain::dictionary::Conflict;
use platform::rejection::{Fault, Rejection, Violation};

/// A refusal of this service; see `overturn.dictionary.v1.Reason`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What the platform refuses.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// No code set of that slug.
    #[error("there is no such code set")]
    UnknownCodeSet,
    /// The slug is another payer's.
    #[error("the slug is in use")]
    SlugTaken,
    /// The alias is another payer's.
    #[error("another payer has this alias")]
    AliasTaken,
    /// Nothing was published yet.
    #[error("no revision is active; publish the base dictionary first")]
    NoActiveRevision,
    /// The tenant's first revision is another one.
    #[error("the tenant has a revision; changes go by change requests")]
    AlreadyPublished,
    /// The tenant has no such revision.
    #[error("there is no such revision")]
    UnknownRevision,
    /// This release cannot evaluate it.
    #[error("evaluator semantics {0} are not implemented by this release")]
    SemanticsUnsupported(i64),
    /// The bundle contradicts itself.
    #[error("the bundle has {} conflict(s)", .0.len())]
    BrokenBundle(Vec<Violation>),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::Fault(error.into())
    }
}

impl From<Vec<Conflict>> for Error {
    fn from(conflicts: Vec<Conflict>) -> Self {
        let violation = |conflict: Conflict| Violation {
            field: field(&conflict),
            description: conflict.to_string(),
        };
        Self::BrokenBundle(conflicts.into_iter().map(violation).collect())
    }
}

/// Where in the bundle a conflict stands: the section and the first slug.
fn field(conflict: &Conflict) -> String {
    match conflict {
        Conflict::Entries { first, .. } => format!("entries.{first}"),
        Conflict::OwnerRules { first, .. } => format!("owner_rules.{first}"),
        Conflict::Defect(defect) => format!("{}.{}", defect.section, defect.slug),
        Conflict::NotCanonical(_) => "bundle".to_owned(),
    }
}

impl Rejection for Error {
    fn code(&self) -> Code {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::UnknownCodeSet | Self::UnknownRevision => Code::NotFound,
            Self::SlugTaken | Self::AliasTaken => Code::AlreadyExists,
            Self::NoActiveRevision | Self::AlreadyPublished | Self::SemanticsUnsupported(_) => {
                Code::FailedPrecondition
            }
            Self::BrokenBundle(_) => Code::InvalidArgument,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.reason(),
            Self::UnknownCodeSet => "UNKNOWN_CODE_SET",
            Self::SlugTaken => "SLUG_TAKEN",
            Self::AliasTaken => "ALIAS_TAKEN",
            Self::NoActiveRevision => "NO_ACTIVE_REVISION",
            Self::AlreadyPublished => "ALREADY_PUBLISHED",
            Self::UnknownRevision => "UNKNOWN_REVISION",
            Self::SemanticsUnsupported(_) => "SEMANTICS_UNSUPPORTED",
            Self::BrokenBundle(_) => "BROKEN_BUNDLE",
        }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Fault(fault) => fault.violations(),
            Self::BrokenBundle(violations) => violations,
            Self::UnknownCodeSet
            | Self::SlugTaken
            | Self::AliasTaken
            | Self::NoActiveRevision
            | Self::AlreadyPublished
            | Self::UnknownRevision
            | Self::SemanticsUnsupported(_) => &[],
        }
    }

    fn retry_after(&self) -> Option<std::time::Duration> {
        match self {
            Self::Fault(fault) => fault.retry_after(),
            Self::UnknownCodeSet
            | Self::SlugTaken
            | Self::AliasTaken
            | Self::NoActiveRevision
            | Self::AlreadyPublished
            | Self::UnknownRevision
            | Self::SemanticsUnsupported(_)
            | Self::BrokenBundle(_) => None,
        }
    }
}
