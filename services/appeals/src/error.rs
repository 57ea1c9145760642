#![deny(clippy::wildcard_enum_match_arm)]

use std::time::Duration;

use domain::money::Cents;
use domain_appeals::filing::CannotFile;
use domain_appeals::level::CannotOpen;
use domain_appeals::sign_off::CannotSign;
use domain_appeals::state::{CannotMove, State};
use platform::rejection::{Fault, Rejection, Violation};
use sea_orm::DbErr;
use tonic::{Code, Status};
use uuid::Uuid;

/// Why appeals refuses a call; see `overturn.appeals.v1.Reason`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What any service can run into.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// There are no levels to read.
    #[error("the tenant has no active dictionary revision; publish one first")]
    NoActiveRevision,
    /// The revision's content is not what its hash says, or does not compile.
    #[error("the dictionary revision cannot be used")]
    UnusableRevision,
    /// The claim's payer is nobody's.
    #[error("no payer of the directory is known for the claim; settle its exception first")]
    PayerUnknown,
    /// A denial is not open any more.
    #[error("denial {denial} is {state}: {}", .words)]
    Settled {
        /// The denial.
        denial: Uuid,
        /// Where it stands.
        state: &'static str,
        /// What is right instead.
        words: &'static str,
    },
    /// Codes end appeal rights; in words, one denial after another.
    #[error("{0}")]
    NotAppealable(String),
    /// Only some may lift a stop.
    #[error(
        "`override_reason` lifts a stop, for which the caller lacks the permission \
        appeals.override_stop"
    )]
    MayNotOverride,
    /// The remark stops nothing.
    #[error("{0} stops the appeal of no denial of this case")]
    NothingStops(String),
    /// The level cannot be opened.
    #[error(transparent)]
    Level(#[from] CannotOpen),
    /// Too little is in dispute.
    #[error("{in_dispute} is in dispute and the level takes {least} or more{}", .of_year)]
    BelowThreshold {
        /// What is in dispute.
        in_dispute: Cents,
        /// The least amount.
        least: Cents,
        /// The year that the amount is of, in words.
        of_year: String,
    },
    /// It was sent before.
    #[error("it was submitted before and is {0}; what the payer returned can be sent again")]
    AlreadySubmitted(State),
    /// It expired, and its lines are appealed anew.
    #[error("it expired, and another appeal of the same lines was opened since: submit that one")]
    Replaced,
    /// Its checklists lack something; in words, one thing after another.
    #[error("what the appeal needs is not on file: {0}")]
    Incomplete(String),
    /// Reviews are missing; in words.
    #[error("it needs {0} before it is sent: RequestSignOff puts it before its reviewers")]
    NotSignedOff(String),
    /// A review cannot be given.
    #[error(transparent)]
    CannotSign(#[from] CannotSign),
    /// No denial that is meant is open.
    #[error("no denial that is meant is open")]
    NothingOpen,
    /// Denials of a batch differ in payer, group or reason code.
    #[error(
        "the denials are of {0} kinds: a batch is of one payer, one group and one reason code; \
         narrow the filter by payer_id, group and carc"
    )]
    NotAlike(usize),
    /// More than a batch may be.
    #[error("the filter names more than {0} denials: narrow it, for instance by remitted_on")]
    BatchTooLarge(usize),
    /// Payers speak before the first appeal.
    #[error("an appeal of the claim was filed by then: payers hold such calls before")]
    AppealFiled,
    /// The day of filing cannot be so.
    #[error(transparent)]
    Filing(CannotFile),
    /// Another sending has the same proof.
    #[error("another submission to this payer has the same confirmation number")]
    ProofReused,
    /// The upload is not what its header says, or the store of documents failed.
    #[error(transparent)]
    Upload(#[from] originals::Error),
    /// An upload that is no document of a kind that payers take.
    #[error(
        "the document is none of PDF, TIFF, JPEG, PNG, text, XML and X12 by its content; office \
        files may hold macros: save it as PDF"
    )]
    UnknownDocument,
    /// An upload that no packet can show; in words.
    #[error("the document cannot be shown: {0}")]
    BadDocument(String),
    /// An exhibit that cannot be shown, by its place, in words.
    #[error("{}: {words}", crate::typesetter::named(*.place))]
    UnsafeDocument {
        /// Its place, from 0.
        place: usize,
        /// What is wrong.
        words: String,
    },
    /// The letter has something that no page shows.
    #[error("the letter cannot be shown: {0}")]
    NotShown(String),
    /// The template uses fields that nothing fills, by name.
    #[error("the template uses fields that it does not declare: {0}")]
    UndeclaredFields(String),
    /// The template cannot be rendered; in words.
    #[error("the template cannot be rendered: {0}")]
    BrokenTemplate(String),
    /// A letter or packet took more than it may.
    #[error("the letter or packet took too much: {0}")]
    RenderLimit(String),
    /// Where the appeal stands does not allow it.
    #[error(transparent)]
    Transition(#[from] CannotMove),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::Fault(error.into())
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        if status.code() == Code::NotFound {
            return Self::Fault(Fault::NotFound);
        }
        Self::Fault(status.into())
    }
}

impl Error {
    /// A template that does not become text.
    pub(crate) fn of_template(refused: letters::CannotRender) -> Self {
        match refused {
            letters::CannotRender::TooMuch { .. } => Self::RenderLimit(refused.to_string()),
            letters::CannotRender::Broken { .. } | letters::CannotRender::Unfilled(_) => {
                Self::BrokenTemplate(refused.to_string())
            }
        }
    }

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
            Self::Level(CannotOpen::Duplicate { .. }) => Code::AlreadyExists,
            Self::NoActiveRevision
            | Self::PayerUnknown
            | Self::Settled { .. }
            | Self::NotAppealable(_)
            | Self::NothingStops(_)
            | Self::Level(
                CannotOpen::NoSuchLevel { .. }
                | CannotOpen::NoLevels
                | CannotOpen::BelowUndecided { .. },
            )
            | Self::BelowThreshold { .. }
            | Self::AlreadySubmitted(_)
            | Self::Incomplete(_)
            | Self::NotSignedOff(_)
            | Self::NothingOpen
            | Self::NotAlike(_)
            | Self::BatchTooLarge(_)
            | Self::AppealFiled
            | Self::CannotSign(_)
            | Self::Filing(CannotFile::LateWithoutCause { .. })
            | Self::Transition(_) => Code::FailedPrecondition,
            Self::Filing(CannotFile::BeforeRemittance { .. } | CannotFile::InTheFuture(_)) => {
                Code::InvalidArgument
            }
            Self::Upload(error) => error.code(),
            Self::UnknownDocument
            | Self::BadDocument(_)
            | Self::UnsafeDocument { .. }
            | Self::UndeclaredFields(_)
            | Self::BrokenTemplate(_) => Code::InvalidArgument,
            Self::NotShown(_) => Code::FailedPrecondition,
            Self::RenderLimit(_) => Code::ResourceExhausted,
            Self::ProofReused | Self::Replaced => Code::AlreadyExists,
            Self::MayNotOverride => Code::PermissionDenied,
            Self::UnusableRevision => Code::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.reason(),
            Self::NoActiveRevision => "NO_ACTIVE_REVISION",
            Self::UnusableRevision => "INTERNAL",
            Self::PayerUnknown => "PAYER_UNKNOWN",
            Self::Settled { .. } => "DENIAL_SETTLED",
            Self::NotAppealable(_) => "NOT_APPEALABLE",
            Self::MayNotOverride => "PERMISSION_DENIED",
            Self::NothingStops(_) => "NOTHING_STOPS",
            Self::Level(CannotOpen::Duplicate { .. }) | Self::Replaced => "DUPLICATE_APPEAL",
            Self::Level(
                CannotOpen::NoSuchLevel { .. }
                | CannotOpen::NoLevels
                | CannotOpen::BelowUndecided { .. },
            ) => "LEVEL_NOT_OPEN",
            Self::BelowThreshold { .. } => "BELOW_THRESHOLD",
            Self::AlreadySubmitted(_) => "ALREADY_SUBMITTED",
            Self::Incomplete(_) => "PACKET_INCOMPLETE",
            Self::NotSignedOff(_) => "NOT_SIGNED_OFF",
            Self::NothingOpen => "DENIAL_SETTLED",
            Self::AppealFiled => "APPEAL_FILED",
            Self::NotAlike(_) => "NOT_ALIKE",
            Self::BatchTooLarge(_) => "BATCH_TOO_LARGE",
            Self::CannotSign(CannotSign::NotNeeded(_) | CannotSign::Given(_)) => {
                "SIGN_OFF_NOT_NEEDED"
            }
            Self::CannotSign(CannotSign::Wrote) => "OWN_LETTER",
            Self::CannotSign(CannotSign::Reviewed(_)) => "SIGNED_BEFORE",
            Self::Filing(CannotFile::LateWithoutCause { .. }) => "LATE_WITHOUT_CAUSE",
            Self::Filing(CannotFile::BeforeRemittance { .. }) => "FILED_BEFORE_REMITTANCE",
            // It is answered as a violation of its field.
            Self::Filing(CannotFile::InTheFuture(_)) => "INVALID_FIELDS",
            Self::Upload(error) => error.reason(),
            Self::UnknownDocument | Self::BadDocument(_) | Self::UnsafeDocument { .. } => {
                "UNSAFE_DOCUMENT"
            }
            Self::NotShown(_) => "LETTER_NOT_SHOWN",
            Self::UndeclaredFields(_) => "UNKNOWN_TEMPLATE_FIELD",
            Self::BrokenTemplate(_) => "BROKEN_TEMPLATE",
            Self::RenderLimit(_) => "RENDER_LIMIT",
            Self::ProofReused => "PROOF_REUSED",
            Self::Transition(_) => "INVALID_TRANSITION",
        }
    }

    fn violations(&self) -> &[Violation] {
        if let Self::Fault(fault) = self { fault.violations() } else { &[] }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}
