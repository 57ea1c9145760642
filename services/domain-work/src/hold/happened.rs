//! What happened to an item, for its timeline and the feed.

use chrono::{DateTime, NaiveDate, Utc};
use domain::dictionary::Slug;

use super::WaitingFor;
use crate::UserId;

/// One thing that happened to an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// A person took it.
    Claimed {
        /// Who.
        by: UserId,
        /// Of the lease.
        fencing_number: i64,
        /// When the lease ends.
        expires_at: DateTime<Utc>,
    },
    /// Its holder was heard from.
    Extended {
        /// When the lease ends now.
        expires_at: DateTime<Utc>,
    },
    /// Its holder was not heard from in time.
    LeaseLost {
        /// Who lost it.
        holder: UserId,
        /// Of the lease.
        fencing_number: i64,
    },
    /// Its holder gave it back.
    Released {
        /// Who.
        by: UserId,
        /// Why; may be empty.
        reason: String,
    },
    /// A lead took it away.
    TakenAway {
        /// The lead.
        by: UserId,
        /// Who held it.
        from: UserId,
        /// Why.
        reason: String,
    },
    /// It was given to a person.
    GivenToPerson {
        /// By whom.
        by: UserId,
        /// To whom.
        to: UserId,
        /// Why.
        reason: String,
    },
    /// It was given to another team.
    GivenToTeam {
        /// By whom.
        by: UserId,
        /// To which team.
        to: Slug,
        /// Why.
        reason: String,
    },
    /// It waits for someone else.
    PutAside {
        /// Who put it aside.
        by: UserId,
        /// For what.
        waiting_for: WaitingFor,
        /// Until when.
        follow_up_on: NaiveDate,
    },
    /// What it waited for came, or its day did.
    WokeUp {
        /// For what it waited.
        waiting_for: WaitingFor,
        /// The day that was set.
        follow_up_on: NaiveDate,
    },
    /// It is done.
    Resolved,
    /// It is to be done again.
    Reopened {
        /// Why.
        reason: String,
    },
    /// The dictionary no longer calls for it.
    Superseded,
    /// The dictionary calls for it again.
    Restored,
}

impl Happened {
    /// The type of its event on the feed.
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::Claimed { .. } => "work_item.claimed",
            Self::Extended { .. } => "work_item.lease_extended",
            Self::LeaseLost { .. } => "work_item.lease_lost",
            Self::Released { .. } => "work_item.released",
            Self::TakenAway { .. } => "work_item.taken_away",
            Self::GivenToPerson { .. } | Self::GivenToTeam { .. } => "work_item.handed_over",
            Self::PutAside { .. } => "work_item.put_aside",
            Self::WokeUp { .. } => "work_item.woke_up",
            Self::Resolved => "work_item.resolved",
            Self::Reopened { .. } => "work_item.reopened",
            Self::Superseded => "work_item.superseded",
            Self::Restored => "work_item.redecided",
        }
    }

    /// Whether people want to read of it: a heartbeat is nothing to read.
    pub const fn is_told(&self) -> bool {
        !matches!(self, Self::Extended { .. })
    }
}
