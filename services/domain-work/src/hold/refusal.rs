//! Why an act on a hold is refused.

use chrono::NaiveDate;

use super::StateName;
use crate::{UserId, Violation};

/// Why an item stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The fencing number is not that of a lease that runs.
    #[error(
        "lease {named} is lost: it ran out, was taken away or given up; claim the item again \
         before you write"
    )]
    LeaseLost {
        /// The number that was named.
        named: i64,
    },
    /// Another person holds it.
    #[error("{holder} holds the item; ask for a hand-over, or a lead can take it away")]
    HeldByAnother {
        /// Who.
        holder: UserId,
    },
    /// It is kept for another person.
    #[error("the item was given to {user} and is kept until then; a lead may take it")]
    KeptForAnother {
        /// For whom.
        user: UserId,
    },
    /// The state does not allow it.
    #[error("an item that is {state} cannot be {act}")]
    InvalidTransition {
        /// The state.
        state: StateName,
        /// What was asked, as a participle.
        act: &'static str,
    },
    /// The day to look again lies after the last day.
    #[error(
        "follow_up_on is {follow_up_on}, after {last_day}: choose a day that leaves time to act, \
         at the latest {last_day}"
    )]
    FollowUpTooLate {
        /// The day that was asked for.
        follow_up_on: NaiveDate,
        /// The latest day there is.
        last_day: NaiveDate,
    },
    /// The day to look again is not in the future.
    #[error("follow_up_on is {follow_up_on}, and today is {today}: choose a later day")]
    FollowUpNotLater {
        /// The day that was asked for.
        follow_up_on: NaiveDate,
        /// Today.
        today: NaiveDate,
    },
    /// Whoever should get it may not work it.
    #[error("{user} is neither a member nor a lead of the item's queue")]
    NotOfThisQueue {
        /// Who.
        user: UserId,
    },
    /// A field does not say what it must.
    #[error("{} {}", .0.field, .0.words)]
    Invalid(Violation),
}

impl Refusal {
    /// The reason code; it stays what it is.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::LeaseLost { .. } => "LEASE_LOST",
            Self::HeldByAnother { .. } | Self::KeptForAnother { .. } => "HELD_BY_ANOTHER",
            Self::InvalidTransition { .. } => "INVALID_TRANSITION",
            Self::FollowUpTooLate { .. } => "FOLLOW_UP_TOO_LATE",
            Self::FollowUpNotLater { .. } => "FOLLOW_UP_NOT_LATER",
            Self::NotOfThisQueue { .. } => "NOT_OF_THIS_QUEUE",
            Self::Invalid(_) => "INVALID",
        }
    }
}
