//! The activation log: what was active when, and by what right.

use chrono::{DateTime, TimeDelta, Utc};
use domain::dictionary::ContentHash;
use serde::{Deserialize, Serialize};

use super::emergency::{HOURS_MAX, PAUSE};
use super::{ChangeId, UserId};

/// Something that changed what is active, or its right to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub act: Act,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The dictionary the tenant began with; the first event and only that.
    Started {
        /// What is active since.
        hash: ContentHash,
    },
    /// An approved change took effect.
    Activated {
        /// Which.
        change: ChangeId,
        /// What it replaces.
        base: ContentHash,
        /// What is active since.
        hash: ContentHash,
    },
    /// An earlier revision came back; a running emergency ends with it.
    RolledBack {
        /// The change that records it.
        change: ChangeId,
        /// What it replaces.
        base: ContentHash,
        /// What is active since.
        hash: ContentHash,
        /// Who did it.
        by: UserId,
    },
    /// A change took effect without votes, for a time.
    ActivatedInEmergency {
        /// Which.
        change: ChangeId,
        /// What it replaces, and what comes back.
        base: ContentHash,
        /// What is active since.
        hash: ContentHash,
        /// Who did it.
        by: UserId,
        /// When it ends unless ratified.
        reverts_at: DateTime<Utc>,
    },
    /// The emergency found its quorum and stays.
    Ratified {
        /// Which.
        change: ChangeId,
    },
    /// The emergency ended; what it replaced is active again.
    Reverted {
        /// Which.
        change: ChangeId,
    },
}

/// What decisions are made with, since when, and by what right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveRevision {
    /// The revision.
    pub hash: ContentHash,
    /// Since when.
    pub since: DateTime<Utc>,
    /// By what right; of a revision that came back after an emergency, the right it had.
    pub by: By,
}

/// By what right a revision is active.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The tenant began with it.
    Base,
    /// The committee approved or ratified it.
    Approved {
        /// The change.
        change: ChangeId,
    },
    /// It stood before, and came back.
    Rollback {
        /// The change that records it.
        change: ChangeId,
    },
    /// Nobody approved it yet.
    Emergency {
        /// The change.
        change: ChangeId,
        /// When it ends unless ratified.
        reverts_at: DateTime<Utc>,
    },
}

/// Why an event cannot be the next one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotNext {
    /// Something before the start, or a second start.
    #[error("a log starts once, with its first event")]
    Start,
    /// It happened before the last event.
    #[error("the last event is of {last}, and this one is of {at}")]
    Backwards {
        /// When the last event happened.
        last: DateTime<Utc>,
        /// When this one did.
        at: DateTime<Utc>,
    },
    /// It replaces something that is not active.
    #[error("{active} is active, not the base")]
    BaseMoved {
        /// What is.
        active: ContentHash,
    },
    /// It puts into effect what is in effect.
    #[error("{0} is active already")]
    AlreadyActive(ContentHash),
    /// An emergency runs, and only its end may follow.
    #[error("the emergency {0:?} runs")]
    EmergencyRuns(ChangeId),
    /// An emergency ran out and its end is not recorded.
    #[error("the emergency {0:?} ran out; its end comes first")]
    RevertDue(ChangeId),
    /// No emergency of this change runs.
    #[error("no emergency of {0:?} runs")]
    NoEmergency(ChangeId),
    /// An emergency of no time or too much.
    #[error("an emergency lasts 1 to 72 hours")]
    EmergencyTime,
    /// The content or the change had its emergency.
    #[error("an emergency comes once, for a change and for a content")]
    SecondEmergency,
    /// Whoever forces it forced another one that nobody ratified.
    #[error("whoever forces it forced another one that nobody ratified; not before {0}")]
    Paused(DateTime<Utc>),
    /// A return to what never stood.
    #[error("{0} never stood by an approval")]
    NeverStood(ContentHash),
}

/// Everything that was ever active, the oldest first: a fold of events that anyone can check.
///
/// It is the second wall: an event that does not follow from those before it cannot be appended,
/// whatever a change request says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activations {
    events: Vec<Event>,
    now: Option<Standing>,
}

/// Where the fold stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Standing {
    active: ActiveRevision,
    /// What comes back after the emergency that runs.
    before: Option<ActiveRevision>,
}

impl Activations {
    /// Reads a stored log, checking that every event follows from those before it.
    pub fn read(events: impl IntoIterator<Item = Event>) -> Result<Self, NotNext> {
        let mut log = Self::default();
        events.into_iter().try_for_each(|event| log.follow(event)).map(|()| log)
    }

    /// Appends what happened, if it can have happened and may.
    ///
    /// The pause is asked for here alone: logs from before there was one stay readable.
    pub fn append(&mut self, event: Event) -> Result<(), NotNext> {
        if let Act::ActivatedInEmergency { by, .. } = event.act
            && let Some(until) = self.paused_until(by).filter(|until| event.at < *until)
        {
            // What could not follow anyway is told as that.
            return Err(self.next(event).err().unwrap_or(NotNext::Paused(until)));
        }
        self.follow(event)
    }

    fn follow(&mut self, event: Event) -> Result<(), NotNext> {
        let next = self.next(event)?;
        self.events.push(event);
        self.now = Some(next);
        Ok(())
    }

    /// The events.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What is active at an instant, by the events until then.
    ///
    /// An emergency that ran out is over at its hour, also when its end was recorded later.
    pub fn active_at(&self, instant: DateTime<Utc>) -> Option<ActiveRevision> {
        let until = self.events.partition_point(|event| event.at <= instant);
        let standing = if until == self.events.len() {
            self.now?
        } else {
            let earlier = self.events[..until].iter().copied();
            Self::read(earlier).expect("what begins a sound log is sound").now?
        };
        Some(standing.at(instant))
    }

    /// The change whose emergency ran out without its end being recorded.
    pub fn revert_due(&self, instant: DateTime<Utc>) -> Option<ChangeId> {
        match self.now?.active.by {
            By::Emergency { change, reverts_at } if reverts_at <= instant => Some(change),
            _ => None,
        }
    }

    /// Whether a revision was ever active by an approval, the start or a ratification; what was
    /// only ever active in emergency does not come back without votes.
    pub fn stood(&self, revision: ContentHash) -> bool {
        self.events.iter().any(|event| match event.act {
            Act::Started { hash } | Act::Activated { hash, .. } | Act::RolledBack { hash, .. } => {
                hash == revision
            }
            Act::Ratified { change } => self.emergencies().any(|it| it == (change, revision)),
            Act::ActivatedInEmergency { .. } | Act::Reverted { .. } => false,
        })
    }

    /// Whether a content was ever activated in emergency.
    pub fn had_emergency(&self, revision: ContentHash) -> bool {
        self.emergencies().any(|(_, hash)| hash == revision)
    }

    /// Until when somebody may force nothing: for a while after the end of the last emergency of
    /// theirs that nobody ratified, whether it ran out, was declined or was rolled back.
    pub fn paused_until(&self, who: UserId) -> Option<DateTime<Utc>> {
        let (mut running, mut ended) = (None, None);
        for Event { at, act } in &self.events {
            match act {
                Act::ActivatedInEmergency { by, reverts_at, .. } => {
                    running = Some(*reverts_at).filter(|_| *by == who);
                }
                Act::Ratified { .. } => running = None,
                Act::Reverted { .. } | Act::RolledBack { .. } => {
                    ended = running.take().map(|reverts_at| reverts_at.min(*at)).or(ended);
                }
                Act::Started { .. } | Act::Activated { .. } => {}
            }
        }
        // One that runs, or ran out without its end being recorded, ends at its hour.
        running.or(ended).map(|end| end + PAUSE)
    }

    fn emergencies(&self) -> impl Iterator<Item = (ChangeId, ContentHash)> + '_ {
        self.events.iter().filter_map(|event| match event.act {
            Act::ActivatedInEmergency { change, hash, .. } => Some((change, hash)),
            _ => None,
        })
    }

    fn next(&self, Event { at, act }: Event) -> Result<Standing, NotNext> {
        let Some(now) = self.now else {
            let Act::Started { hash } = act else { return Err(NotNext::Start) };
            return Ok(Standing::settled(ActiveRevision { hash, since: at, by: By::Base }));
        };
        if let Some(last) = self.events.last().map(|event| event.at).filter(|last| at < *last) {
            return Err(NotNext::Backwards { last, at });
        }
        if !matches!(act, Act::Reverted { .. }) {
            now.in_time(at)?;
        }
        match act {
            Act::Started { .. } => Err(NotNext::Start),
            Act::Ratified { change } => now.ratified(change),
            Act::Reverted { change } => now.reverted(change, at),
            Act::Activated { change, base, hash } => {
                now.no_emergency()?;
                now.replaced(base, hash, at, By::Approved { change })
            }
            Act::RolledBack { change, base, hash, .. } => {
                if !self.stood(hash) {
                    return Err(NotNext::NeverStood(hash));
                }
                now.replaced(base, hash, at, By::Rollback { change })
            }
            Act::ActivatedInEmergency { change, base, hash, reverts_at, .. } => {
                now.no_emergency()?;
                let time = reverts_at - at;
                if time <= TimeDelta::zero() || TimeDelta::hours(HOURS_MAX.into()) < time {
                    return Err(NotNext::EmergencyTime);
                }
                if self.emergencies().any(|(other, same)| other == change || same == hash) {
                    return Err(NotNext::SecondEmergency);
                }
                let by = By::Emergency { change, reverts_at };
                let next = now.replaced(base, hash, at, by)?;
                Ok(Standing { before: Some(now.active), ..next })
            }
        }
    }
}

impl Standing {
    fn settled(active: ActiveRevision) -> Self {
        Self { active, before: None }
    }

    /// The emergency that runs, or ran out, with what it replaced.
    fn emergency(&self) -> Option<(ChangeId, DateTime<Utc>, ActiveRevision)> {
        match (self.active.by, self.before) {
            (By::Emergency { change, reverts_at }, Some(before)) => {
                Some((change, reverts_at, before))
            }
            _ => None,
        }
    }

    fn at(self, instant: DateTime<Utc>) -> ActiveRevision {
        match self.emergency() {
            Some((_, reverts_at, before)) if reverts_at <= instant => {
                ActiveRevision { since: reverts_at, ..before }
            }
            _ => self.active,
        }
    }

    fn no_emergency(&self) -> Result<(), NotNext> {
        self.emergency().map_or(Ok(()), |(change, ..)| Err(NotNext::EmergencyRuns(change)))
    }

    fn in_time(&self, at: DateTime<Utc>) -> Result<(), NotNext> {
        match self.emergency() {
            Some((change, reverts_at, _)) if reverts_at <= at => Err(NotNext::RevertDue(change)),
            _ => Ok(()),
        }
    }

    fn replaced(
        self,
        base: ContentHash,
        hash: ContentHash,
        since: DateTime<Utc>,
        by: By,
    ) -> Result<Self, NotNext> {
        if base != self.active.hash {
            return Err(NotNext::BaseMoved { active: self.active.hash });
        }
        if hash == self.active.hash {
            return Err(NotNext::AlreadyActive(hash));
        }
        Ok(Self::settled(ActiveRevision { hash, since, by }))
    }

    fn ratified(self, change: ChangeId) -> Result<Self, NotNext> {
        match self.emergency() {
            Some((running, ..)) if running == change => {
                Ok(Self::settled(ActiveRevision { by: By::Approved { change }, ..self.active }))
            }
            _ => Err(NotNext::NoEmergency(change)),
        }
    }

    fn reverted(self, change: ChangeId, at: DateTime<Utc>) -> Result<Self, NotNext> {
        match self.emergency() {
            Some((running, reverts_at, before)) if running == change => {
                let since = at.min(reverts_at);
                Ok(Self::settled(ActiveRevision { since, ..before }))
            }
            _ => Err(NotNext::NoEmergency(change)),
        }
    }
}
