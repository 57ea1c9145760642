//! Why the dictionary refuses a call.

#![deny(clippy::wildcard_enum_match_arm)]

use sea_orm::DbErr;
use tonic::Code;

use domain::dictionary::Conflict;
use platform::rejection::{Fault, Rejection, Violation};

use crate::governance::Refusal;

/// A refusal of this service; see `overturn.dictionary.v1.Reason`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What the platform refuses.
    #[error(transparent)]
    Fault(#[from] Fault),
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
    #[error("the bundle has {}", counted(.0.len(), "conflict", "conflicts"))]
    BrokenBundle(Vec<Violation>),
    /// Edits that cannot stand on their base.
    #[error("{}", counted(.0.len(), "edit cannot stand", "edits cannot stand"))]
    BadEdits(Vec<Violation>),
    /// A policy that nobody could ever satisfy.
    #[error("the committee could never agree")]
    QuorumImpossible(Vec<Violation>),
    /// What the rules of governance refuse, in their words.
    #[error("{1}")]
    Refused(Refusal, String),
    /// A replay that ended without a result.
    #[error("the replay failed: {0}")]
    ReplayFailed(String),
    /// A bundle from somebody who is not trusted, or altered on its way.
    #[error("{0}")]
    UntrustedSignature(String),
}

fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

impl From<tonic::Status> for Error {
    fn from(status: tonic::Status) -> Self {
        Self::Fault(status.into())
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::Fault(error.into())
    }
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
            Self::UnknownRevision => Code::NotFound,
            Self::SlugTaken | Self::AliasTaken => Code::AlreadyExists,
            Self::NoActiveRevision | Self::AlreadyPublished | Self::SemanticsUnsupported(_) => {
                Code::FailedPrecondition
            }
            Self::BrokenBundle(_) | Self::BadEdits(_) | Self::QuorumImpossible(_) => {
                Code::InvalidArgument
            }
            Self::Refused(refusal, _) => refusal.code(),
            Self::ReplayFailed(_) => Code::Internal,
            Self::UntrustedSignature(_) => Code::InvalidArgument,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.reason(),
            Self::SlugTaken => "SLUG_TAKEN",
            Self::AliasTaken => "ALIAS_TAKEN",
            Self::NoActiveRevision => "NO_ACTIVE_REVISION",
            Self::AlreadyPublished => "ALREADY_PUBLISHED",
            Self::UnknownRevision => "UNKNOWN_REVISION",
            Self::SemanticsUnsupported(_) => "SEMANTICS_UNSUPPORTED",
            Self::BrokenBundle(_) => "BROKEN_BUNDLE",
            Self::BadEdits(_) => "BAD_EDITS",
            Self::QuorumImpossible(_) => "QUORUM_IMPOSSIBLE",
            Self::Refused(refusal, _) => refusal.reason(),
            Self::ReplayFailed(_) => "REPLAY_FAILED",
            Self::UntrustedSignature(_) => "UNTRUSTED_SIGNATURE",
        }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Fault(fault) => fault.violations(),
            Self::BrokenBundle(violations)
            | Self::BadEdits(violations)
            | Self::QuorumImpossible(violations) => violations,
            Self::SlugTaken
            | Self::AliasTaken
            | Self::NoActiveRevision
            | Self::AlreadyPublished
            | Self::UnknownRevision
            | Self::SemanticsUnsupported(_)
            | Self::Refused(..)
            | Self::ReplayFailed(_)
            | Self::UntrustedSignature(_) => &[],
        }
    }

    fn retry_after(&self) -> Option<std::time::Duration> {
        match self {
            Self::Fault(fault) => fault.retry_after(),
            Self::SlugTaken
            | Self::AliasTaken
            | Self::NoActiveRevision
            | Self::AlreadyPublished
            | Self::UnknownRevision
            | Self::SemanticsUnsupported(_)
            | Self::BrokenBundle(_)
            | Self::BadEdits(_)
            | Self::QuorumImpossible(_)
            | Self::Refused(..)
            | Self::ReplayFailed(_)
            | Self::UntrustedSignature(_) => None,
        }
    }
}
