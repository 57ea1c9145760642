//! Emergency: in effect without votes, for hours, unless a quorum ratifies it.
//!
//! It bypasses votes and checks alike; ratifying it needs both, from people who neither wrote,
//! edited nor forced it.

use chrono::{DateTime, TimeDelta, Utc};
use domain::dictionary::{ContentHash, Slug};
use serde::{Deserialize, Serialize};

use super::log::Act;
use super::{
    Activations, By, ChangeRequest, Changed, Event, ReviewState, SectionName, Sitting, State,
    Suspension, UserId, Verdict, says_something,
};

/// The longest an emergency may last, in hours.
pub(super) const HOURS_MAX: u32 = 72;

/// How long whoever forced what nobody ratified forces nothing else: else one person's emergencies,
/// one after another, would be a dictionary without votes.
pub(super) const PAUSE: TimeDelta = TimeDelta::days(30);

/// An activation in emergency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emergency {
    /// Who did it.
    pub by: UserId,
    /// The seat they held.
    pub seat: Slug,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
    /// When it ends unless ratified.
    pub reverts_at: DateTime<Utc>,
    /// How it ended; absent while it runs.
    pub end: Option<EmergencyEnd>,
}

/// How an emergency ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmergencyEnd {
    /// A quorum agreed; the change stays active.
    Ratified {
        /// When.
        at: DateTime<Utc>,
    },
    /// It ran out, was declined or rolled back.
    Reverted {
        /// When.
        at: DateTime<Utc>,
    },
}

/// What an activation in emergency is asked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmergencyCall {
    /// Who does it; must hold a seat.
    pub by: UserId,
    /// Why.
    pub reason: String,
    /// For how long; 1 to 72.
    pub hours: u32,
}

/// Why a change cannot be activated in emergency.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotActivateInEmergency {
    /// It is over, or has a better way.
    #[error("a change that is {0} cannot be activated in emergency")]
    NotOpen(State),
    /// Its result is its base.
    #[error("the change has no edit")]
    NothingEdited,
    /// The call does not say why, or the change does not.
    #[error("an emergency needs a reason, and its change as well")]
    NoReason,
    /// No time, or too much.
    #[error("an emergency lasts 1 to 72 hours")]
    Hours,
    /// Only the committee has this way out.
    #[error("only who holds a seat in its term may activate in emergency")]
    NotASeatHolder,
    /// The change or its content had one; it does not last by being repeated.
    #[error("this change, or another with the same content, had its emergency; it needs votes now")]
    HadOne,
    /// Their last emergency found no quorum.
    #[error(
        "you forced a change that nobody ratified, so you cannot force another before {until}; \
         another holder of a seat can, or put the change to the vote"
    )]
    Paused {
        /// From when on they can.
        until: DateTime<Utc>,
    },
    /// Something else is active.
    #[error("the base moved: {active} is active")]
    BaseMoved {
        /// What is.
        active: ContentHash,
    },
    /// One at a time: a second one would keep the first one's content alive.
    #[error("another emergency runs until {reverts_at}; ratify it, decline it or let it end first")]
    EmergencyRuns {
        /// When it ends.
        reverts_at: DateTime<Utc>,
    },
    /// Nothing was ever active.
    #[error("nothing is active yet")]
    NothingActive,
}

/// Why an emergency is not ended by the clock.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotRevert {
    /// None, or none any more.
    #[error("no emergency of this change runs")]
    NotRunning,
    /// It has time left.
    #[error("the emergency runs until {reverts_at}")]
    NotDue {
        /// When it ends.
        reverts_at: DateTime<Utc>,
    },
}

impl<S: SectionName> ChangeRequest<S> {
    /// Makes a change active without votes, for some hours.
    ///
    /// Votes cast before it count toward its ratification, except those of whoever forces it.
    pub fn activate_in_emergency(
        &self,
        call: EmergencyCall,
        log: &Activations,
        sitting: &Sitting<'_, S>,
    ) -> Result<Changed<S>, CannotActivateInEmergency> {
        if !matches!(self.state, State::Draft | State::InReview) {
            return Err(CannotActivateInEmergency::NotOpen(self.state));
        }
        if !self.has_edits() {
            return Err(CannotActivateInEmergency::NothingEdited);
        }
        // It goes before the committee by this, as it would when it is submitted.
        if !says_something(&call.reason) || !says_something(&self.reason) {
            return Err(CannotActivateInEmergency::NoReason);
        }
        if !(1..=HOURS_MAX).contains(&call.hours) {
            return Err(CannotActivateInEmergency::Hours);
        }
        let seat = sitting
            .committee
            .held_by(call.by, sitting.today)
            .ok_or(CannotActivateInEmergency::NotASeatHolder)?;
        self.may_be_forced(call.by, log, sitting.at)?;
        let reverts_at = sitting.at + TimeDelta::hours(call.hours.into());
        let mut request = self.clone();
        request.enter(State::Activated);
        request.emergency = Some(Emergency {
            by: call.by,
            seat: seat.slug.clone(),
            reason: call.reason,
            at: sitting.at,
            reverts_at,
            end: None,
        });
        for review in &mut request.reviews {
            if review.reviewer == call.by && review.verdict == Verdict::Approve {
                review.state = ReviewState::Dismissed;
            }
        }
        let act = Act::ActivatedInEmergency {
            change: self.id,
            base: self.base,
            hash: self.result_hash,
            by: call.by,
            reverts_at,
        };
        Ok(Changed { request, event: Some(Event { at: sitting.at, act }) })
    }

    fn may_be_forced(
        &self,
        by: UserId,
        log: &Activations,
        at: DateTime<Utc>,
    ) -> Result<(), CannotActivateInEmergency> {
        let active = log.active_at(at).ok_or(CannotActivateInEmergency::NothingActive)?;
        if let By::Emergency { reverts_at, .. } = active.by {
            return Err(CannotActivateInEmergency::EmergencyRuns { reverts_at });
        }
        if self.emergency.is_some() || log.had_emergency(self.result_hash) {
            return Err(CannotActivateInEmergency::HadOne);
        }
        if let Some(until) = log.paused_until(by).filter(|until| at < *until) {
            return Err(CannotActivateInEmergency::Paused { until });
        }
        if active.hash != self.base {
            return Err(CannotActivateInEmergency::BaseMoved { active: active.hash });
        }
        Ok(())
    }

    /// Ends an emergency whose time is over; the change waits, suspended, for votes or for nothing.
    pub fn revert(&self, now: DateTime<Utc>) -> Result<Changed<S>, CannotRevert> {
        let running = self.emergency.as_ref().filter(|emergency| emergency.end.is_none());
        let emergency = running.ok_or(CannotRevert::NotRunning)?;
        if now < emergency.reverts_at {
            return Err(CannotRevert::NotDue { reverts_at: emergency.reverts_at });
        }
        let mut request = self.clone();
        let event = request.end_emergency(EmergencyEnd::Reverted { at: now });
        request.suspend(Suspension::EmergencyEnded { at: now });
        Ok(Changed { request, event })
    }
}

impl<S> ChangeRequest<S> {
    /// Whether its emergency is to be ended now.
    pub fn revert_due(&self, now: DateTime<Utc>) -> bool {
        self.emergency.as_ref().is_some_and(|it| it.end.is_none() && it.reverts_at <= now)
    }

    /// Whether it is active in emergency, unratified and in time.
    pub(super) fn emergency_runs(&self, now: DateTime<Utc>) -> bool {
        self.emergency.as_ref().is_some_and(|it| it.end.is_none() && now < it.reverts_at)
    }

    pub(super) fn ratify(&mut self, at: DateTime<Utc>) -> Option<Event> {
        self.end_emergency(EmergencyEnd::Ratified { at })
    }

    /// Notes the end of the emergency that runs, if one does.
    pub(super) fn end_emergency(&mut self, end: EmergencyEnd) -> Option<Event> {
        let running = self.emergency.as_mut().filter(|emergency| emergency.end.is_none())?;
        running.end = Some(end);
        Some(match end {
            EmergencyEnd::Ratified { at } => Event { at, act: Act::Ratified { change: self.id } },
            EmergencyEnd::Reverted { at } => Event { at, act: Act::Reverted { change: self.id } },
        })
    }
}
