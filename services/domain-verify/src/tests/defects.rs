//! Bundles that do not compile: they get findings, never a panic.

use chrono::NaiveDate;
use domain::codes::{Carc, Group};
use domain::dictionary::selector::{AmountRange, DateRange, ProcedureMatch, RarcMatch, Selector};
use domain::dictionary::{Bundle, Compiled};
use domain::money::Cents;

use super::super::{FindingCode, crowd, verify};
use super::support::{entry, of, only, rarcs, seen, slug, slugs, starter_world};

/// What keeps a bundle from compiling, each by one change.
const CHANGES: [fn(&mut Bundle); 24] = [
    |bundle| bundle.entries[0].matches.carc = Selector::OneOf(vec![]),
    |bundle| bundle.entries[0].matches.group = Selector::OneOf(vec![]),
    |bundle| bundle.entries[1].matches.group = Selector::Exact(Group::CR),
    |bundle| bundle.entries[1].matches.group = Selector::of([Group::CO, Group::from_raw("ZZ")]),
    |bundle| bundle.entries[0].matches.payer = Selector::OneOf(vec![]),
    |bundle| bundle.entries[1].matches.lob = Selector::OneOf(vec![]),
    |bundle| bundle.entries[1].matches.context.eligibility = Selector::OneOf(vec![]),
    |bundle| bundle.entries[0].matches.procedure = procedures("100", "99"),
    |bundle| bundle.entries[0].matches.procedure = procedures("", ""),
    |bundle| bundle.entries[1].matches.procedure = procedures("ü", "1A"),
    |bundle| bundle.entries[0].matches.amount = amount(Cents::MAX, Cents::new(i64::MIN)),
    |bundle| bundle.entries[1].matches.service_dates = days(NaiveDate::MAX, NaiveDate::MIN),
    |bundle| bundle.entries[0].matches.rarc = remarks(&[], &["N130"], &["N130"]),
    |bundle| bundle.entries[1].matches.rarc = remarks(&["N130", "N56"], &[], &["N130", "N56"]),
    |bundle| {
        let wanted = &mut bundle.entries[0].matches;
        wanted.carc = Selector::of((1..=300).map(numbered));
        wanted.payer = Selector::of((1..=300).map(|number| slug(&format!("payer-{number}"))));
    },
    |bundle| bundle.entries[0].meaning.evidence = vec![slug("nothing")],
    |bundle| bundle.entries[1].slug = bundle.entries[0].slug.clone(),
    |bundle| bundle.entries[1].matches = bundle.entries[0].matches.clone(),
    |bundle| bundle.owner_rules[0].facility = Selector::OneOf(vec![]),
    |bundle| bundle.owner_rules.push(bundle.owner_rules[0].clone()),
    |bundle| {
        let twin =
            domain::dictionary::OwnerRule { slug: slug("twin"), ..bundle.owner_rules[1].clone() };
        bundle.owner_rules.push(twin);
    },
    |bundle| bundle.exception_policies.push(bundle.exception_policies[0].clone()),
    |bundle| bundle.exception_policies.clear(),
    |bundle| bundle.automation_limits[0].ceiling = Cents::MAX,
];

/// The findings of a bundle that does not compile.
const BROKEN: [FindingCode; 4] = [
    FindingCode::Defect,
    FindingCode::NotCanonical,
    FindingCode::ContradictoryEntries,
    FindingCode::ContradictoryOwnerRules,
];

fn procedures(from: &str, to: &str) -> ProcedureMatch {
    ProcedureMatch::Range { from: from.to_owned(), to: to.to_owned() }
}

fn amount(low: Cents, high: Cents) -> AmountRange {
    AmountRange { at_least: Some(low), at_most: Some(high) }
}

fn days(from: NaiveDate, to: NaiveDate) -> DateRange {
    DateRange { from: Some(from), to: Some(to) }
}

fn remarks(any: &[&str], all: &[&str], none: &[&str]) -> RarcMatch {
    RarcMatch { any: rarcs(any), all: rarcs(all), none: rarcs(none) }
}

fn numbered(number: u32) -> Carc {
    Carc::new(&number.to_string()).unwrap()
}

fn sound() -> Bundle {
    let mut bundle = only(vec![
        entry("a", "197", |wanted| wanted.payer = slugs(&["aetna"])),
        entry("b", "197", |_| {}),
        entry("c", "50", |_| {}),
    ]);
    // Hashing the rest takes longer than everything that is tested.
    for entry in &mut bundle.entries {
        entry.meaning.paths.clear();
    }
    bundle.deadline_rules.clear();
    bundle.metric_definitions.clear();
    bundle
}

#[test]
fn a_bundle_with_one_or_two_faults_is_blocked_exactly_when_it_does_not_compile() {
    let mut world = starter_world();
    world.seen = vec![seen(Group::CO, "197", 1, 1)];
    let control = verify(&sound(), &world);
    assert!(control.passed, "{:?}", control.findings);
    assert_eq!(control.proven.seen, 1);
    for (at, first) in CHANGES.iter().enumerate() {
        for (other, second) in CHANGES.iter().enumerate().skip(at) {
            let mut bundle = sound();
            first(&mut bundle);
            second(&mut bundle);
            let verification = verify(&bundle, &world);
            let blocked = BROKEN.iter().any(|code| !of(&verification, *code).is_empty());
            assert_eq!(blocked, Compiled::new(&bundle).is_err(), "{at} and {other}");
            assert_eq!(blocked, !of(&verification, FindingCode::SeenNotDecided).is_empty());
            assert!(at != other || blocked, "{at} is a fault");
            assert!(!(blocked && verification.passed), "{at} and {other}");
        }
    }
}

#[test]
fn nothing_at_all_is_judged_too() {
    let mut world = starter_world();
    let bare = Bundle::empty("bare");
    let full = verify(&bare, &world);
    assert!(!full.passed && !of(&full, FindingCode::Defect).is_empty());
    assert_eq!(of(&full, FindingCode::UnansweredCodes).len(), 1);
    world.carcs.clear();
    world.rarcs.clear();
    world.teams.clear();
    let empty = verify(&sound(), &world);
    assert!(!empty.passed && !of(&empty, FindingCode::UnknownCode).is_empty());
    assert!(!of(&empty, FindingCode::UnknownTeam).is_empty());
}

/// The starter with entries of some payers each, under so many codes.
fn many(entries: usize, payers: usize, codes: usize) -> Bundle {
    let mut bundle = domain::starter::bundle();
    let from = bundle.entries[0].clone();
    for at in 0..entries {
        let own = (0..payers).map(|payer| slug(&format!("p{at}-{payer}")));
        let mut more = from.clone();
        more.slug = slug(&format!("crowd.{at}"));
        more.matches.payer = Selector::of(own);
        more.matches.carc = Selector::Exact(numbered((at % codes) as u32 + 1));
        bundle.entries.push(more);
    }
    bundle
}

#[test]
fn what_would_take_hours_to_compare_is_refused_and_says_why() {
    for hostile in [many(10_400, 1, 1), many(150, 20_000, 1)] {
        assert!(crowd(&hostile).unwrap().contains("too many entries under one reason code"));
    }
    // The controls: as many under two codes, fewer values, and what everybody starts with.
    for harmless in [many(10_400, 1, 2), many(100, 200, 1), domain::starter::bundle()] {
        assert_eq!(crowd(&harmless), None);
    }
    let mut rules = domain::starter::bundle();
    let rule = rules.owner_rules[0].clone();
    rules.owner_rules.extend((0..10_400).map(|at| {
        let slug = slug(&format!("rule-{at}"));
        domain::dictionary::OwnerRule { slug, ..rule.clone() }
    }));
    assert!(crowd(&rules).unwrap().contains("owner rules under one owner function"));
}

#[test]
fn what_is_too_large_to_compare_is_said_and_not_looked_into() {
    let bundle = many(20_000, 1, 1);
    let verified = verify(&bundle, &starter_world());
    assert!(!verified.passed);
    let told: Vec<_> = verified.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(told, [FindingCode::Defect]);
    let words = &verified.findings[0].words;
    assert!(words.contains("too many entries under one reason code"), "{words}");
}
