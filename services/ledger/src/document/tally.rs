use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Changed items that are shown, at most.
const EXAMPLES: usize = 20;

/// Column `tally` of a redecision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Claims whose work was decided again.
    pub claims: i64,
    /// Items that changed.
    pub changed: i64,
    /// Items that did not.
    pub unchanged: i64,
    /// Items that are new.
    pub opened: i64,
    /// Items that are no longer called for.
    pub superseded: i64,
    /// By the teams items went between.
    pub moves: Vec<Move>,
    /// Some of the items that changed.
    pub examples: Vec<Changed>,
}

/// Items that went from one team to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Slugs of the teams.
    pub from_to: [String; 2],
    /// How many.
    pub items: i64,
    /// Their money.
    pub cents: i64,
}

/// An item that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Its id.
    pub item: Uuid,
    /// Before and after.
    pub tasks: [Task; 2],
}

/// What an item asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Slug of the team.
    pub team: String,
    /// What people call the team.
    pub team_name: String,
    /// The next thing to do, in words.
    pub action_words: String,
    /// When it is due.
    pub due_on: Option<NaiveDate>,
}

impl Tally {
    /// Counts an item that changed.
    pub fn change(&mut self, changed: Changed, cents: i64) {
        self.changed += 1;
        let from_to = changed.tasks.each_ref().map(|task| task.team.clone());
        if self.examples.len() < EXAMPLES {
            self.examples.push(changed);
        }
        if from_to[0] == from_to[1] {
            return;
        }
        let mut moves: BTreeMap<[String; 2], (i64, i64)> = std::mem::take(&mut self.moves)
            .into_iter()
            .map(|one| (one.from_to, (one.items, one.cents)))
            .collect();
        let held = moves.entry(from_to).or_default();
        *held = (held.0 + 1, held.1.saturating_add(cents));
        self.moves = moves
            .into_iter()
            .map(|(from_to, (items, cents))| Move { from_to, items, cents })
            .collect();
        self.moves.sort_by_key(|one| std::cmp::Reverse(one.cents));
    }
}
