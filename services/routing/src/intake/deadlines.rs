//! Which windows are open for a denial, and what the remittance says of their clocks.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::deadline::{Choice, ClockStarts, Path, Situation, Wanted};
use domain::dictionary::Decision;
use history::Days;
use remitted::day;

use super::Desk;
use super::collect::Ready;
use super::draft::Known;

/// What decides the windows of a denial: its entry and the paths its remarks left open.
type Key<'c> = (&'c str, Vec<Path>);

/// The windows of one claim's denials, each combination computed once.
pub(super) struct Windows<'a, 'c> {
    desk: &'a Desk<'a>,
    situation: Situation<'a>,
    chosen: BTreeMap<Key<'c>, Choice>,
}

impl<'a, 'c> Windows<'a, 'c> {
    pub(super) fn new(
        desk: &'a Desk<'a>,
        ready: &'a Ready,
        known: &Known<'a>,
        starts: &'a ClockStarts,
    ) -> Self {
        let governing = &*ready.governing;
        let situation = Situation {
            lob: known.lob,
            payer: known.facts.payer,
            network: known.facts.network,
            starts,
            zone: governing.zone,
            today: governing.zone.day_of(desk.now()),
        };
        Self { desk, situation, chosen: BTreeMap::new() }
    }

    /// Today where the payer is.
    pub(super) fn today(&self) -> NaiveDate {
        self.situation.today
    }

    /// The windows of one denial.
    pub(super) fn of(&mut self, decision: &Decision<'c>) -> &Choice {
        let key = key(decision);
        let (rules, situation) = (&self.desk.rules, &self.situation);
        self.chosen.entry(key).or_insert_with(|| rules.choose(&wanted(decision), situation))
    }

    /// The windows of denials that are one task: every path that is open for any of them.
    pub(super) fn of_all(&mut self, decisions: &[Decision<'c>]) -> Choice {
        if let [first, rest @ ..] = decisions
            && rest.iter().all(|other| key(other) == key(first))
        {
            return self.of(first).clone();
        }
        let mut paths: BTreeMap<Path, Wanted<'c>> = BTreeMap::new();
        for one in decisions.iter().flat_map(wanted) {
            match paths.get_mut(&one.path) {
                // Naming no rule means every rule.
                Some(held) if held.rules.is_empty() || one.rules.is_empty() => held.rules.clear(),
                Some(held) => held.rules.extend(one.rules),
                None => {
                    paths.insert(one.path, one);
                }
            }
        }
        let wanted: Vec<Wanted<'c>> = paths.into_values().collect();
        self.desk.rules.choose(&wanted, &self.situation)
    }
}

fn key<'c>(decision: &Decision<'c>) -> Key<'c> {
    let entry = decision.entry().map_or("", |entry| entry.slug.as_str());
    (entry, decision.paths().collect())
}

fn wanted<'c>(decision: &Decision<'c>) -> Vec<Wanted<'c>> {
    let stated = decision.entry().map_or(&[][..], |entry| entry.meaning.paths.as_slice());
    decision
        .paths()
        .map(|path| match stated.iter().find(|stated| stated.path == path) {
            Some(stated) => Wanted::named(path, stated.rules.iter().map(|rule| rule.as_str())),
            None => Wanted::any(path),
        })
        .collect()
}

/// What a remittance says of the days from which clocks run.
pub(super) fn days(ready: &Ready, known: &Known<'_>) -> Days {
    Days {
        remit_on: ready.governing.remit_on,
        service_on: known.service_on,
        payer_received_on: ready.part.date("050").and_then(day),
    }
}
