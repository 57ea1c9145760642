//! A replay without any fold: every denial is decided by itself, with all the words.

use std::collections::BTreeMap;

use domain::calendar::Zone;
use domain::deadline::{Choice, RuleBook, Situation};
use domain::dictionary::vocabulary::{ExceptionKind, Likelihood, RecordClass};
use domain::dictionary::{Decision, Facts};

use super::*;

/// What a summary says, by plain addition.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) replayed: Tally,
    pub(super) denied: [Tally; 2],
    pub(super) unmapped: [Tally; 2],
    pub(super) changed: Tally,
    pub(super) missed: Tally,
    pub(super) values: BTreeMap<(&'static str, String, String), Tally>,
    pub(super) loads: BTreeMap<String, (i64, i64)>,
}

impl Sums {
    /// What a summary says. Of a deadline's words the days are left out.
    pub(super) fn of(summary: &Summary) -> Self {
        let both = |both: Both<Tally>| [both.active, both.draft];
        let mut sums = Self {
            replayed: summary.replayed,
            denied: both(summary.denied),
            unmapped: both(summary.unmapped),
            changed: summary.changed,
            missed: summary.missed_deadlines,
            ..Self::default()
        };
        for change in &summary.changes {
            let mut to = change.to.clone();
            if let Some((rule, moves)) = change.to.split_once(", ") {
                to = format!("{rule} {}", moves.rsplit(' ').next().unwrap());
            }
            let key = (change.field.as_str(), change.from.clone(), to);
            assert_eq!(sums.values.insert(key, change.tally), None, "{change:?} stands twice");
        }
        for load in &summary.team_loads {
            sums.loads.insert(load.team.clone(), (load.items, load.minutes));
        }
        sums
    }

    fn change(&mut self, field: &'static str, from: &str, to: &str, tally: Tally) -> bool {
        if from == to {
            return false;
        }
        *self.values.entry((field, from.to_owned(), to.to_owned())).or_default() += tally;
        true
    }
}

pub(super) fn sums(active: &Compiled, draft: &Compiled, rows: &[Row]) -> Sums {
    let mut sums = Sums::default();
    for row in rows {
        add(&mut sums, [active, draft], row);
    }
    sums.loads.retain(|_, load| *load != (0, 0));
    sums
}

fn add(sums: &mut Sums, revisions: [&Compiled; 2], row: &Row) {
    let tally = Tally::one(row.amount);
    let facts = row.facts.facts();
    let [before, after] = revisions.map(|revision| revision.decide(&facts));
    sums.replayed += tally;
    for (at, (revision, decision)) in revisions.iter().zip([&before, &after]).enumerate() {
        if decision.record_class() == Some(RecordClass::Denial) {
            sums.denied[at] += tally;
        }
        if decision.outcome.is_err() {
            sums.unmapped[at] += tally;
        }
        if let Some((team, minutes)) = work(revision, decision) {
            let load = sums.loads.entry(team).or_default();
            let sign = if at == 0 { -1 } else { 1 };
            load.0 += sign;
            load.1 += sign * i64::from(minutes);
        }
    }
    let class =
        |decision: &Decision<'_>| decision.record_class().map_or("unmapped", |c| c.as_str());
    let mut changed = sums.change("record_class", class(&before), class(&after), tally);
    changed |= sums.change(
        "owner_function",
        before.owner_function.as_str(),
        after.owner_function.as_str(),
        tally,
    );
    changed |= sums.change("team", before.team.slug, after.team.slug, tally);
    changed |=
        sums.change("next_action", before.next_action.as_str(), after.next_action.as_str(), tally);
    changed |= deadlines(sums, revisions, [&before, &after], row);
    if changed {
        sums.changed += tally;
    }
}

fn work(revision: &Compiled, decision: &Decision<'_>) -> Option<(String, u32)> {
    let Ok(entry) = decision.outcome else {
        return Some((decision.team.slug.to_owned(), EXCEPTION_MINUTES));
    };
    match entry.meaning.record_class {
        RecordClass::Denial => Some((decision.team.slug.to_owned(), entry.meaning.effort_minutes)),
        RecordClass::Context if decision.appealable != Likelihood::No => {
            let policy = revision.policy(ExceptionKind::ContractReview);
            Some((policy.team.to_string(), EXCEPTION_MINUTES))
        }
        _ => None,
    }
}

fn choice(revision: &Compiled, decision: &Decision<'_>, row: &Row, today: NaiveDate) -> Choice {
    let facts: Facts<'_> = row.facts.facts();
    let situation = Situation {
        lob: facts.lob,
        payer: facts.payer,
        network: facts.network,
        starts: &row.starts,
        zone: Zone::EASTERN,
        today,
    };
    let is_denial = decision.record_class() == Some(RecordClass::Denial);
    let wanted = if is_denial { decision.wanted() } else { Vec::new() };
    RuleBook::new(&revision.bundle().deadline_rules).choose(&wanted, &situation)
}

fn deadlines(
    sums: &mut Sums,
    revisions: [&Compiled; 2],
    decisions: [&Decision<'_>; 2],
    row: &Row,
) -> bool {
    let tally = Tally::one(row.amount);
    let choices = |on| [0, 1].map(|at| choice(revisions[at], decisions[at], row, on));
    let [before, after] = choices(day(TODAY));
    let missed =
        before.open.iter().any(|open| after.passed.iter().any(|passed| passed.path == open.path));
    if missed {
        sums.missed += tally;
    }
    let [before, after] = choices(row.remit_on);
    let [before, after] =
        [&before, &after].map(|c| c.ranking().map(|d| (d.rule.clone(), d.last_day)));
    match (before, after) {
        (None, None) => false,
        (Some((rule, _)), None) => sums.change("deadline", &rule, "none", tally),
        (None, Some((rule, _))) => sums.change("deadline", "none", &rule, tally),
        (Some(before), Some(after)) if before == after => false,
        (Some((from, old)), Some((to, new))) => {
            let moves = match new.cmp(&old) {
                std::cmp::Ordering::Less => "earlier",
                std::cmp::Ordering::Equal => "day",
                std::cmp::Ordering::Greater => "later",
            };
            sums.change("deadline", &from, &format!("{to} {moves}"), tally)
        }
    }
}
