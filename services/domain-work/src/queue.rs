//! Queues: which one an item waits in, who may work it, and how much work its people can do.
//!
//! A queue belongs to one team and may narrow what it takes by payer, facility, kind of work and
//! skill. Of the queues that take an item the most specific one has it: fields compare in the
//! order payer, facility, kind, skill, as owner rules of the dictionary do; one value beats a few,
//! a few beat any; the first difference wins, and the lesser slug where none differs.
//!
//! Invariants: an item waits in at most one queue, whatever the order in which queues are listed;
//! whoever may not work a queue is told why. Absent on purpose: roles of the platform; a caller is
//! described by the teams he or she leads.

mod check;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use domain::dictionary::Slug;
use domain::dictionary::selector::{Closeness, Selector};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use check::{Defect, check};

use crate::{UserId, WorkKind};

/// The most minutes a person has in a day.
pub const CAPACITY_MINUTES_MAX: u32 = 24 * 60;

/// Which items a queue takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The team whose items it takes.
    pub team: Slug,
    /// Payers.
    pub payers: Selector<Uuid>,
    /// Facilities.
    pub facilities: Selector<Uuid>,
    /// Kinds of work.
    pub kinds: Selector<WorkKind>,
    /// The skill its items ask for, which a member needs to work them.
    pub skill: Option<Slug>,
}

/// How specific a scope is; the greater takes the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Specificity([Closeness; 4]);

/// What a queue needs to know of an item; unknown is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// Slug of the team that owns it.
    pub team: &'a str,
    /// Its payer.
    pub payer: Option<Uuid>,
    /// Its facility.
    pub facility: Option<Uuid>,
    /// What sort of work it is.
    pub kind: WorkKind,
    /// Every skill that it asks for; the words of its owner function, next action and category
    /// will do.
    pub skills: &'a [&'a str],
}

impl Scope {
    /// Whether an item is taken.
    pub fn admits(&self, item: &Item<'_>) -> bool {
        self.team.as_str() == item.team
            && self.payers.admits(item.payer.as_ref())
            && self.facilities.admits(item.facility.as_ref())
            && self.kinds.admits(Some(&item.kind))
            && self.skill.as_ref().is_none_or(|skill| item.skills.contains(&skill.as_str()))
    }

    /// How specific it is.
    pub fn specificity(&self) -> Specificity {
        let skill = if self.skill.is_some() { Closeness::Exact } else { Closeness::Any };
        Specificity([
            self.payers.closeness(),
            self.facilities.closeness(),
            self.kinds.closeness(),
            skill,
        ])
    }

    /// Whether some item exists that both take.
    pub fn overlaps(&self, other: &Self) -> bool {
        // An item may ask for two skills, so that two skills never keep scopes apart.
        self.team == other.team
            && self.payers.overlaps(&other.payers)
            && self.facilities.overlaps(&other.facilities)
            && self.kinds.overlaps(&other.kinds)
    }
}

/// One person of a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// Skills.
    pub skills: Vec<Slug>,
    /// Minutes a business day, 0 to [`CAPACITY_MINUTES_MAX`].
    pub capacity_minutes: u32,
}

/// Where work waits for its people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// Its name, unique in the tenant.
    pub slug: Slug,
    /// Which items it takes.
    pub scope: Scope,
    /// Who works it.
    pub members: Vec<Member>,
    /// Who leads it.
    pub lead: Option<UserId>,
}

/// What somebody is to a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Works its items.
    Member,
    /// Works its items, takes them from others and gives them to others.
    Lead,
}

/// Whoever asks for work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller<'a> {
    /// Who.
    pub user: UserId,
    /// Slugs of the teams he or she leads; empty for those who have not the role.
    pub leads: &'a [&'a str],
}

/// Why somebody may not work a queue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither a member nor a lead.
    #[error("you are not of queue `{queue}`; its lead can make you a member")]
    NotOfThisQueue {
        /// The queue, by slug.
        queue: Slug,
    },
    /// A member without the skill.
    #[error("queue `{queue}` asks for skill `{skill}`, which your membership does not name")]
    SkillMissing {
        /// The queue, by slug.
        queue: Slug,
        /// The skill.
        skill: Slug,
    },
}

impl Refusal {
    /// The reason code; it stays what it is.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::NotOfThisQueue { .. } => "NOT_OF_THIS_QUEUE",
            Self::SkillMissing { .. } => "SKILL_MISSING",
        }
    }
}

impl Queue {
    /// What a caller is to the queue.
    ///
    /// # Errors
    /// Why he or she may not work it.
    pub fn standing(&self, caller: &Caller<'_>) -> Result<Standing, Refusal> {
        let leads_team = caller.leads.contains(&self.scope.team.as_str());
        if leads_team || self.lead == Some(caller.user) {
            return Ok(Standing::Lead);
        }
        let queue = || self.slug.clone();
        let member = self
            .members
            .iter()
            .find(|member| member.user == caller.user)
            .ok_or_else(|| Refusal::NotOfThisQueue { queue: queue() })?;
        match &self.scope.skill {
            Some(skill) if !member.skills.contains(skill) => {
                Err(Refusal::SkillMissing { queue: queue(), skill: skill.clone() })
            }
            _ => Ok(Standing::Member),
        }
    }

    /// Minutes of work its people can do on a business day; who lacks the skill does not count.
    pub fn capacity_minutes(&self) -> u32 {
        let able = |member: &&Member| {
            self.scope.skill.as_ref().is_none_or(|skill| member.skills.contains(skill))
        };
        let minutes = |member: &Member| member.capacity_minutes.min(CAPACITY_MINUTES_MAX);
        self.members.iter().filter(able).map(minutes).fold(0, u32::saturating_add)
    }
}

/// The queue that has an item; `None` when no queue takes it, so that its team's leads must.
pub fn place<'q>(
    queues: impl IntoIterator<Item = &'q Queue>,
    item: &Item<'_>,
) -> Option<&'q Queue> {
    queues
        .into_iter()
        .filter(|queue| queue.scope.admits(item))
        .max_by_key(|queue| (queue.scope.specificity(), Reverse(&queue.slug)))
}
