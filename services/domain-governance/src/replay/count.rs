//! The sums of a replay.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

use domain::deadline::Window;
use domain::dictionary::ContentHash;

use super::case::{Deadlines, Pair};
use super::digest::Digest;
use super::month::History;
use super::summary::{Both, Change, EXAMPLES_MAX, Example, Field, Summary, TeamLoad};
use super::tally::Tally;

/// What stands for a deadline that is not known.
const NO_DEADLINE: &str = "none";

/// The rules before and after, and whether the last day comes earlier or later.
type Move<'c> = (Option<&'c str>, Option<&'c str>, Ordering);

/// Denials whose deadline moves alike, and by how many days at least and at most.
#[derive(Clone, Copy, Debug)]
struct Moved {
    tally: Tally,
    least: i64,
    most: i64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Load {
    items: i128,
    minutes: i128,
}

/// Everything counted so far; adding commutes.
#[derive(Debug, Default)]
pub(super) struct Counts<'c> {
    replayed: Tally,
    denied: Both<Tally>,
    unmapped: Both<Tally>,
    changed: Tally,
    values: BTreeMap<(Field, &'c str, &'c str), Tally>,
    deadlines: BTreeMap<Move<'c>, Moved>,
    missed: Tally,
    loads: BTreeMap<&'c str, Load>,
    examples: BTreeSet<(Reverse<i128>, Example)>,
    digest: Digest,
}

impl<'c> Counts<'c> {
    /// Adds denials that got this pair of decisions and these deadlines.
    pub(super) fn add(
        &mut self,
        pair: &Pair<'c>,
        deadlines: Option<&Deadlines<'c>>,
        tally: Tally,
        example: impl FnOnce() -> Example,
    ) {
        self.replayed += tally;
        let sums = [&mut self.denied.active, &mut self.denied.draft];
        let unmapped = [&mut self.unmapped.active, &mut self.unmapped.draft];
        for ((side, denied), unmapped) in pair.sides.as_array().into_iter().zip(sums).zip(unmapped)
        {
            if side.is_denial() {
                *denied += tally;
            }
            if side.decision.entry().is_none() {
                *unmapped += tally;
            }
        }
        for change in &pair.changes {
            *self.values.entry(*change).or_default() += tally;
        }
        let moved = deadlines.is_some_and(|deadlines| self.add_deadlines(deadlines, tally));
        if moved || !pair.changes.is_empty() {
            self.changed += tally;
            self.add_example(tally, example);
        }
        self.add_load(pair, tally);
    }

    /// Adds what was decided to the hash over all decisions.
    pub(super) fn add_decided(&mut self, decided: &[u8]) {
        self.digest.add(decided);
    }

    /// Whether the ranking deadline changes.
    fn add_deadlines(&mut self, deadlines: &Deadlines<'c>, tally: Tally) -> bool {
        if deadlines.missed {
            self.missed += tally;
        }
        let Both { active, draft } = deadlines.ranking;
        if active == draft {
            return false;
        }
        let days = active.zip(draft).map_or(0, |(a, b)| (b.last_day - a.last_day).num_days());
        let rule = |window: Option<Window<'c>>| window.map(|window| window.rule);
        let moved = self
            .deadlines
            .entry((rule(active), rule(draft), days.cmp(&0)))
            .or_insert(Moved { tally: Tally::ZERO, least: i64::MAX, most: 0 });
        moved.tally += tally;
        moved.least = moved.least.min(days.abs());
        moved.most = moved.most.max(days.abs());
        true
    }

    fn add_load(&mut self, pair: &Pair<'c>, tally: Tally) {
        let Both { active, draft } = &pair.sides;
        if active.work == draft.work {
            return;
        }
        for (work, sign) in [(active.work, -1), (draft.work, 1)] {
            let Some(work) = work else { continue };
            let load = self.loads.entry(work.team).or_default();
            let items = sign * i128::from(tally.denials);
            load.items += items;
            load.minutes += items * i128::from(work.minutes);
        }
    }

    /// Keeps an example while it is among those with the most money.
    fn add_example(&mut self, tally: Tally, example: impl FnOnce() -> Example) {
        let worth = Reverse(tally.cents);
        let full = self.examples.len() == EXAMPLES_MAX;
        if full && self.examples.last().is_some_and(|(least, _)| worth > *least) {
            return;
        }
        self.examples.insert((worth, example()));
        if self.examples.len() > EXAMPLES_MAX {
            self.examples.pop_last();
        }
    }

    pub(super) fn summary(self, history: History, compared: [ContentHash; 2]) -> Summary {
        let value = |((field, from, to), tally): ((Field, &str, &str), Tally)| Change {
            field,
            from: from.to_owned(),
            to: to.to_owned(),
            tally,
        };
        let mut changes: Vec<Change> = self.values.into_iter().map(value).collect();
        changes.extend(self.deadlines.into_iter().map(deadline_change));
        changes.sort_by(|a, b| {
            let worth = |change: &Change| (change.tally.cents, change.tally.denials);
            let names = |change: &Change| (change.field, change.from.clone(), change.to.clone());
            worth(b).cmp(&worth(a)).then_with(|| names(a).cmp(&names(b)))
        });
        let load = |(team, load): (&str, Load)| TeamLoad {
            team: team.to_owned(),
            items: narrow(load.items),
            minutes: narrow(load.minutes),
        };
        let differs = |(_, load): &(&str, Load)| load.items != 0 || load.minutes != 0;
        Summary {
            history,
            replayed: self.replayed,
            denied: self.denied,
            unmapped: self.unmapped,
            changed: self.changed,
            changes,
            missed_deadlines: self.missed,
            team_loads: self.loads.into_iter().filter(differs).map(load).collect(),
            examples: self.examples.into_iter().map(|(_, example)| example).collect(),
            signature: self.digest.finish(compared),
        }
    }
}

fn deadline_change(((from, to, moves), moved): (Move<'_>, Moved)) -> Change {
    let name = |rule: Option<&str>| rule.unwrap_or(NO_DEADLINE).to_owned();
    let mut after = name(to);
    if from.is_some() && to.is_some() {
        let Moved { least, most, .. } = moved;
        let days = match (least, most) {
            (1, 1) => "1 day".to_owned(),
            (least, most) if least == most => format!("{least} days"),
            (least, most) => format!("{least} to {most} days"),
        };
        after += &match moves {
            Ordering::Less => format!(", {days} earlier"),
            Ordering::Equal => ", the same day".to_owned(),
            Ordering::Greater => format!(", {days} later"),
        };
    }
    Change { field: Field::Deadline, from: name(from), to: after, tally: moved.tally }
}

/// A sum that ends where the wire's numbers end.
fn narrow(sum: i128) -> i64 {
    i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
}
