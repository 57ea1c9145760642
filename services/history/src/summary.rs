//! What a replay found, as the contract says it.

use contracts::dictionary::v1::{ReplayChange, ReplaySummary, TeamLoad};
use domain_governance::replay::Change;

use crate::deciding::Found;
use crate::wire::{count, money};
use platform::clock::date;

pub(crate) fn of(found: Found, example_denial_ids: Vec<String>) -> ReplaySummary {
    let Found { summary, deterministic, touched_items } = found;
    let change = |change: Change| ReplayChange {
        field: change.field.as_str().to_owned(),
        from_value: change.from,
        to_value: change.to,
        denial_count: count(change.tally.denials),
        denied: Some(money(change.tally.money())),
    };
    let loads = summary.team_loads.into_iter().map(|load| TeamLoad {
        team: load.team,
        item_delta: load.items,
        minute_delta: load.minutes,
    });
    ReplaySummary {
        starts_on: Some(date(summary.history.starts_on)),
        ends_on: Some(date(summary.history.ends_on)),
        short_history: summary.history.is_short(),
        denial_count: count(summary.replayed.denials),
        denied: Some(money(summary.replayed.money())),
        changes: summary.changes.into_iter().map(change).collect(),
        missed_deadline_count: count(summary.missed_deadlines.denials),
        team_loads: loads.collect(),
        open_work_item_count: count(touched_items),
        // Nobody keeps appeals so far.
        open_appeal_count: 0,
        example_denial_ids,
        deterministic,
        signature: summary.signature.to_string(),
    }
}
