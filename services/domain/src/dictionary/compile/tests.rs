use chrono::NaiveDate;
use proptest::prelude::*;

use super::super::decide::Facts;
use super::super::entry::{ContextMatch, Match};
use super::super::index::admits;
use super::super::receipt::RecordedFacts;
use super::super::selector::{AmountRange, DateRange, ProcedureMatch, RarcMatch, Selector};
use super::super::tests::samples::{
    CHOICES, bundle, carc, compiled, entry, rarcs, slug, small_facts, small_match,
};
use super::super::vocabulary::{Authorization, ClaimType, Network};
use super::*;
use crate::codes::{Group, Lob};
use crate::money::Cents;

/// A match that asks for one value of the field at this place in the stated order.
fn only(field: usize) -> Match {
    let mut wanted = Match::default();
    match field {
        0 => wanted.rarc = RarcMatch { all: rarcs(&["N1"]), ..RarcMatch::default() },
        1 => wanted.carc = Selector::Exact(carc("50")),
        2 => wanted.group = Selector::Exact(Group::CO),
        3 => wanted.payer = Selector::Exact(slug("aetna")),
        4 => wanted.lob = Selector::Exact(Lob::Commercial),
        5 => wanted.network = Selector::Exact(Network::InNetwork),
        6 => wanted.facility = Selector::Exact(slug("north")),
        7 => wanted.service_line = Selector::Exact(slug("cardiology")),
        8 => wanted.claim_type = Selector::Exact(ClaimType::Professional),
        9 => {
            wanted.context = ContextMatch {
                authorization: Selector::Exact(Authorization::Approved),
                ..ContextMatch::default()
            };
        }
        10 => wanted.procedure = ProcedureMatch::Exact("99213".to_owned()),
        11 => {
            let cents = Some(Cents::new(100));
            wanted.amount = AmountRange { at_least: cents, at_most: cents };
        }
        _ => {
            let day = NaiveDate::from_ymd_opt(2026, 3, 1);
            wanted.service_dates = DateRange { from: day, to: day };
        }
    }
    wanted
}

/// A match that asks for one value of every field after this place.
fn all_after(field: usize) -> Match {
    let all = |from: usize| (from..13).map(only).reduce(merge).unwrap_or_default();
    all(field + 1)
}

fn merge(a: Match, b: Match) -> Match {
    let amount = if a.amount.is_any() { b.amount } else { a.amount };
    let service_dates = if a.service_dates.is_any() { b.service_dates } else { a.service_dates };
    let pick = |a: Selector<_>, b: Selector<_>| if a.is_any() { b } else { a };
    Match {
        rarc: if a.rarc.is_any() { b.rarc } else { a.rarc },
        carc: if a.carc.is_any() { b.carc } else { a.carc },
        group: if a.group.is_any() { b.group } else { a.group },
        payer: pick(a.payer, b.payer),
        lob: if a.lob.is_any() { b.lob } else { a.lob },
        network: if a.network.is_any() { b.network } else { a.network },
        facility: pick(a.facility, b.facility),
        service_line: pick(a.service_line, b.service_line),
        claim_type: if a.claim_type.is_any() { b.claim_type } else { a.claim_type },
        context: if a.context.is_any() { b.context } else { a.context },
        procedure: if a.procedure.is_any() { b.procedure } else { a.procedure },
        amount,
        service_dates,
    }
}

/// Facts that every match of [`only`] accepts.
fn full_facts() -> RecordedFacts {
    RecordedFacts {
        payer: Some("aetna".to_owned()),
        lob: Some(Lob::Commercial),
        network: Some(Network::InNetwork),
        facility: Some("north".to_owned()),
        service_line: Some("cardiology".to_owned()),
        claim_type: Some(ClaimType::Professional),
        authorization: Some(Authorization::Approved),
        procedure: Some("99213".to_owned()),
        amount: Some(Cents::new(100)),
        service_on: NaiveDate::from_ymd_opt(2026, 3, 1),
        ..RecordedFacts::of(&Facts::of_codes(Group::CO, carc("50"), &rarcs(&["N1"])))
    }
}

#[test]
fn a_field_outweighs_all_fields_after_it() {
    let facts = full_facts();
    for field in 0..12 {
        let entries = vec![entry("closer", only(field)), entry("other", all_after(field))];
        let compiled = compiled(entries);
        let chosen = compiled.decide(&facts.facts()).entry().unwrap();
        assert_eq!(chosen.slug.as_str(), "closer", "field {field}");
    }
}

#[test]
fn exact_beats_range_beats_any() {
    let group = |groups: &[Group]| Match {
        carc: Selector::Exact(carc("50")),
        group: Selector::of(groups.iter().copied()),
        ..Match::default()
    };
    let entries = vec![
        entry("any", group(&[])),
        entry("range", group(&[Group::CO, Group::PI])),
        entry("exact", group(&[Group::CO])),
    ];
    let compiled = compiled(entries);
    let chosen = |group: Group| {
        let decision = compiled.decide(&Facts::of_codes(group, carc("50"), &[]));
        decision.entry().unwrap().slug.to_string()
    };
    assert_eq!(chosen(Group::CO), "exact");
    assert_eq!(chosen(Group::PI), "range");
    assert_eq!(chosen(Group::OA), "any");
}

#[test]
fn equal_and_overlapping_entries_are_refused_before_they_run() {
    let payer = |slugs: &[&str]| Match {
        carc: Selector::Exact(carc("50")),
        payer: Selector::of(slugs.iter().map(|text| slug(text))),
        ..Match::default()
    };
    let entries = vec![
        entry("b", payer(&["aetna", "cigna"])),
        entry("a", payer(&["cigna", "humana"])),
        entry("c", payer(&["uhc", "anthem"])),
    ];
    let conflict = Conflict::Entries { first: "a".to_owned(), second: "b".to_owned() };
    assert_eq!(Compiled::new(&bundle(entries)).unwrap_err(), [conflict]);
}

#[test]
fn equal_and_overlapping_owner_rules_are_refused() {
    let mut bundle = bundle(Vec::new());
    let mut twin = bundle.owner_rules[0].clone();
    twin.slug = slug("twin");
    bundle.owner_rules.push(twin);
    let first = bundle.owner_rules[0].slug.to_string();
    let conflict = Conflict::OwnerRules { first, second: "twin".to_owned() };
    assert_eq!(Compiled::new(&bundle).unwrap_err(), [conflict]);
}

#[test]
fn a_closer_owner_rule_wins_and_a_missing_one_falls_to_the_exception_owner() {
    let mut bundle = bundle(vec![entry("fifty", only(1))]);
    bundle.owner_rules.retain(|rule| rule.owner_function == OwnerFunction::Appeals);
    let mut north = bundle.owner_rules[0].clone();
    north.slug = slug("appeals-north");
    north.facility = Selector::Exact(slug("north"));
    north.team = slug("north-appeals");
    bundle.owner_rules.push(north);
    let compiled = Compiled::new(&bundle).unwrap();
    let north = Place { facility: Some("north"), ..Place::default() };
    let team = compiled.team(OwnerFunction::Appeals, north);
    assert_eq!((team.slug, team.rule), ("north-appeals", Some("appeals-north")));
    assert_eq!(compiled.team(OwnerFunction::Appeals, Place::default()).slug, "appeals");
    let missing = compiled.team(OwnerFunction::Coding, north);
    assert_eq!((missing.slug, missing.rule), ("exceptions", None));
    assert_eq!(
        missing.words(OwnerFunction::Coding),
        "no owner rule names a team for coding: the exception owner `exceptions` has it"
    );
}

#[test]
fn every_pair_of_the_small_space_conflicts_exactly_when_some_denial_fits_both() {
    let facts = small_facts();
    let total: usize = CHOICES.iter().product();
    // Every 7th match against every 11th: 80,000 pairs through all kinds of both sides.
    for a in (0..total).step_by(7) {
        for b in (0..total).step_by(11).filter(|b| *b != a) {
            let (a, b) = (small_match(numbered(a)), small_match(numbered(b)));
            if Specificity::of(&a) != Specificity::of(&b) {
                continue;
            }
            let shared = facts.iter().any(|one| {
                let one = one.facts();
                admits(&a, &one) && admits(&b, &one)
            });
            let found = entry_conflicts(&[entry("a", a.clone()), entry("b", b.clone())]);
            assert_eq!(!found.is_empty(), shared, "{a:?} {b:?}");
        }
    }
}

fn numbered(mut number: usize) -> [usize; 5] {
    CHOICES.map(|choices| {
        let choice = number % choices;
        number /= choices;
        choice
    })
}

fn small_matches() -> impl Strategy<Value = Vec<Match>> {
    let total: usize = CHOICES.iter().product();
    prop::collection::vec((0..total).prop_map(|number| small_match(numbered(number))), 1..24)
}

/// The most specific of the entries that fit, by comparing field after field.
fn chosen_slowly<'e>(entries: &'e [Entry], facts: &Facts<'_>) -> Option<&'e Entry> {
    let fitting = entries.iter().filter(|entry| admits(&entry.matches, facts));
    fitting.max_by_key(|entry| {
        let wanted = &entry.matches;
        [
            wanted.rarc.closeness(),
            wanted.carc.closeness(),
            wanted.group.closeness(),
            wanted.payer.closeness(),
            wanted.amount.closeness(),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn entries_compile_or_name_their_conflicts_and_decide_by_specificity(
        matches in small_matches(),
        seed in any::<u64>(),
    ) {
        let named = (0..).zip(matches).map(|(at, wanted)| entry(&format!("e{at:02}"), wanted));
        let mut entries: Vec<Entry> = named.collect();
        let facts = small_facts();
        let clash = facts.iter().any(|one| {
            let one = one.facts();
            let ranks = entries.iter().filter(|entry| admits(&entry.matches, &one));
            let mut ranks: Vec<_> = ranks.map(|entry| Specificity::of(&entry.matches)).collect();
            ranks.sort();
            ranks.windows(2).any(|pair| pair[0] == pair[1])
        });
        let conflicts = entry_conflicts(&entries);
        prop_assert_eq!(!conflicts.is_empty(), clash);
        if clash {
            let named: Vec<&str> = conflicts
                .iter()
                .filter_map(|conflict| match conflict {
                    Conflict::Entries { second, .. } => Some(second.as_str()),
                    _ => None,
                })
                .collect();
            entries.retain(|entry| !named.contains(&entry.slug.as_str()));
        }
        let compiled = compiled(entries.clone());
        let rotation = (seed % entries.len() as u64) as usize;
        entries.rotate_left(rotation);
        entries.reverse();
        let shuffled = super::super::tests::samples::compiled(entries.clone());
        prop_assert_eq!(compiled.revision(), shuffled.revision());
        for one in &facts {
            let one = one.facts();
            let slowly = chosen_slowly(&entries, &one).map(|entry| &entry.slug);
            prop_assert_eq!(compiled.decide(&one).entry().map(|entry| &entry.slug), slowly);
            prop_assert_eq!(shuffled.decide(&one).entry().map(|entry| &entry.slug), slowly);
        }
    }
}

#[test]
fn of_very_many_contradictions_the_first_are_told() {
    let alike = |at: usize| {
        let carc = Selector::Exact(carc("50"));
        entry(&format!("e{at:03}"), Match { carc, ..Match::default() })
    };
    let told = Compiled::new(&bundle((0..100).map(alike).collect())).unwrap_err();
    assert_eq!(told.len(), 1_000, "of 4,950");
    let first = Conflict::Entries { first: "e000".to_owned(), second: "e001".to_owned() };
    assert_eq!(told[0], first);
}
