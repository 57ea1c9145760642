//! What a replay found.

use domain::dictionary::ContentHash;
use uuid::Uuid;

use super::month::History;
use super::tally::Tally;

/// What stands for the class of a denial that no entry speaks for.
pub const UNMAPPED: &str = "unmapped";

/// How many examples a summary names at most.
pub const EXAMPLES_MAX: usize = 20;

/// One value of each of the two revisions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Both<T> {
    /// Under the active revision.
    pub active: T,
    /// Under the draft.
    pub draft: T,
}

impl<T> Both<T> {
    pub(super) fn map<U>(self, each: impl Fn(T) -> U) -> Both<U> {
        Both { active: each(self.active), draft: each(self.draft) }
    }

    pub(super) fn as_array(&self) -> [&T; 2] {
        [&self.active, &self.draft]
    }
}

/// A respect in which a denial may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// What it is in the books.
    RecordClass,
    /// Who acts.
    OwnerFunction,
    /// The team that is.
    Team,
    /// The next thing to do.
    NextAction,
    /// The deadline that ranks it on the day it was decided: the rule, and the last day.
    Deadline,
}

impl Field {
    /// Every field, in declaration order.
    pub const ALL: [Self; 5] =
        [Self::RecordClass, Self::OwnerFunction, Self::Team, Self::NextAction, Self::Deadline];

    /// The spelling in contracts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RecordClass => "record_class",
            Self::OwnerFunction => "owner_function",
            Self::Team => "team",
            Self::NextAction => "next_action",
            Self::Deadline => "deadline",
        }
    }
}

/// How many denials change in one respect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changes.
    pub field: Field,
    /// Before. Of a deadline its rule by slug, or `none`.
    pub from: String,
    /// After. Of a deadline its rule by slug and how far the last day moves, or `none`.
    pub to: String,
    /// How many denials.
    pub tally: Tally,
}

/// How the load of one team changes.
///
/// Counts denials that somebody works: folded history does not know which denials of a claim are
/// one task, so there are at most that many items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamLoad {
    /// Slug of the team.
    pub team: String,
    /// Items more or fewer.
    pub items: i64,
    /// Minutes of work more or fewer.
    pub minutes: i64,
}

/// Where to look for a denial that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Example {
    /// Every denial of this signature changes: ask the ledger for one.
    Signature(ContentHash),
    /// This denial changes.
    Denial(Uuid),
}

/// What a draft would have changed against the active revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The history that was replayed.
    pub history: History,
    /// What was replayed.
    pub replayed: Tally,
    /// What of it is a denial.
    pub denied: Both<Tally>,
    /// What of it no entry speaks for.
    pub unmapped: Both<Tally>,
    /// What changes in any respect, each denial once.
    pub changed: Tally,
    /// What changes, a respect and a pair of values each, the most money first.
    pub changes: Vec<Change>,
    /// Denials with a path that is open today under the active revision and has passed under the
    /// draft.
    pub missed_deadlines: Tally,
    /// Teams whose load changes, by slug.
    pub team_loads: Vec<TeamLoad>,
    /// What changes with the most money, the most first.
    pub examples: Vec<Example>,
    /// SHA-256 over every decision under both revisions; the same history under the same
    /// revisions always gives the same, on whichever day it is replayed.
    pub signature: ContentHash,
}

impl Summary {
    /// How many denials change in one respect.
    pub fn changed_in(&self, field: Field) -> Tally {
        let mut sum = Tally::ZERO;
        for change in self.changes.iter().filter(|change| change.field == field) {
            sum += change.tally;
        }
        sum
    }
}
