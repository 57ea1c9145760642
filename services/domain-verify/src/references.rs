//! Names that lead nowhere, and escalation that does not rise.

use std::collections::BTreeSet;

use domain::dictionary::selector::Selector;
use domain::dictionary::{Bundle, Entry, Slug};

use super::finding::{FindingCode, Findings, Item};
use super::world::World;

/// Judges every name of something outside the bundle.
pub(super) fn check(bundle: &Bundle, world: &World, findings: &mut Findings) {
    for entry in &bundle.entries {
        let item = Item { section: "entries", slug: entry.slug.as_str() };
        let wanted = &entry.matches;
        places(&wanted.payer, &wanted.facility, &wanted.service_line, world, item, findings);
        check_escalation(entry, item, findings);
    }
    for rule in &bundle.owner_rules {
        let item = Item { section: "owner_rules", slug: rule.slug.as_str() };
        places(&rule.payer, &rule.facility, &rule.service_line, world, item, findings);
        team(&rule.team, world, item, findings);
    }
    for policy in &bundle.exception_policies {
        let item = Item { section: "exception_policies", slug: policy.slug.as_str() };
        team(&policy.team, world, item, findings);
    }
    check_shared_windows(bundle, findings);
}

fn team(slug: &Slug, world: &World, item: Item<'_>, findings: &mut Findings) {
    if !world.teams.contains(slug.as_str()) {
        findings.block(FindingCode::UnknownTeam, item, format!("no team is called `{slug}`"));
    }
}

fn places(
    payer: &Selector<Slug>,
    facility: &Selector<Slug>,
    service_line: &Selector<Slug>,
    world: &World,
    item: Item<'_>,
    findings: &mut Findings,
) {
    let fields = [
        (payer, &world.payers, FindingCode::UnknownPayer, "payer"),
        (facility, &world.facilities, FindingCode::UnknownFacility, "facility"),
        (service_line, &world.service_lines, FindingCode::UnknownServiceLine, "service line"),
    ];
    for (selector, known, code, kind) in fields {
        for slug in selector.values().iter().filter(|slug| !known.contains(slug.as_str())) {
            findings.block(code, item, format!("no {kind} is called `{slug}`"));
        }
    }
}

/// Steps are sorted by percentage, so each must tell a higher level, later than the one before.
fn check_escalation(entry: &Entry, item: Item<'_>, findings: &mut Findings) {
    for steps in entry.meaning.escalation.windows(2) {
        let [before, after] = steps else { continue };
        if before.at_percent == after.at_percent || before.tell >= after.tell {
            let words = format!(
                "the {} at {} percent, then the {} at {} percent: each step must be later and \
                 tell someone higher",
                words(before.tell.as_str()),
                before.at_percent,
                words(after.tell.as_str()),
                after.at_percent
            );
            findings.block(FindingCode::EscalationDoesNotRise, item, words);
        }
    }
}

fn words(word: &str) -> String {
    word.replace('_', " ")
}

fn check_shared_windows(bundle: &Bundle, findings: &mut Findings) {
    let counted: BTreeSet<&str> = bundle
        .deadline_rules
        .iter()
        .filter(|rule| rule.count.is_some() || rule.fixed.is_some())
        .map(|rule| rule.slug.as_str())
        .collect();
    for rule in &bundle.deadline_rules {
        if let Some(of) = rule.shares_window_of.as_deref().filter(|of| !counted.contains(of)) {
            let item = Item { section: "deadline_rules", slug: &rule.slug };
            let words = format!("no deadline rule with a window of its own is called `{of}`");
            findings.block(FindingCode::UnknownDeadlineRule, item, words);
        }
    }
}
