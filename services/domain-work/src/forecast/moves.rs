//! Which work another team would have the time for.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::money::Cents;
use uuid::Uuid;

use super::Item;
use super::simulate::{Run, Spare, total};

/// A move of work that saves money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reassignment {
    /// The team that would miss the dates, by slug.
    pub from_team: String,
    /// The team that would keep them, by slug.
    pub to_team: String,
    /// The items, the costliest first.
    pub items: Vec<Uuid>,
    /// Money expected back from them.
    pub saved: Cents,
    /// Minutes of work they take.
    pub minutes: u64,
    /// Why, in a sentence.
    pub words: String,
}

/// A move of one item.
struct Move<'i, 'a> {
    item: &'i Item<'a>,
    from: usize,
    to: usize,
}

/// Moves that save most: items that will be missed, the greatest yield an hour first, each to the
/// team of the right skill with the most idle minutes before its date.
///
/// Minutes are taken from the latest days that will do, so that early ones stay free for earlier
/// dates. Greedy, so that it can be explained; the best plan is a packing problem.
pub(super) fn find(runs: &[Run<'_, '_>]) -> Vec<Reassignment> {
    let mut spare: Vec<Vec<Spare>> = runs.iter().map(|run| run.spare.clone()).collect();
    let mut wanted: Vec<(usize, &Item<'_>, NaiveDate)> = (0..)
        .zip(runs)
        .flat_map(|(from, run)| {
            run.missed.iter().map(move |(item, miss)| (from, *item, miss.last_day))
        })
        .filter(|(_, item, _)| item.recoverable > Cents::ZERO)
        .collect();
    wanted.sort_by_key(|(_, item, last_day)| (Reverse(item.hourly_cents), *last_day, item.id));
    let mut moves = Vec::new();
    for (from, item, last_day) in wanted {
        let minutes = u64::from(item.effort_minutes.max(1));
        let best = (0..runs.len())
            .filter(|to| *to != from && able(&runs[*to], item))
            .map(|to| (free(&spare[to], item, last_day), Reverse(to)))
            .max();
        if let Some((free, Reverse(to))) = best
            && free >= minutes
        {
            take(&mut spare[to], item, last_day);
            moves.push(Move { item, from, to });
        }
    }
    grouped(runs, &moves)
}

fn able(run: &Run<'_, '_>, item: &Item<'_>) -> bool {
    item.skill.is_empty() || run.team.skills.contains(&item.skill)
}

/// Whether an item may be worked on a day and is not too late.
fn fits(day: NaiveDate, item: &Item<'_>, last_day: NaiveDate) -> bool {
    day <= last_day && item.from.is_none_or(|from| from <= day)
}

fn free(spare: &[Spare], item: &Item<'_>, last_day: NaiveDate) -> u64 {
    let fitting = spare.iter().filter(|spare| fits(spare.day, item, last_day));
    fitting.map(|spare| u64::from(spare.minutes)).sum()
}

fn take(spare: &mut [Spare], item: &Item<'_>, last_day: NaiveDate) {
    let mut wanted = item.effort_minutes.max(1);
    for spare in spare.iter_mut().rev().filter(|spare| fits(spare.day, item, last_day)) {
        let taken = spare.minutes.min(wanted);
        spare.minutes -= taken;
        wanted -= taken;
    }
}

/// Moves between the same two teams as one, what saves the most first.
fn grouped(runs: &[Run<'_, '_>], moves: &[Move<'_, '_>]) -> Vec<Reassignment> {
    let mut pairs: BTreeMap<(usize, usize), Vec<&Item<'_>>> = BTreeMap::new();
    for moved in moves {
        pairs.entry((moved.from, moved.to)).or_default().push(moved.item);
    }
    let mut reassignments: Vec<Reassignment> = pairs
        .into_iter()
        .map(|((from, to), mut items)| {
            items.sort_by_key(|item| (Reverse(item.recoverable), item.id));
            let (from, to) = (runs[from].team.slug, runs[to].team.slug);
            let saved = total(items.iter().map(|item| item.recoverable));
            let minutes = items.iter().map(|item| u64::from(item.effort_minutes.max(1))).sum();
            let count = items.len();
            let noun = if count == 1 { "item" } else { "items" };
            Reassignment {
                from_team: from.to_owned(),
                to_team: to.to_owned(),
                items: items.iter().map(|item| item.id).collect(),
                saved,
                minutes,
                words: format!(
                    "{count} {noun} worth {saved} will be missed by `{from}`; `{to}` has {minutes} \
                     idle minutes for them before their dates"
                ),
            }
        })
        .collect();
    reassignments.sort_by_key(|made| Reverse(made.saved));
    reassignments
}
