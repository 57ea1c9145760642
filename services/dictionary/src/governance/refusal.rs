//! Why the rules of governance refuse an act, on the wire.

use tonic::Code;

use domain_governance::ballot::{
    CannotActivate, CannotActivateInEmergency, CannotCancelSchedule, CannotConfirm, CannotEdit,
    CannotRebase, CannotRevert, CannotReview, CannotRollBack, CannotSchedule, CannotSubmit,
    CannotTry, CannotWithdraw, NotNext,
};

use crate::Error;

/// A kind of refusal; see `overturn.dictionary.v1.Reason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not from this state.
    InvalidTransition,
    /// A check is missing, stale or failed.
    ChecksNotFresh,
    /// The content is another one by now.
    StaleHash,
    /// Whoever wrote, edited or forced it does not vote on it.
    OwnChange,
    /// No seat that may do this.
    NoSeat,
    /// An interest was declared.
    Recused,
    /// Another revision is active by now.
    BaseMoved,
    /// The time has gone by.
    ActivationInPast,
    /// Only who wrote or edited it may do this.
    NotYours,
    /// It changes nothing.
    NothingEdited,
    /// A conflict waits for a choice.
    UnresolvedConflict,
    /// An emergency comes first.
    EmergencyRuns,
    /// It had its emergency.
    EmergencyUsed,
    /// Another one of theirs found no quorum, not long ago.
    EmergencyPaused,
    /// It was voted on already.
    VoteFinal,
    /// It was never active by an approval.
    NeverStood,
    /// Something was not said.
    Incomplete,
    /// A preview runs already.
    PreviewRunning,
}

impl Refusal {
    pub(crate) fn code(self) -> Code {
        match self {
            Self::StaleHash => Code::Aborted,
            Self::ActivationInPast | Self::Incomplete => Code::InvalidArgument,
            Self::InvalidTransition
            | Self::ChecksNotFresh
            | Self::OwnChange
            | Self::NoSeat
            | Self::Recused
            | Self::BaseMoved
            | Self::NotYours
            | Self::NothingEdited
            | Self::UnresolvedConflict
            | Self::EmergencyRuns
            | Self::EmergencyUsed
            | Self::EmergencyPaused
            | Self::VoteFinal
            | Self::NeverStood
            | Self::PreviewRunning => Code::FailedPrecondition,
        }
    }

    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::InvalidTransition => "INVALID_TRANSITION",
            Self::ChecksNotFresh => "CHECKS_NOT_FRESH",
            Self::StaleHash => "STALE_HASH",
            Self::OwnChange => "OWN_CHANGE",
            Self::NoSeat => "NO_SEAT",
            Self::Recused => "RECUSED",
            Self::BaseMoved => "BASE_MOVED",
            Self::ActivationInPast => "ACTIVATION_IN_PAST",
            Self::NotYours => "NOT_YOURS",
            Self::NothingEdited => "NOTHING_EDITED",
            Self::UnresolvedConflict => "UNRESOLVED_CONFLICT",
            Self::EmergencyRuns => "EMERGENCY_RUNS",
            Self::EmergencyUsed => "EMERGENCY_USED",
            Self::EmergencyPaused => "EMERGENCY_PAUSED",
            Self::VoteFinal => "VOTE_FINAL",
            Self::NeverStood => "NEVER_STOOD",
            Self::Incomplete => "INCOMPLETE",
            Self::PreviewRunning => "PREVIEW_RUNNING",
        }
    }
}

/// Each refusal of the rules as one of the wire, in the rules' own words.
macro_rules! refusals {
    ($($refused:ident { $($pattern:pat => $refusal:ident,)+ })+) => {
        $(impl From<$refused> for Error {
            fn from(refused: $refused) -> Self {
                use $refused::*;
                let refusal = match &refused { $($pattern => Refusal::$refusal,)+ };
                Self::Refused(refusal, refused.to_string())
            }
        })+
    };
}

refusals! {
    CannotEdit {
        Closed(_) => InvalidTransition,
        NothingChanged => NothingEdited,
        SectionsDoNotFit => NothingEdited,
    }
    CannotSubmit {
        NotADraft(_) => InvalidTransition,
        NothingEdited => NothingEdited,
        NoReason => Incomplete,
    }
    CannotWithdraw {
        Closed(_) => InvalidTransition,
        NotTheirs => NotYours,
        NoReason => Incomplete,
    }
    CannotRebase {
        Closed(_) => InvalidTransition,
        NothingMoved => InvalidTransition,
        AnEdit | SectionsDoNotFit | OtherContent(_) => InvalidTransition,
    }
    CannotReview {
        NotInReview(_) => InvalidTransition,
        EmergencyOver { .. } => InvalidTransition,
        StaleHash { .. } => StaleHash,
        NoSuchSeat(_) | OutOfTerm(_) | NotTheirSeat(_) => NoSeat,
        Interested => OwnChange,
        Recused => Recused,
        Voted | SeatVoted(_) => VoteFinal,
        NoReason => Incomplete,
        Unproven(_) => ChecksNotFresh,
    }
    CannotSchedule {
        NotApproved(_) => InvalidTransition,
        Past { .. } => ActivationInPast,
    }
    CannotActivate {
        NotApproved(_) => InvalidTransition,
        TooEarly { .. } => InvalidTransition,
    }
    CannotActivateInEmergency {
        NotOpen(_) => InvalidTransition,
        NothingEdited => NothingEdited,
        NoReason | Hours => Incomplete,
        NotASeatHolder => NoSeat,
        HadOne => EmergencyUsed,
        Paused { .. } => EmergencyPaused,
        BaseMoved { .. } => BaseMoved,
        EmergencyRuns { .. } => EmergencyRuns,
        NothingActive => BaseMoved,
    }
    CannotRollBack {
        NoReason => Incomplete,
        NotASeatHolder => NoSeat,
        NothingActive | AlreadyActive(_) => InvalidTransition,
        NeverStood(_) => NeverStood,
        EmergencyRuns(_) | RevertDue(_) => EmergencyRuns,
    }
    CannotRevert {
        NotRunning | NotDue { .. } => InvalidTransition,
    }
    CannotTry {
        NotBeforeTheCommittee(_) | NotApproved(_) | ApprovalLost(_) => InvalidTransition,
        BaseMoved(_) => BaseMoved,
        EmergencyRuns { .. } => EmergencyRuns,
        Unproven(_) => ChecksNotFresh,
    }
    CannotConfirm {
        StaleHash { .. } => StaleHash,
        Own => OwnChange,
        NoSeat => NoSeat,
    }
    NotNext {
        EmergencyRuns(_) | RevertDue(_) => EmergencyRuns,
        SecondEmergency => EmergencyUsed,
        Paused(_) => EmergencyPaused,
        NeverStood(_) => NeverStood,
        Start | Backwards { .. } | BaseMoved { .. } | AlreadyActive(_) | NoEmergency(_)
            | EmergencyTime => BaseMoved,
    }
}

impl From<CannotCancelSchedule> for Error {
    fn from(refused: CannotCancelSchedule) -> Self {
        Self::Refused(Refusal::InvalidTransition, refused.to_string())
    }
}
