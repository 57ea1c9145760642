//! The proofs against looking at every denial of small spaces.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use chrono::NaiveDate;
use domain::codes::{Code, Group, Lob, Network, Period, Rarc};
use domain::dictionary::sections::ExceptionPolicy;
use domain::dictionary::selector::{AmountRange, DateRange, ProcedureMatch, RarcMatch, Selector};
use domain::dictionary::vocabulary::{Authorization, Eligibility};
use domain::dictionary::{Bundle, Compiled, Entry, Facts, Match, RecordedFacts};
use domain::money::Cents;
use proptest::prelude::*;

use super::super::complete::gaps;
use super::super::denial::Example;
use super::super::finding::FindingCode;
use super::super::lattice::Lattice;
use super::super::prove::{Proof, Prover};
use super::super::{Verification, World, verify};
use super::support::{all, any, carc, entry, groups, none, of, only, rarcs, slugs, starter_world};

const REMARKS: usize = 12;
const CODES: usize = 6;
const GROUPS: usize = 10;
const PAYERS: usize = 6;
const EXTRAS: usize = 7;
/// What a case varies beside codes, remarks, groups and payers.
const KINDS: usize = 6;

fn remark(choice: usize) -> RarcMatch {
    match choice {
        1 => all(&["N1"]),
        2 => any(&["N1", "N2"]),
        3 => all(&["N1", "N2"]),
        4 => RarcMatch { any: vec![], all: rarcs(&["N2"]), none: rarcs(&["N1"]) },
        5 => none(&["N1"]),
        6 => RarcMatch { any: rarcs(&["N1", "N3"]), all: vec![], none: rarcs(&["N2"]) },
        7 => none(&["N1", "N2", "N3"]),
        8 => any(&["N2", "N3"]),
        9 => any(&["N3"]),
        _ => RarcMatch::default(),
    }
}

/// Ranges that lie in, beside and across each other.
fn range(kind: usize, choice: usize, wanted: &mut Match) {
    let cents = |low: Option<i64>, high: Option<i64>| AmountRange {
        at_least: low.map(Cents::new),
        at_most: high.map(Cents::new),
    };
    let codes =
        |from: &str, to: &str| ProcedureMatch::Range { from: from.to_owned(), to: to.to_owned() };
    let day = |day: u32| NaiveDate::from_ymd_opt(2026, 3, day);
    let days = |from: Option<u32>, to: Option<u32>| DateRange {
        from: from.and_then(day),
        to: to.and_then(day),
    };
    match (kind, choice) {
        (0, 1) => wanted.amount = cents(Some(100), None),
        (0, 2) => wanted.amount = cents(None, Some(99)),
        (0, 3) => wanted.amount = cents(Some(50), Some(150)),
        (0, 4) => wanted.amount = cents(Some(100), Some(100)),
        (0, 5) => wanted.amount = cents(Some(50), Some(99)),
        (1, 1) => wanted.procedure = codes("11", "1Z"),
        (1, 2) => wanted.procedure = codes("20", "21"),
        (1, 3) => wanted.procedure = codes("11", "21"),
        (1, 4) => wanted.procedure = ProcedureMatch::Exact("20".to_owned()),
        (1, 5) => wanted.procedure = codes("100", "199"),
        (2, 1) => wanted.service_dates = days(Some(1), Some(9)),
        (2, 2) => wanted.service_dates = days(Some(10), Some(20)),
        (2, 3) => wanted.service_dates = days(Some(1), Some(20)),
        (2, 4) => wanted.service_dates = days(Some(5), Some(5)),
        (2, 5) => wanted.service_dates = days(Some(6), None),
        _ => {}
    }
}

/// Values of closed lists and names, of one field or of two.
fn value(kind: usize, choice: usize, wanted: &mut Match) {
    let network = |named: &[Network]| Selector::of(named.iter().copied());
    let (yes, no) = (Authorization::Approved, Authorization::Refused);
    let active = Selector::Exact(Eligibility::Active);
    match (kind, choice) {
        (3, 1 | 4) => wanted.network = network(&[Network::InNetwork]),
        (3, 2 | 5) => wanted.network = network(&[Network::OutOfNetwork]),
        (3, 3) => wanted.network = network(Network::ALL),
        (4, 1) => wanted.context.authorization = Selector::Exact(yes),
        (4, 2) => wanted.context.authorization = Selector::of([yes, no]),
        (4, 3) => wanted.context.eligibility = active,
        (4, 4) => {
            wanted.context.authorization = Selector::of([yes, no]);
            wanted.context.eligibility = active;
        }
        (4, 5) => wanted.context.authorization = Selector::Exact(no),
        (5, 1) => wanted.facility = slugs(&["north"]),
        (5, 2) => wanted.facility = slugs(&["north", "south"]),
        (5, 3) => wanted.lob = Selector::Exact(Lob::Medicaid),
        (5, 4) => wanted.lob = Selector::of([Lob::Medicaid, Lob::Tricare]),
        (5, 5) => {
            wanted.facility = slugs(&["north"]);
            wanted.lob = Selector::of([Lob::Medicaid, Lob::Tricare]);
        }
        _ => {}
    }
}

fn small_match(kind: usize, choices: [usize; 5]) -> Match {
    let [remarks, code, group, payer, more] = choices;
    let codes = |codes: &[&str]| Selector::of(codes.iter().map(|code| carc(code)));
    let mut wanted = Match {
        rarc: remark(remarks),
        carc: match code {
            0 => Selector::Any,
            1 => codes(&["50", "96"]),
            2 => codes(&["96"]),
            _ => codes(&["50"]),
        },
        group: match group {
            0 => groups(&[Group::PR]),
            1 => groups(&[Group::CO, Group::OA]),
            2 => groups(&[Group::OA, Group::PI, Group::PR]),
            3 => groups(&[Group::CO]),
            4 => groups(&[Group::CO, Group::OA, Group::PI]),
            5 => groups(&Group::VALID),
            _ => Selector::Any,
        },
        payer: match payer {
            0 => slugs(&["aetna"]),
            1 => slugs(&["cigna"]),
            2 => slugs(&["aetna", "cigna"]),
            _ => Selector::Any,
        },
        ..Match::default()
    };
    if kind < 3 {
        range(kind, more, &mut wanted)
    } else {
        value(kind, more, &mut wanted)
    }
    wanted
}

/// Every denial that the matches of a kind tell apart, and some more.
fn every_denial(kind: usize) -> Vec<RecordedFacts> {
    let mut denials = Vec::new();
    for standing in 0..8_usize {
        let names = ["N1", "N2", "N3"].into_iter().enumerate();
        let remarks: Vec<&str> =
            names.filter(|(at, _)| standing >> at & 1 == 1).map(|(_, name)| name).collect();
        let remarks: Vec<Rarc> = rarcs(&remarks);
        for code in ["50", "96", "97"] {
            for group in Group::VALID {
                for payer in [None, Some("aetna"), Some("cigna")] {
                    let mut facts =
                        RecordedFacts::of(&Facts::of_codes(group, carc(code), &remarks));
                    facts.payer = payer.map(str::to_owned);
                    denials.extend(with_extras(kind, &facts));
                }
            }
        }
    }
    denials
}

fn with_extras(kind: usize, facts: &RecordedFacts) -> Vec<RecordedFacts> {
    let mut denials = vec![facts.clone()];
    let mut add = |change: &dyn Fn(&mut RecordedFacts)| {
        let mut facts = facts.clone();
        change(&mut facts);
        denials.push(facts);
    };
    match kind {
        0 => [49, 50, 99, 100, 101, 150, 151].iter().for_each(|cents| {
            add(&|facts| facts.amount = Some(Cents::new(*cents)));
        }),
        1 => ["10", "11", "1A", "1Z", "20", "21", "22", "150", "200"].iter().for_each(|code| {
            add(&|facts| facts.procedure = Some((*code).to_owned()));
        }),
        2 => [1, 4, 5, 6, 9, 10, 20, 21].iter().for_each(|day| {
            add(&|facts| facts.service_on = NaiveDate::from_ymd_opt(2026, 3, *day));
        }),
        3 => Network::ALL.iter().for_each(|network| add(&|facts| facts.network = Some(*network))),
        4 => {
            let none_or = |all: &[Authorization]| {
                all.iter().copied().map(Some).chain([None]).collect::<Vec<_>>()
            };
            for authorization in
                none_or(&[Authorization::Approved, Authorization::Refused, Authorization::Missing])
            {
                for eligibility in [None, Some(Eligibility::Active), Some(Eligibility::Inactive)] {
                    add(&|facts| {
                        facts.authorization = authorization;
                        facts.eligibility = eligibility;
                    });
                }
            }
        }
        _ => {
            for facility in [None, Some("north"), Some("south")] {
                for lob in [None, Some(Lob::Medicaid), Some(Lob::Tricare), Some(Lob::Va)] {
                    add(&|facts| {
                        facts.facility = facility.map(str::to_owned);
                        facts.lob = lob;
                    });
                }
            }
        }
    }
    denials
}

fn cases(kinds: std::ops::Range<usize>) -> impl Strategy<Value = (usize, Vec<[usize; 5]>)> {
    let choices = [0..REMARKS, 0..CODES, 0..GROUPS, 0..PAYERS, 0..EXTRAS];
    (kinds, prop::collection::vec(choices, 1..9))
}

/// The three codes are current, need no remark and allow every group; the remarks exist.
fn small_world() -> World {
    let mut world = starter_world();
    let code = |code: &str| Code {
        code: code.to_owned(),
        label: "a code".to_owned(),
        periods: vec![Period { start_on: None, stop_on: None }],
        alert: false,
        remark_required: false,
        groups_allowed: Vec::new(),
    };
    world.carcs = ["50", "96", "97"].map(|name| (carc(name), code(name))).into();
    world.rarcs =
        rarcs(&["N1", "N2", "N3"]).into_iter().map(|rarc| (rarc, code(rarc.as_str()))).collect();
    world
}

/// A bundle of these entries and of nothing that is not needed: hashing the rest takes longer
/// than everything that is tested.
fn small_bundle(entries: Vec<Entry>) -> Bundle {
    static POLICIES: OnceLock<Vec<ExceptionPolicy>> = OnceLock::new();
    let policies = POLICIES.get_or_init(|| only(Vec::new()).exception_policies);
    Bundle { entries, exception_policies: policies.clone(), ..Bundle::empty("small") }
}

fn small_entry(name: &str, wanted: Match) -> Entry {
    let mut small = entry(name, "50", |matches| *matches = wanted);
    small.meaning.evidence.clear();
    small.meaning.assumed.clear();
    small.meaning.notes.clear();
    small
}

/// The slugs of findings.
fn names(verification: &Verification, codes: &[FindingCode]) -> BTreeSet<String> {
    let found = codes.iter().flat_map(|code| of(verification, *code));
    found.map(|(_, slug, _)| slug.to_owned()).collect()
}

fn contradictions(entries: &[Entry], denials: &[RecordedFacts]) -> BTreeSet<(String, String)> {
    let mut pairs = BTreeSet::new();
    for (at, a) in entries.iter().enumerate() {
        for b in &entries[at + 1..] {
            let fits = |facts: &RecordedFacts| {
                a.matches.admits(&facts.facts()) && b.matches.admits(&facts.facts())
            };
            if a.matches.specificity() == b.matches.specificity() && denials.iter().any(fits) {
                pairs.insert((a.slug.to_string(), b.slug.to_string()));
            }
        }
    }
    pairs
}

/// Every proof of a bundle without contradictions, against deciding every denial.
fn check_proofs(
    entries: &[Entry],
    denials: &[RecordedFacts],
    world: &World,
) -> Result<(), TestCaseError> {
    let bundle = small_bundle(entries.to_vec());
    let compiled = Compiled::new(&bundle).unwrap();
    let verification = verify(&bundle, world);
    let decided: Vec<(&RecordedFacts, Option<&str>)> = denials
        .iter()
        .map(|facts| {
            (facts, compiled.decide(&facts.facts()).entry().map(|entry| entry.slug.as_str()))
        })
        .collect();
    let reached: BTreeSet<&str> = decided.iter().filter_map(|(_, slug)| *slug).collect();
    let unreachable: BTreeSet<String> = entries
        .iter()
        .map(|entry| entry.slug.to_string())
        .filter(|slug| !reached.contains(slug.as_str()))
        .collect();
    let shadows = [FindingCode::ShadowedEntry, FindingCode::UnreachableEntry];
    prop_assert_eq!(&names(&verification, &shadows), &unreachable);
    for (_, slug, words) in shadows.iter().flat_map(|code| of(&verification, *code)) {
        let by: Vec<&str> = words.split('`').skip(1).step_by(2).collect();
        let under = compiled.entry(slug).unwrap();
        for facts in denials.iter().filter(|facts| under.matches.admits(&facts.facts())) {
            let answers = |name: &&str| {
                let over = &compiled.entry(name).unwrap().matches;
                over.specificity() > under.matches.specificity() && over.admits(&facts.facts())
            };
            prop_assert!(by.iter().any(answers), "{} {:?}", words, facts);
        }
    }
    check_examples(&compiled, world)?;
    check_codes(&verification, &decided)
}

/// Denials that the proofs came up with are decided as the proofs say.
fn check_examples(compiled: &Compiled, world: &World) -> Result<(), TestCaseError> {
    let entries = &compiled.bundle().entries;
    let matches: Vec<&Match> = entries.iter().map(|entry| &entry.matches).collect();
    let lattice = Lattice::of(&matches);
    let mut prover = Prover::new();
    for (place, entry) in entries.iter().enumerate() {
        if let Some(Proof::Open(at)) = lattice.shadows(place, &mut prover) {
            let example = Example::of(&lattice.space, &at);
            let decision = compiled.decide(&example.facts.facts());
            prop_assert_eq!(decision.entry().map(|entry| &entry.slug), Some(&entry.slug));
        }
    }
    for (carc, code) in &world.carcs {
        let named = lattice.space.carcs.binary_search(carc).ok().map(|at| at as u32);
        for example in gaps(*carc, code, named, &lattice, &mut prover).examples {
            prop_assert_eq!(example.facts.carc, *carc);
            prop_assert!(compiled.decide(&example.facts.facts()).entry().is_none());
        }
    }
    Ok(())
}

fn check_codes(
    verification: &Verification,
    decided: &[(&RecordedFacts, Option<&str>)],
) -> Result<(), TestCaseError> {
    let (mut nothing, mut partly) = (BTreeSet::new(), BTreeSet::new());
    for code in ["50", "96", "97"] {
        let mut answers =
            decided.iter().filter(|(facts, _)| facts.carc.as_str() == code).map(|(_, slug)| slug);
        let answered = answers.clone().any(Option::is_some);
        let open = answers.any(Option::is_none);
        if !answered {
            nothing.insert(code.to_owned());
        } else if open {
            partly.insert(code.to_owned());
        }
    }
    let mut found = BTreeSet::new();
    for (_, _, words) in of(verification, FindingCode::UnansweredCodes) {
        let listed = words.split(": ").nth(1).unwrap().split("; ").next().unwrap();
        found.extend(listed.split(", ").flat_map(|part| part.split(" and ")).map(str::to_owned));
    }
    prop_assert_eq!(found, nothing);
    let code = |words: &str| words.split(' ').nth(1).unwrap().to_owned();
    let found: BTreeSet<String> = of(verification, FindingCode::PartlyAnsweredCode)
        .into_iter()
        .map(|(_, _, words)| code(words))
        .collect();
    prop_assert_eq!(found, partly);
    prop_assert_eq!(verification.proven.not_proven, 0);
    Ok(())
}

/// One draft: its contradictions, then, without these, its proofs.
fn check_draft(kind: usize, choices: Vec<[usize; 5]>) -> Result<(), TestCaseError> {
    static WORLD: OnceLock<World> = OnceLock::new();
    static SPACES: OnceLock<Vec<Vec<RecordedFacts>>> = OnceLock::new();
    let world = WORLD.get_or_init(small_world);
    let denials = &SPACES.get_or_init(|| (0..KINDS).map(every_denial).collect())[kind];
    let mut entries: Vec<Entry> = (0..)
        .zip(choices)
        .map(|(at, choices)| small_entry(&format!("e{at}"), small_match(kind, choices)))
        .collect();
    let clashing = contradictions(&entries, denials);
    let drafted = verify(&small_bundle(entries.clone()), world);
    let alike = "are equally specific and accept the same denial";
    let expected: BTreeSet<String> = clashing
        .iter()
        .map(|(first, second)| format!("entries `{first}` and `{second}` {alike}"))
        .collect();
    let found: BTreeSet<String> = of(&drafted, FindingCode::ContradictoryEntries)
        .into_iter()
        .map(|(_, _, words)| words.split(": ").next().unwrap().to_owned())
        .collect();
    prop_assert_eq!(found, expected);
    entries.retain(|entry| clashing.iter().all(|(_, second)| *second != entry.slug.as_str()));
    check_proofs(&entries, denials, world)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    // Two halves, because tests run side by side.
    #[test]
    fn proofs_over_ranges_agree_with_looking_at_every_denial((kind, choices) in cases(0..3)) {
        check_draft(kind, choices)?;
    }

    #[test]
    fn proofs_over_values_agree_with_looking_at_every_denial((kind, choices) in cases(3..KINDS)) {
        check_draft(kind, choices)?;
    }
}
