//! How an item is held: who works it now, until when, and what it waits for.
//!
//! ```text
//!              claim                     resolve
//!     OPEN ------------> CLAIMED --------------------> RESOLVED
//!      ^ ^ <-----------    | | ^                          |
//!      | |  release,       | | | claim                    | undo, reopen
//!      | |  hand over,     | | |                          |
//!      | |  lease ran out  v | |                          |
//!      | +------------- WAITING -- resolve (unheld, payer) -+--> RESOLVED
//!      |  follow_up_on came                               |
//!      +--------------------------------------------------+
//!     SUPERSEDED <- whatever is not RESOLVED, when the dictionary no longer calls for it;
//!                   -> OPEN only when it calls for it again
//! ```
//!
//! A claim gives a lease: the right to write the item until [`Lease::expires_at`], under a fencing
//! number that is greater than every number given before. Whoever writes under a lease names its
//! number, so that a holder who slept through the end of the lease cannot overwrite whoever took
//! the item since: the write is refused with `LEASE_LOST`, also when the clock was set back.
//!
//! Every act first lets time do its part ([`Hold::at`]): a lease that ran out is lost, and what
//! waits for a day that has come is open again.
//!
//! Invariants: at most one person may write under a lease at any instant; fencing numbers strictly
//! grow with every claim; a heartbeat never shortens a lease; a follow-up never lies after the
//! ranking deadline; every state has a way out, except that people cannot leave SUPERSEDED.
//! Absent on purpose: priorities (who is first is the list's order), etags, and notes.

mod acts;
mod end;
mod happened;
mod refusal;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::dictionary::Slug;
use serde::{Deserialize, Serialize};

pub use end::EndedBy;
pub use happened::Happened;
pub use refusal::Refusal;

use crate::queue::Standing;
use crate::{Moment, UserId};
use domain::words;

/// How long a lease lasts unless its holder is heard from.
///
/// Long enough for the 10 to 15 minutes of research that a denial takes without a click, short
/// enough that an item on a closed laptop is back within the same hour.
pub const LEASE: TimeDelta = TimeDelta::minutes(15);

/// How long an item that was given to a person is kept for him or her.
///
/// Over a weekend with a holiday, and not over a vacation: after it anybody may take the item.
pub const RESERVATION: TimeDelta = TimeDelta::days(4);

/// The most days an item without a deadline may wait. A window that nobody knows ranks like one
/// of 30 days (see `crate::priority`), so it is looked at as often.
pub const FOLLOW_UP_DAYS_MAX: u64 = 30;

/// The most characters a reason may have.
pub const REASON_MAX: usize = 1_000;

words! {
    /// What an item waits for.
    WaitingFor {
        /// The payer.
        Payer = "PAYER",
        /// The answer of another department.
        Clarification = "CLARIFICATION",
        /// Documents.
        Documents = "DOCUMENTS",
        /// A new or a corrected claim, which the billing system sends.
        Resubmission = "RESUBMISSION",
    }
}

words! {
    /// The name of a state.
    StateName {
        /// Waiting in its queue.
        Open = "OPEN",
        /// Held by a person under a lease.
        Claimed = "CLAIMED",
        /// Waiting for someone else.
        Waiting = "WAITING",
        /// Done.
        Resolved = "RESOLVED",
        /// Not called for by the active revision of the dictionary.
        Superseded = "SUPERSEDED",
    }
}

/// Where an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waiting in its queue; kept for one person while a reservation runs.
    Open(Option<Reservation>),
    /// Held by a person.
    Claimed(Lease),
    /// Waiting for someone else.
    Waiting(Wait),
    /// Done.
    Resolved,
    /// Not called for by the active revision of the dictionary; people cannot change it.
    Superseded,
}

impl State {
    /// Its name.
    pub const fn name(&self) -> StateName {
        match self {
            Self::Open(_) => StateName::Open,
            Self::Claimed(_) => StateName::Claimed,
            Self::Waiting(_) => StateName::Waiting,
            Self::Resolved => StateName::Resolved,
            Self::Superseded => StateName::Superseded,
        }
    }
}

/// The right to write an item for a time; its number is the hold's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lease {
    /// Who has it.
    pub holder: UserId,
    /// The first instant at which it is lost.
    pub expires_at: DateTime<Utc>,
}

/// An open item that was given to one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reservation {
    /// For whom it is kept.
    pub user: UserId,
    /// The first instant at which it is everybody's again.
    pub until: DateTime<Utc>,
}

/// Waiting for someone else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// For what.
    pub waiting_for: WaitingFor,
    /// The day on which the item is open again.
    pub follow_up_on: NaiveDate,
    /// Who put it aside and finds it kept for him or her on that day; `None` when nobody held it.
    pub back_to: Option<UserId>,
}

/// How an item is held: what its row keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Where it stands.
    pub state: State,
    /// The number of the latest claim; 0 before the first.
    pub fencing_number: i64,
}

/// What an act made of a hold, and what happened on the way, the earliest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// How the item is held now.
    pub hold: Hold,
    /// What happened.
    pub happened: Vec<Happened>,
}

/// By what right somebody writes an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// As the holder, under the lease with this number.
    Lease(i64),
    /// As a lead of its queue: also what is kept for someone else. A held item is given back or
    /// handed over by a lead, with a reason, before the lead does anything else with it.
    Lead,
    /// As someone who may work it while nobody holds it.
    Unheld,
}

/// Who writes, and by what right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writer {
    /// Who.
    pub user: UserId,
    /// By what right.
    pub right: Right,
}

/// To whom an item is handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// To a person.
    Person {
        /// Who.
        user: UserId,
        /// What he or she is to the item's queue; `None` for a stranger.
        standing: Option<Standing>,
    },
    /// To another team, by slug; anybody there may take it.
    Team(Slug),
}

impl Hold {
    /// How a new item is held: open, never claimed.
    pub const NEW: Self = Self { state: State::Open(None), fencing_number: 0 };

    /// What time alone made of it: a lease that ran out, a reservation that did, a follow-up day
    /// that came. Asked twice at the same moment it answers nothing new.
    pub fn at(&self, now: Moment) -> Step {
        let mut step = Step { hold: *self, happened: Vec::new() };
        match self.state {
            State::Claimed(lease) if lease.expires_at <= now.at => {
                step.hold.state = State::Open(None);
                step.happened.push(Happened::LeaseLost {
                    holder: lease.holder,
                    fencing_number: self.fencing_number,
                });
            }
            State::Waiting(wait) if wait.follow_up_on <= now.today => {
                let kept = |user| Reservation { user, until: now.at + RESERVATION };
                step.hold.state = State::Open(wait.back_to.map(kept));
                step.happened.push(Happened::WokeUp {
                    waiting_for: wait.waiting_for,
                    follow_up_on: wait.follow_up_on,
                });
            }
            State::Open(Some(reservation)) if reservation.until <= now.at => {
                step.hold.state = State::Open(None);
            }
            State::Open(_)
            | State::Claimed(_)
            | State::Waiting(_)
            | State::Resolved
            | State::Superseded => {}
        }
        step
    }

    /// Who may write under a lease at that moment.
    pub fn holder(&self, now: Moment) -> Option<UserId> {
        match self.at(now).hold.state {
            State::Claimed(lease) => Some(lease.holder),
            State::Open(_) | State::Waiting(_) | State::Resolved | State::Superseded => None,
        }
    }

    /// Whether the next item of a queue may be this one for a person: open, and not kept for
    /// someone else.
    pub fn is_next_for(&self, user: UserId, now: Moment) -> bool {
        match self.at(now).hold.state {
            State::Open(None) => true,
            State::Open(Some(reservation)) => reservation.user == user,
            State::Claimed(_) | State::Waiting(_) | State::Resolved | State::Superseded => false,
        }
    }

    /// The instant or the day on which time alone changes it next, for whoever sets an alarm.
    pub fn next_change(&self) -> Option<NextChange> {
        match self.state {
            State::Claimed(lease) => Some(NextChange::At(lease.expires_at)),
            State::Open(Some(reservation)) => Some(NextChange::At(reservation.until)),
            State::Waiting(wait) => Some(NextChange::On(wait.follow_up_on)),
            State::Open(None) | State::Resolved | State::Superseded => None,
        }
    }
}

/// When time alone changes a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextChange {
    /// At an instant.
    At(DateTime<Utc>),
    /// With the beginning of a day.
    On(NaiveDate),
}
