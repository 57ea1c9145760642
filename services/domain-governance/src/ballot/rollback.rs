//! Return to an earlier revision, approved by having stood before.

use std::collections::BTreeSet;

use domain::dictionary::ContentHash;

use super::emergency::EmergencyEnd;
use super::log::Act;
use super::{
    Activations, By, ChangeId, ChangeRequest, Draft, Event, Route, SectionName, Sitting, State,
    Suspension, UserId, says_something,
};

/// What a rollback is asked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollBack<S> {
    /// The change that will record it.
    pub id: ChangeId,
    /// Who does it; must hold a seat.
    pub by: UserId,
    /// Why.
    pub reason: String,
    /// The revision to return to.
    pub to: ContentHash,
    /// Every section in which it differs from what is active.
    pub sections: BTreeSet<S>,
}

/// What a rollback made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct RolledBack<S> {
    /// The change that records it, ACTIVATED.
    pub request: ChangeRequest<S>,
    /// What goes into the activation log.
    pub event: Event,
    /// The change whose emergency it ended, SUSPENDED.
    pub ended: Option<ChangeRequest<S>>,
}

/// Why a rollback is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotRollBack {
    /// It does not say why.
    #[error("a rollback needs a reason")]
    NoReason,
    /// Only the committee has this way out.
    #[error("only who holds a seat in its term may roll back")]
    NotASeatHolder,
    /// Nothing was ever active.
    #[error("nothing is active yet")]
    NothingActive,
    /// It is what decisions are made with.
    #[error("{0} is active")]
    AlreadyActive(ContentHash),
    /// It was never active, or only in an emergency that nobody ratified.
    #[error("{0} never stood by an approval")]
    NeverStood(ContentHash),
    /// The emergency it would end is not the one that was brought along.
    #[error("the emergency of {0:?} runs, and ends with the rollback")]
    EmergencyRuns(ChangeId),
    /// An emergency ran out and its end is not recorded.
    #[error("the emergency of {0:?} ran out; its end comes first")]
    RevertDue(ChangeId),
}

impl<S: SectionName> ChangeRequest<S> {
    /// Returns to a revision that stood before, at once.
    ///
    /// `emergency` is the change that the log says is active in emergency, if any: the rollback
    /// ends it, and nobody can ratify it any more.
    pub fn roll_back(
        ask: RollBack<S>,
        emergency: Option<&Self>,
        log: &Activations,
        sitting: &Sitting<'_, S>,
    ) -> Result<RolledBack<S>, CannotRollBack> {
        if !says_something(&ask.reason) {
            return Err(CannotRollBack::NoReason);
        }
        if sitting.committee.held_by(ask.by, sitting.today).is_none() {
            return Err(CannotRollBack::NotASeatHolder);
        }
        if let Some(change) = log.revert_due(sitting.at) {
            return Err(CannotRollBack::RevertDue(change));
        }
        let active = log.active_at(sitting.at).ok_or(CannotRollBack::NothingActive)?;
        if ask.to == active.hash {
            return Err(CannotRollBack::AlreadyActive(ask.to));
        }
        if !log.stood(ask.to) {
            return Err(CannotRollBack::NeverStood(ask.to));
        }
        let ended = match active.by {
            By::Emergency { change, .. } => {
                let running = emergency.filter(|request| request.id == change);
                Some(running.ok_or(CannotRollBack::EmergencyRuns(change))?.stood_down(sitting))
            }
            By::Base | By::Approved { .. } | By::Rollback { .. } => None,
        };
        let RollBack { id, by, reason, to, sections } = ask;
        let request = Self {
            route: Route::PreApproved,
            state: State::Activated,
            result_hash: to,
            sections,
            ..Self::draft(Draft { id, author: by, reason, base: active.hash })
        };
        let act = Act::RolledBack { change: id, base: active.hash, hash: to, by };
        Ok(RolledBack { request, event: Event { at: sitting.at, act }, ended })
    }

    /// As it stands once a rollback took its emergency away; the log says so by the rollback.
    fn stood_down(&self, sitting: &Sitting<'_, S>) -> Self {
        let mut request = self.clone();
        request.end_emergency(EmergencyEnd::Reverted { at: sitting.at });
        request.suspend(Suspension::EmergencyEnded { at: sitting.at });
        request
    }
}
