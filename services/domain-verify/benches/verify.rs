//! How long it takes to verify 5,000 entries against 50,000 combinations, on one core.
//!
//! Twice: the starter dictionary with what tenants add to it (rules of one payer, of one payer and
//! remark, of one facility, of amounts and of procedures, in equal parts), and the same number of
//! rules on three reason codes, where every pair has to be compared. Fails above one second.

#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use domain::codes::{Carc, Group, Rarc};
use domain::dictionary::selector::{AmountRange, ProcedureMatch, RarcMatch, Selector};
use domain::dictionary::{Bundle, Entry, Facts, Match, RecordedFacts, Slug};
use domain::money::Cents;
use domain::starter;
use domain_verify::{FindingCode, Seen, Verification, World, verify};

const ENTRIES: usize = 5_000;
const SEEN: usize = 50_000;
const ROUNDS: usize = 5;
const PAYERS: usize = 40;
const FACILITIES: usize = 12;
const CEILING: Duration = Duration::from_secs(1);
const REMARKS: [&str; 12] =
    ["M15", "N56", "N130", "MA130", "N211", "MA01", "N115", "M127", "N706", "N657", "N20", "M76"];

/// The next number of a fixed sequence (Knuth's MMIX generator): the same facts in every run.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end
    }
}

fn payer(at: usize) -> String {
    format!("payer-{at:04}")
}

fn facility(at: usize) -> String {
    format!("facility-{at:02}")
}

fn slug(text: impl Into<String>) -> Slug {
    Slug::new(text).expect("generated names are slugs")
}

fn remark(at: usize) -> Rarc {
    Rarc::new(REMARKS[at % REMARKS.len()]).expect("the list holds remark codes")
}

/// What a tenant might add to a base entry; the number makes each addition different.
fn narrowed(base: &Match, number: usize, payers: usize) -> Match {
    let mut wanted = base.clone();
    wanted.payer = Selector::Exact(slug(payer(number / 5 % payers)));
    match number % 5 {
        0 => {}
        1 => wanted.rarc = RarcMatch { all: vec![remark(number % 3)], ..RarcMatch::default() },
        2 => wanted.facility = Selector::Exact(slug(facility(number / 5 % FACILITIES))),
        3 => wanted.amount = AmountRange { at_least: Some(Cents::new(100_000)), at_most: None },
        _ => {
            wanted.procedure =
                ProcedureMatch::Range { from: "99202".to_owned(), to: "99499".to_owned() };
        }
    }
    wanted
}

/// The starter dictionary and additions of so many payers a reason code.
fn bundle(payers: usize) -> Bundle {
    let mut bundle = starter::bundle();
    let base: Vec<Entry> = bundle.entries.clone();
    let mut number = 0;
    while bundle.entries.len() < ENTRIES {
        let from = &base[(number / (5 * payers)) * 7 % base.len()];
        bundle.entries.push(Entry {
            slug: slug(format!("{}.{number}", from.slug)),
            matches: narrowed(&from.matches, number, payers),
            meaning: from.meaning.clone(),
        });
        number += 1;
    }
    bundle
}

/// Combinations as a claim stream has them: nearly all current codes, up to three remarks, and
/// one in a hundred with a code that nobody knows.
fn seen(bundle: &Bundle, payers: usize) -> Vec<Seen> {
    let mut sequence = Sequence(42);
    let codes: Vec<Carc> =
        bundle.entries.iter().flat_map(|entry| entry.matches.carc.values().to_vec()).collect();
    let one = |sequence: &mut Sequence| {
        let unknown = 9_000 + sequence.below(100) * 10;
        let carc = codes
            .get(sequence.below(codes.len() + codes.len() / 100))
            .copied()
            .unwrap_or_else(|| Carc::new(&unknown.to_string()).expect("a short number is a code"));
        let rarcs: Vec<Rarc> =
            (0..sequence.below(4)).map(|_| remark(sequence.below(REMARKS.len()))).collect();
        let group = Group::VALID[sequence.below(4)];
        let facts = RecordedFacts {
            payer: Some(payer(sequence.below(payers * 2))),
            facility: Some(facility(sequence.below(FACILITIES))),
            procedure: Some(format!("{:05}", 99_000 + sequence.below(999))),
            ..RecordedFacts::of(&Facts::of_codes(group, carc, &rarcs))
        };
        let denials = 1 + sequence.below(500) as u64;
        Seen { facts, denials, cents: denials as i64 * 12_345 }
    };
    (0..SEEN).map(|_| one(&mut sequence)).collect()
}

fn world(bundle: &Bundle, payers: usize) -> World {
    let day = "2026-11-01".parse().expect("a day");
    let mut world = World::new(day, &starter::codes()).expect("the tables hold codes");
    world.teams = starter::TEAMS.iter().map(|team| team.slug.to_owned()).collect();
    world.payers = (0..payers * 2).map(payer).collect();
    world.facilities = (0..FACILITIES).map(facility).collect();
    world.seen = seen(bundle, payers);
    world
}

/// Verifies a few times and tells the best time.
fn measure(name: &str, payers: usize) -> (Duration, Verification) {
    let bundle = bundle(payers);
    let world = world(&bundle, payers);
    let mut best = Duration::MAX;
    let mut verification = None;
    for _ in 0..ROUNDS {
        let started = Instant::now();
        verification = Some(verify(&bundle, &world));
        best = best.min(started.elapsed());
    }
    let verification = verification.expect("there is at least one round");
    println!("{name}: {} entries, {} combinations", bundle.entries.len(), world.seen.len());
    println!("  {best:?} on one core (best of {ROUNDS} rounds)");
    println!("  {:?}", verification.proven);
    for code in FindingCode::ALL {
        let found = verification.findings.iter().filter(|finding| finding.code == *code).count();
        if found > 0 {
            println!("  {code}: {found}");
        }
    }
    (best, verification)
}

fn main() -> ExitCode {
    let (spread, verification) = measure("spread over the code list", PAYERS);
    let (heaped, _) = measure("heaped on few codes", ENTRIES / 15);
    let sound = verification.passed && verification.proven.not_proven == 0;
    if sound && spread <= CEILING && heaped <= CEILING {
        ExitCode::SUCCESS
    } else {
        println!("more than {CEILING:?}, or not proven");
        ExitCode::FAILURE
    }
}
