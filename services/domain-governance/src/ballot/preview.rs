//! A change on trial before it is activated: what may be tried how far, and what ends it.

use chrono::{DateTime, Utc};
use domain::dictionary::ContentHash;

use super::{ActiveRevision, By, ChangeRequest, CheckKind, SectionName, Sitting, State};
use domain::words;

words! {
    /// How far a preview goes.
    Stage {
        /// Beside the active revision, without effect.
        Shadow = "shadow",
        /// With effect at some facilities or payers.
        Canary = "canary",
    }
}

/// Why a change cannot be tried.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotTry {
    /// It is not that far.
    #[error("a change that is {0} cannot be tried; a shadow run needs one before the committee")]
    NotBeforeTheCommittee(State),
    /// As above.
    #[error("a change that is {0} cannot be tried; a canary needs an approved one")]
    NotApproved(State),
    /// Something else was activated since.
    #[error("the base moved: {0} is active; rebase the change first")]
    BaseMoved(ContentHash),
    /// A check is missing, stale or failed.
    #[error("{0} has not passed on exactly this content; run it first")]
    Unproven(CheckKind),
    /// Its base is on trial itself.
    #[error(
        "an emergency is active until {reverts_at} and nobody ratified it yet; what stands on it \
         could not be committed, so start the canary after its end"
    )]
    EmergencyRuns {
        /// When it ends.
        reverts_at: DateTime<Utc>,
    },
    /// The committee changed, or a seat ended, after the approval.
    #[error("the approval no longer holds: {0}")]
    ApprovalLost(String),
}

/// How a preview ends with what its change became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PreviewEnd {
    /// The change was activated.
    Committed,
    /// It is no longer what was on trial; why.
    Stopped(String),
}

impl Stage {
    /// Whether a change in this state may be tried so far.
    fn fits(self, state: State) -> bool {
        match state {
            State::Approved | State::Scheduled => true,
            State::InReview | State::Suspended => self == Self::Shadow,
            State::Draft | State::Activated | State::Rejected | State::Withdrawn => false,
        }
    }
}

impl<S: SectionName> ChangeRequest<S> {
    /// Refuses a change that may not be tried so far while `active` is.
    pub fn may_be_tried(
        &self,
        stage: Stage,
        active: &ActiveRevision,
        sitting: &Sitting<'_, S>,
    ) -> Result<(), CannotTry> {
        if !stage.fits(self.state) {
            return Err(match stage {
                Stage::Shadow => CannotTry::NotBeforeTheCommittee(self.state),
                Stage::Canary => CannotTry::NotApproved(self.state),
            });
        }
        if active.hash != self.base {
            return Err(CannotTry::BaseMoved(active.hash));
        }
        // As an activation would be: what decides must be what could stay.
        if let By::Emergency { reverts_at, .. } = active.by
            && stage == Stage::Canary
        {
            return Err(CannotTry::EmergencyRuns { reverts_at });
        }
        if let Some(check) = self.unproven() {
            return Err(CannotTry::Unproven(check));
        }
        // What has effect must be what the committee would let become active now.
        match self.unmet(sitting.committee, sitting.today).next() {
            Some(unmet) if stage == Stage::Canary => Err(CannotTry::ApprovalLost(unmet.words)),
            _ => Ok(()),
        }
    }

    /// What ends a preview of one content on one base while `active` is.
    pub fn preview_end(
        &self,
        stage: Stage,
        (base, result_hash): (ContentHash, ContentHash),
        active: ContentHash,
    ) -> Option<PreviewEnd> {
        let stopped = |words: String| Some(PreviewEnd::Stopped(words));
        if (self.base, self.result_hash) != (base, result_hash) {
            let words = "the change has other content by now, which takes a preview of its own";
            return stopped(words.to_owned());
        }
        if self.state == State::Activated {
            return Some(PreviewEnd::Committed);
        }
        if !stage.fits(self.state) {
            let why = self.suspension.as_ref().map(|it| format!(": {it}"));
            return stopped(format!(
                "the change is {} by now{}",
                self.state,
                why.unwrap_or_default()
            ));
        }
        if active != base {
            return stopped("another revision became active; rebase the change".to_owned());
        }
        None
    }
}
