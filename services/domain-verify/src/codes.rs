//! Codes: unknown, stopped, not started, under groups X12 does not allow, without their remark.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::codes::{Carc, Code, Group, Rarc};
use domain::dictionary::{Bundle, Entry};

use super::complete::Decided;
use super::finding::{FindingCode, Findings, Item, counted, listed};
use super::world::World;

/// Where a code stands on the day of judgment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Unknown,
    Current,
    /// The last day it could be used.
    Stopped(NaiveDate),
    /// The day from which it may be used.
    NotStarted(NaiveDate),
}

impl Standing {
    fn of(code: Option<&Code>, day: NaiveDate) -> Self {
        let Some(code) = code else { return Self::Unknown };
        if code.is_valid_on(day) {
            return Self::Current;
        }
        let starts = code.periods.iter().filter_map(|period| period.start_on);
        if let Some(start) = starts.filter(|start| *start > day).min() {
            return Self::NotStarted(start);
        }
        let stops = code.periods.iter().filter_map(|period| period.stop_on);
        // A code without any period was never legal, which no code set says of a code it lists.
        stops.max().map_or(Self::Unknown, Self::Stopped)
    }
}

/// The codes an entry names, in words, by where they stand.
#[derive(Debug, Default)]
struct Named {
    unknown: Vec<String>,
    stopped: Vec<String>,
    not_started: Vec<String>,
}

impl Named {
    fn add(&mut self, words: String, standing: Standing) {
        match standing {
            Standing::Unknown => self.unknown.push(words),
            Standing::Current => {}
            Standing::Stopped(on) => self.stopped.push(format!("{words} ({on})")),
            Standing::NotStarted(on) => self.not_started.push(format!("{words} ({on})")),
        }
    }
}

/// Judges every code the bundle names.
pub(super) fn check(bundle: &Bundle, world: &World, decided: &Decided, findings: &mut Findings) {
    let alerts = Alerts::of(bundle, world);
    for entry in &bundle.entries {
        let item = Item { section: "entries", slug: entry.slug.as_str() };
        let answered = decided.answered.as_ref();
        let answered = answered.map(|by| by.get(entry.slug.as_str()).copied().unwrap_or_default());
        check_standing(entry, world, answered, item, findings);
        check_groups(entry, world, item, findings);
        check_required_remarks(entry, world, &alerts, item, findings);
        let unruled = entry.matches.rarc.named().filter(|rarc| alerts.unruled.contains(rarc));
        for rarc in unruled {
            let words = format!("{rarc} is an alert and no remark rule gives it an effect");
            findings.block(FindingCode::AlertWithoutEffect, item, words);
        }
    }
    for rule in bundle.remark_rules.iter().filter(|rule| !world.rarcs.contains_key(&rule.rarc)) {
        let item = Item { section: "remark_rules", slug: rule.slug.as_str() };
        let words = format!("RARC {} is in no code set", rule.rarc);
        findings.block(FindingCode::UnknownCode, item, words);
    }
    for limit in &bundle.automation_limits {
        let item = Item { section: "automation_limits", slug: limit.slug.as_str() };
        for carc in limit.carc.values().iter().filter(|carc| !world.carcs.contains_key(carc)) {
            findings.block(
                FindingCode::UnknownCode,
                item,
                format!("CARC {carc} is in no code set"),
            );
        }
    }
}

fn check_standing(
    entry: &Entry,
    world: &World,
    answered: Option<u64>,
    item: Item<'_>,
    findings: &mut Findings,
) {
    let wanted = &entry.matches;
    let carc = |code: &Carc| Standing::of(world.carcs.get(code), world.day);
    let rarc = |code: &Rarc| Standing::of(world.rarcs.get(code), world.day);
    let mut named = Named::default();
    for code in wanted.carc.values() {
        named.add(format!("CARC {code}"), carc(code));
    }
    for code in wanted.rarc.all.iter().chain(&wanted.rarc.any) {
        named.add(format!("RARC {code}"), rarc(code));
    }
    // A stopped remark that is barred bars nothing any more, and does no harm.
    for code in wanted.rarc.none.iter().filter(|code| rarc(code) == Standing::Unknown) {
        named.unknown.push(format!("RARC {code}"));
    }
    if !named.unknown.is_empty() {
        let words = format!("in no code set: {}", listed(&named.unknown, 8));
        findings.block(FindingCode::UnknownCode, item, words);
    }
    if !named.not_started.is_empty() {
        let words = format!("not in use before its day: {}", listed(&named.not_started, 8));
        findings.advise(FindingCode::CodeNotStarted, item, words);
    }
    if named.stopped.is_empty() {
        return;
    }
    let stopped = |standing: Standing| matches!(standing, Standing::Stopped(_));
    let all_stopped = |standings: &mut dyn Iterator<Item = Standing>| {
        let mut standings = standings.peekable();
        standings.peek().is_some() && standings.all(stopped)
    };
    let dead = all_stopped(&mut wanted.carc.values().iter().map(carc))
        || all_stopped(&mut wanted.rarc.any.iter().map(rarc))
        || wanted.rarc.all.iter().map(rarc).any(stopped);
    let codes = listed(&named.stopped, 8);
    if dead {
        let (blocking, still) = match answered {
            None => (true, "what reached it was not decided".to_owned()),
            Some(0) => (true, "nothing reached it in 12 months".to_owned()),
            Some(some) => (false, format!("{} of 12 months reached it", counted(some, "denial"))),
        };
        let words = format!("only denials with stopped codes reach it: {codes}; {still}");
        findings.add(FindingCode::StoppedCodesOnly, blocking, item, words);
    } else {
        let words = format!("stopped, still legal in reversals and COB: {codes}");
        findings.advise(FindingCode::NamesStoppedCode, item, words);
    }
}

fn check_groups(entry: &Entry, world: &World, item: Item<'_>, findings: &mut Findings) {
    let groups = entry.matches.group.values();
    let mut refused = Vec::new();
    for carc in entry.matches.carc.values() {
        let Some(code) = world.carcs.get(carc) else { continue };
        let barred: Vec<&Group> =
            groups.iter().filter(|group| !code.allows_group(**group)).collect();
        if !barred.is_empty() {
            refused.push(format!(
                "CARC {carc} under {} (X12 allows {})",
                listed(barred, 4),
                listed(&code.groups_allowed, 4)
            ));
        }
    }
    if !refused.is_empty() {
        let words = format!("payers may not send {}", listed(&refused, 8));
        findings.advise(FindingCode::GroupNotAllowed, item, words);
    }
}

/// What code set and bundle say of remarks that never explain an adjustment.
struct Alerts {
    /// Current remarks that may stand for a required one.
    explaining: BTreeSet<Rarc>,
    /// Alerts for which the bundle has no rule at all.
    unruled: BTreeSet<Rarc>,
}

impl Alerts {
    fn of(bundle: &Bundle, world: &World) -> Self {
        let ruled: BTreeSet<Rarc> = bundle.remark_rules.iter().map(|rule| rule.rarc).collect();
        let explaining = world
            .rarcs
            .iter()
            .filter(|(_, code)| !code.alert && code.is_valid_on(world.day))
            .map(|(rarc, _)| *rarc);
        let alerts = world.rarcs.iter().filter(|(_, code)| code.alert).map(|(rarc, _)| *rarc);
        let unruled = alerts.filter(|rarc| !ruled.contains(rarc)).collect();
        Self { explaining: explaining.collect(), unruled }
    }
}

fn check_required_remarks(
    entry: &Entry,
    world: &World,
    alerts: &Alerts,
    item: Item<'_>,
    findings: &mut Findings,
) {
    let needs = |carc: &&Carc| {
        let code = world.carcs.get(carc);
        code.is_some_and(|code| code.remark_required && code.is_valid_on(world.day))
    };
    let carcs: Vec<&Carc> = entry.matches.carc.values().iter().filter(needs).collect();
    if carcs.is_empty() {
        return;
    }
    let rarc = &entry.matches.rarc;
    let explains = |code: &Rarc| alerts.explaining.contains(code);
    let asked =
        rarc.all.iter().any(explains) || (!rarc.any.is_empty() && rarc.any.iter().all(explains));
    let barred: BTreeSet<&Rarc> = rarc.none.iter().collect();
    if !asked
        && !alerts.explaining.is_empty()
        && alerts.explaining.iter().all(|code| barred.contains(code))
    {
        let words = format!(
            "CARC {} comes with a remark that explains it, and the entry bars every one",
            listed(&carcs, 8)
        );
        findings.block(FindingCode::RequiredRemarkExcluded, item, words);
    } else if !asked {
        let words = format!(
            "CARC {} comes with a remark that explains it; the entry asks for none and also \
             answers denials from which it is missing",
            listed(&carcs, 8)
        );
        findings.advise(FindingCode::RequiredRemarkNotAsked, item, words);
    }
}
