//! Taking effect: now or at a time, checked again at that moment.

use chrono::{DateTime, Utc};
use domain::dictionary::ContentHash;
use serde::{Deserialize, Serialize};

use super::log::Act;
use super::{ActiveRevision, By, ChangeRequest, Changed, Event, SectionName, Sitting, State};

/// Why a change is suspended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Suspension {
    /// Something else was activated since.
    #[error("the base moved: {active} is active; rebase the change")]
    BaseMoved {
        /// What is active instead.
        active: ContentHash,
    },
    /// Its base is on trial.
    #[error("an emergency is active until {reverts_at} and nobody ratified it yet")]
    EmergencyRuns {
        /// When it ends.
        reverts_at: DateTime<Utc>,
    },
    /// The committee, its policies or a check changed after the approval.
    #[error("the approval no longer holds: {}", missing.join(", "))]
    ApprovalLost {
        /// Codes of the requirements that do not hold.
        missing: Vec<String>,
    },
    /// Its emergency ended without a quorum.
    #[error("its emergency ended at {at} and was not ratified")]
    EmergencyEnded {
        /// When.
        at: DateTime<Utc>,
    },
}

/// Why a change cannot be scheduled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotSchedule {
    /// It is not approved.
    #[error("a change that is {0} cannot be scheduled")]
    NotApproved(State),
    /// The time has gone by.
    #[error("{activate_at} is not in the future: it is {now}")]
    Past {
        /// When it should become active.
        activate_at: DateTime<Utc>,
        /// What time it is.
        now: DateTime<Utc>,
    },
}

/// Why a schedule cannot be taken back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a change that is {0} has no schedule to take back")]
pub struct CannotCancelSchedule(pub State);

/// Why a change cannot be activated; a change that could be and must not is suspended instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotActivate {
    /// It is neither approved nor scheduled, or it was activated already.
    #[error("a change that is {0} cannot be activated")]
    NotApproved(State),
    /// Its time has not come.
    #[error("the change is scheduled for {activate_at}")]
    TooEarly {
        /// Its time.
        activate_at: DateTime<Utc>,
    },
}

impl<S: SectionName> ChangeRequest<S> {
    /// Sets the time at which an approved change becomes active.
    pub fn schedule(
        &self,
        activate_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Self, CannotSchedule> {
        if self.state != State::Approved {
            return Err(CannotSchedule::NotApproved(self.state));
        }
        if activate_at <= now {
            return Err(CannotSchedule::Past { activate_at, now });
        }
        let mut scheduled = self.clone();
        scheduled.enter(State::Scheduled);
        scheduled.activate_at = Some(activate_at);
        Ok(scheduled)
    }

    /// Takes the time back; the change is approved as before.
    pub fn cancel_schedule(&self) -> Result<Self, CannotCancelSchedule> {
        if self.state != State::Scheduled {
            return Err(CannotCancelSchedule(self.state));
        }
        let mut approved = self.clone();
        approved.enter(State::Approved);
        Ok(approved)
    }

    /// Makes an approved change active, or suspends it if that would no longer be what was
    /// approved.
    ///
    /// `active` is what the log says of this instant, in the same transaction. Without an event
    /// nothing became active.
    pub fn activate(
        &self,
        active: &ActiveRevision,
        sitting: &Sitting<'_, S>,
    ) -> Result<Changed<S>, CannotActivate> {
        match (self.state, self.activate_at) {
            (State::Approved, _) => {}
            (State::Scheduled, Some(activate_at)) if activate_at <= sitting.at => {}
            (State::Scheduled, Some(activate_at)) => {
                return Err(CannotActivate::TooEarly { activate_at });
            }
            (state, _) => return Err(CannotActivate::NotApproved(state)),
        }
        let mut request = self.clone();
        if let Some(suspension) = self.obstacle(active, sitting) {
            request.suspend(suspension);
            return Ok(Changed { request, event: None });
        }
        request.enter(State::Activated);
        let act = Act::Activated { change: self.id, base: self.base, hash: self.result_hash };
        Ok(Changed { request, event: Some(Event { at: sitting.at, act }) })
    }

    fn obstacle(&self, active: &ActiveRevision, sitting: &Sitting<'_, S>) -> Option<Suspension> {
        if active.hash != self.base {
            return Some(Suspension::BaseMoved { active: active.hash });
        }
        // What stands on an emergency would keep its content alive after its end.
        if let By::Emergency { reverts_at, .. } = active.by {
            return Some(Suspension::EmergencyRuns { reverts_at });
        }
        let missing: Vec<String> = self
            .unmet(sitting.committee, sitting.today)
            .map(|requirement| requirement.code)
            .collect();
        (!missing.is_empty()).then_some(Suspension::ApprovalLost { missing })
    }
}

impl<S> ChangeRequest<S> {
    pub(super) fn suspend(&mut self, suspension: Suspension) {
        self.enter(State::Suspended);
        self.suspension = Some(suspension);
    }
}
