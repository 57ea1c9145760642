//! A change request, the committee that votes on it, and what is active when.
//!
//! ```text
//!          submit             requirements met          schedule             activate
//!   DRAFT ----------> IN_REVIEW ----------> APPROVED ------------> SCHEDULED -------> ACTIVATED
//!     ^                  |  ^ <-- settle ---   |    <- cancel_schedule - |
//!     | edit, rebase     |  | rebase           +------- activate --------+ base moved, or an
//!     +------------------+  |                                            v approval fell away
//!            decline |      +--------------------------------------- SUSPENDED
//!                    v
//!                REJECTED      WITHDRAWN <- whatever is not over
//! ```
//!
//! Every act is a function of what stands and of who asks, when: it answers the request as it
//! stands afterwards ([`Changed`], with an [`Event`] for the activation log where there is one), or
//! why it cannot be. State is plain fields, so that it is loaded from rows and compared with them.
//!
//! Invariants, held again at the moment of activation:
//! - a vote counts for one content hash on one base, and an edit dismisses it for good, also when a
//!   later edit restores the content; a check speaks of one content on one base and no other;
//! - author, editors and whoever activated it in emergency approve nothing of it, on any seat;
//! - one person counts once toward a quorum, and a seat speaks once;
//! - a recusal is of the person, lasts as long as the request, and never becomes a vote; the
//!   delegate of a holder who may not vote may, unless the delegate may not either;
//! - a vote that was cast by right stands when its holder's term ends later, and falls with its
//!   seat;
//! - nobody changes the committee alone, once there is one: a second person with a seat, or where
//!   nobody else has one who administers the tenant, confirms exactly what was proposed;
//! - nothing is activated on another base than it was approved for, or while an emergency runs that
//!   nobody ratified; such an emergency ends by itself at its hour, does not come again, and keeps
//!   whoever forced it from forcing another for 30 days.
//!
//! Absent on purpose: the content itself (a hash and the sections it touches), clocks and time
//! zones, who may call what, titles and comments.

mod activation;
mod check;
mod committee;
mod emergency;
mod log;
mod matching;
mod preview;
mod proposal;
mod rebase;
mod request;
mod requirement;
mod review;
mod rollback;
#[cfg(test)]
mod tests;

pub use activation::{CannotActivate, CannotCancelSchedule, CannotSchedule, Suspension};
pub use check::{Check, CheckKind};
pub use committee::{Committee, Defect, Policy, Seat};
pub use emergency::{
    CannotActivateInEmergency, CannotRevert, Emergency, EmergencyCall, EmergencyEnd,
};
pub use log::{Act, Activations, ActiveRevision, By, Event, NotNext};
pub use preview::{CannotTry, PreviewEnd, Stage};
pub use proposal::{CannotConfirm, Confirmation, Proposal};
pub use rebase::{CannotRebase, Rebase, Rerun};
pub use request::{
    CannotEdit, CannotSubmit, CannotWithdraw, ChangeRequest, Changed, Draft, Route, State,
};
pub use requirement::Requirement;
pub use review::{CannotReview, Review, ReviewState, Verdict, Vote};
pub use rollback::{CannotRollBack, RollBack, RolledBack};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A person, or the duty that drafted a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub Uuid);

impl UserId {
    /// The service itself, whose drafts are nobody's: it holds no seat, so that nobody is kept from
    /// voting on them, and anybody may take them back.
    pub const SERVICE: Self = Self(Uuid::nil());
}

/// A change request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChangeId(pub Uuid);

/// Whatever names a section of the dictionary: an enum, so that a policy cannot misspell one.
pub trait SectionName: Clone + Ord + std::fmt::Debug + std::fmt::Display {}

impl<S: Clone + Ord + std::fmt::Debug + std::fmt::Display> SectionName for S {}

/// What an act is judged by: the committee as it stands, and when.
#[derive(Clone, Debug)]
pub struct Sitting<'a, S> {
    /// The committee as it stands.
    pub committee: &'a Committee<S>,
    /// The instant.
    pub at: DateTime<Utc>,
    /// The tenant's date at that instant; terms are days.
    pub today: NaiveDate,
}

/// Whether a text says anything.
fn says_something(text: &str) -> bool {
    text.chars().any(|letter| !letter.is_whitespace())
}
