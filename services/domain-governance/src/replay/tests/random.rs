//! Random histories and random edits of a bundle, from bytes that proptest shrinks.

use domain::codes::{Group, Lob, Network};
use domain::deadline::{Basis, Confidence, FixedDay, Path, Rule, Unit};
use domain::dictionary::entry::PathRules;
use domain::dictionary::remark::{Effect, RemarkRule};
use domain::dictionary::selector::{AmountRange, DateRange, ProcedureMatch, RarcMatch, Selector};
use domain::dictionary::vocabulary::{
    Authorization, ClaimType, ExceptionKind, Likelihood, NextAction, OwnerFunction, RecordClass,
};
use domain::dictionary::{Facts, Match, OwnerRule};

use super::*;

const CODES: [&str; 10] = ["1", "16", "18", "22", "29", "45", "50", "96", "197", "9999"];
const PAYERS: [&str; 3] = ["aetna", "cigna", "humana"];
const PLACES: [&str; 2] = ["main", "north"];
const LOBS: [Lob; 3] = [Lob::Commercial, Lob::MedicareFfs, Lob::MedicareAdvantage];

/// Bytes as a run of choices; zeros once they are used up.
pub(super) struct Choices<'b>(pub(super) &'b [u8]);

impl Choices<'_> {
    fn below(&mut self, end: usize) -> usize {
        let Some((&byte, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(byte) % end
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// Nothing as often as each of the values.
    fn maybe<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        let at = self.below(all.len() + 1);
        at.checked_sub(1).map(|at| all[at])
    }
}

pub(super) fn row(number: u128, bytes: &[u8]) -> Row {
    let mut choices = Choices(bytes);
    let mut rarcs: Vec<Rarc> = Vec::new();
    for _ in 0..choices.below(3) {
        rarcs.push(rarc(choices.of(&REMARKS)));
    }
    let group = choices.of(&[Group::CO, Group::CO, Group::PR, Group::OA, Group::CR]);
    let remit_on = day("2025-12-01") + chrono::Days::new(choices.below(256) as u64 * 360 / 256);
    let before = chrono::Days::new(10 + choices.below(120) as u64);
    let facts = Facts {
        payer: choices.maybe(&PAYERS),
        lob: choices.maybe(&LOBS),
        network: choices.maybe(Network::ALL),
        facility: choices.maybe(&PLACES),
        service_line: choices.maybe(&["surgery"]),
        claim_type: choices.maybe(&[ClaimType::Professional]),
        authorization: choices.maybe(&[Authorization::Approved, Authorization::Missing]),
        procedure: choices.maybe(&["99213", "70551"]),
        amount: Some(Cents::new(choices.below(6) as i64 * 10_000 + 1)),
        service_on: choices.maybe(&[remit_on - before]),
        ..Facts::of_codes(group, carc(choices.of(&CODES)), &rarcs)
    };
    Row::new(number, RecordedFacts::of(&facts), remit_on)
}

/// Makes one edit, or none where the bundle has nothing to edit.
pub(super) fn edit(bundle: &mut Bundle, number: usize, bytes: &[u8]) {
    let mut choices = Choices(bytes);
    match choices.below(14) {
        0..=2 => add_entry(bundle, number, &mut choices),
        3 => {
            let at = choices.below(bundle.entries.len());
            bundle.entries.remove(at);
        }
        4 | 5 => change_meaning(bundle, &mut choices),
        6 | 7 => change_paths(bundle, &mut choices),
        8..=10 => change_rule(bundle, number, &mut choices),
        11 => bundle.owner_rules.push(OwnerRule {
            slug: slug(&format!("owner-{number}")),
            owner_function: choices.of(OwnerFunction::ALL),
            payer: selector(choices.maybe(&PAYERS)),
            facility: selector(choices.maybe(&PLACES)),
            service_line: selector(choices.maybe(&["surgery"])),
            team: slug(choices.of(&["billing", "night-shift"])),
        }),
        12 => change_remark(bundle, &mut choices),
        _ => {
            let kind = choices.of(ExceptionKind::ALL);
            let policy = bundle.exception_policies.iter_mut().find(|policy| policy.kind == kind);
            policy.unwrap().team = slug(choices.of(&["night-shift", "contracting"]));
        }
    }
}

fn selector(name: Option<&str>) -> Selector<Slug> {
    name.map_or(Selector::Any, |name| Selector::Exact(slug(name)))
}

fn add_entry(bundle: &mut Bundle, number: usize, choices: &mut Choices<'_>) {
    let base = &bundle.entries[choices.below(bundle.entries.len())];
    let cents = |amount: i64| Cents::new(amount * 10_000);
    let mut entry = Entry { slug: slug(&format!("added-{number}")), ..base.clone() };
    let amount = match choices.below(5) {
        0 => AmountRange { at_least: Some(cents(2)), at_most: None },
        1 => AmountRange { at_least: Some(cents(1)), at_most: Some(cents(4)) },
        2 => AmountRange { at_least: None, at_most: Some(cents(3)) },
        _ => AmountRange::default(),
    };
    let service_dates = match choices.below(5) {
        0 => DateRange { from: Some(day("2026-05-01")), to: None },
        1 => DateRange { from: None, to: Some(day("2026-05-01")) },
        _ => DateRange::default(),
    };
    let carc = match choices.below(8) {
        0 => Selector::Any,
        1 => Selector::Exact(carc("9999")),
        _ => base.matches.carc.clone(),
    };
    let remark = rarc(choices.of(&REMARKS));
    let mut matches = Match {
        rarc: match choices.below(6) {
            0 => RarcMatch { all: vec![remark], ..RarcMatch::default() },
            1 => RarcMatch { none: vec![remark], ..RarcMatch::default() },
            _ => RarcMatch::default(),
        },
        carc,
        group: base.matches.group.clone(),
        payer: selector(choices.maybe(&PAYERS[..2])),
        lob: choices.maybe(&LOBS[..1]).map_or(Selector::Any, Selector::Exact),
        network: choices.maybe(&Network::ALL[..1]).map_or(Selector::Any, Selector::Exact),
        facility: selector(choices.maybe(&PLACES[..1])),
        amount,
        service_dates,
        ..Match::default()
    };
    match choices.below(6) {
        0 => matches.procedure = ProcedureMatch::Exact("99213".to_owned()),
        1 => matches.context.authorization = Selector::Exact(Authorization::Missing),
        2 => matches.claim_type = Selector::Exact(ClaimType::Professional),
        3 => matches.service_line = Selector::Exact(slug("surgery")),
        _ => {}
    }
    entry.matches = matches;
    bundle.entries.push(entry);
    let last = bundle.entries.len() - 1;
    alter(bundle, last, choices);
}

fn change_meaning(bundle: &mut Bundle, choices: &mut Choices<'_>) {
    let at = choices.below(bundle.entries.len());
    alter(bundle, at, choices);
}

fn alter(bundle: &mut Bundle, at: usize, choices: &mut Choices<'_>) {
    let meaning = &mut bundle.entries[at].meaning;
    match choices.below(5) {
        0 => meaning.record_class = choices.of(RecordClass::ALL),
        1 => meaning.owner_function = choices.of(&[OwnerFunction::Coding, OwnerFunction::Billing]),
        2 => meaning.next_action = choices.of(&[NextAction::Appeal, NextAction::CorrectedClaim]),
        3 => meaning.effort_minutes = 5 + choices.below(90) as u32,
        _ => meaning.appealable = choices.of(Likelihood::ALL),
    }
}

fn change_paths(bundle: &mut Bundle, choices: &mut Choices<'_>) {
    let at = choices.below(bundle.entries.len());
    let path = choices.of(&[Path::AppealLevel1, Path::CorrectedClaim, Path::PayerDecision]);
    let named: Vec<Slug> = bundle
        .deadline_rules
        .iter()
        .filter(|rule| rule.path == path)
        .map(|rule| slug(&rule.slug))
        .collect();
    let paths = &mut bundle.entries[at].meaning.paths;
    paths.retain(|stated| stated.path != path);
    match choices.below(3) {
        0 => {}
        1 => paths.push(PathRules { path, rules: Vec::new() }),
        _ => {
            let rules = choices.maybe(&(0..named.len()).collect::<Vec<_>>());
            let rules = rules.map(|at| named[at].clone()).into_iter().collect();
            paths.push(PathRules { path, rules });
        }
    }
}

fn change_rule(bundle: &mut Bundle, number: usize, choices: &mut Choices<'_>) {
    let at = choices.below(bundle.deadline_rules.len());
    let rules = &mut bundle.deadline_rules;
    match choices.below(10) {
        0 => {
            rules.remove(at);
        }
        1 => {
            let payer = choices.maybe(&PAYERS).map(str::to_owned);
            let slug = format!("rule-{number}");
            rules.push(Rule { slug, payer, basis: Basis::Contract, ..rules[at].clone() });
        }
        2 => rules[at].confidence = Confidence::D,
        3 => rules[at].network = choices.maybe(Network::ALL),
        4 => rules[at].effective_from = Some(day("2026-03-01")),
        5 => {
            rules[at].unit = Unit::Fixed;
            rules[at].fixed = Some(FixedDay { month: 12, day: 31, years_after: 1 });
        }
        6 => {
            rules[at].unit = Unit::RemainingWindow;
            rules[at].shares_window_of = Some(rules[choices.below(rules.len())].slug.clone());
        }
        7 => rules[at].notes = "read again".to_owned(),
        8 => rules[at].unit = choices.of(&[Unit::Day, Unit::BusinessDay, Unit::Month]),
        _ => rules[at].count = Some(1 + choices.below(200) as u32),
    }
}

fn change_remark(bundle: &mut Bundle, choices: &mut Choices<'_>) {
    let code = rarc(choices.of(&REMARKS));
    bundle.remark_rules.retain(|rule| rule.rarc != code);
    let Some(effect) = choices.maybe(Effect::ALL) else { return };
    bundle.remark_rules.push(RemarkRule {
        slug: slug(&code.as_str().to_lowercase()),
        rarc: code,
        alert: false,
        effect: Some(effect),
        next_action: choices.maybe(&[NextAction::Wait, NextAction::SendDocuments]),
        opens: choices.maybe(&[Path::Documents, Path::PeerToPeer]),
        words: Vec::new(),
    });
}
