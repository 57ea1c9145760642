//! Decisions a second with 5,000 entries on one core, and allocations per decision.
//!
//! The entries are the starter dictionary plus what tenants add to it: rules of one payer, of one
//! payer and remark, of one facility, and of amounts, dates and procedures, in equal parts.
//! Fails below 2,000,000 decisions a second, or when a decision that finds a match allocates.

#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::alloc::System;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use domain::codes::{Carc, Group, Rarc};
use domain::dictionary::selector::{AmountRange, ProcedureMatch, RarcMatch, Selector};
use domain::dictionary::{Bundle, Compiled, Entry, Facts, Match, RecordedFacts, Slug};
use domain::money::Cents;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ENTRIES: usize = 5_000;
const FACTS: usize = 4_096;
const ROUNDS: usize = 300;
const PAYERS: usize = 40;
const FACILITIES: usize = 12;
const FLOOR: u128 = 2_000_000;
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
    format!("payer-{at:03}")
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
fn narrowed(base: &Match, number: usize) -> Match {
    let mut wanted = base.clone();
    wanted.payer = Selector::Exact(slug(payer(number / 5 % PAYERS)));
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

fn bundle() -> Bundle {
    let mut bundle = domain::starter::bundle();
    let base: Vec<Entry> = bundle.entries.clone();
    let mut number = 0;
    while bundle.entries.len() < ENTRIES {
        // One round adds every payer of one kind to few codes, so that lists get long.
        let from = &base[(number / (5 * PAYERS)) * 7 % base.len()];
        bundle.entries.push(Entry {
            slug: slug(format!("{}.{number}", from.slug)),
            matches: narrowed(&from.matches, number),
            meaning: from.meaning.clone(),
        });
        number += 1;
    }
    bundle
}

/// Facts as a claim stream has them: nearly all current codes, up to three remarks.
fn facts(bundle: &Bundle) -> Vec<RecordedFacts> {
    let mut sequence = Sequence(42);
    let codes: Vec<Carc> =
        bundle.entries.iter().flat_map(|entry| entry.matches.carc.values().to_vec()).collect();
    let one = |sequence: &mut Sequence| {
        let carc = codes[sequence.below(codes.len())];
        let rarcs: Vec<Rarc> =
            (0..sequence.below(4)).map(|_| remark(sequence.below(REMARKS.len()))).collect();
        let group = Group::VALID[sequence.below(4)];
        RecordedFacts {
            payer: Some(payer(sequence.below(PAYERS * 2))),
            facility: Some(facility(sequence.below(FACILITIES))),
            procedure: Some(format!("{:05}", 99_000 + sequence.below(999))),
            amount: Some(Cents::new(sequence.below(500_000) as i64)),
            ..RecordedFacts::of(&Facts::of_codes(group, carc, &rarcs))
        }
    };
    (0..FACTS).map(|_| one(&mut sequence)).collect()
}

fn main() -> ExitCode {
    let bundle = bundle();
    let started = Instant::now();
    let compiled = Compiled::new(&bundle).expect("the generated entries have no conflict");
    println!("compiled {} entries in {:?}", bundle.entries.len(), started.elapsed());
    let facts = facts(&bundle);
    let facts: Vec<Facts<'_>> = facts.iter().map(RecordedFacts::facts).collect();
    let matched = facts.iter().filter(|facts| compiled.decide(facts).entry().is_some()).count();
    println!("{matched} of {} facts find a match", facts.len());

    let mut best = Duration::MAX;
    let region = Region::new(ALLOCATOR);
    for _ in 0..ROUNDS {
        let started = Instant::now();
        for facts in &facts {
            black_box(compiled.decide(black_box(facts)));
        }
        best = best.min(started.elapsed());
    }
    let allocations = region.change().allocations;
    let rate = facts.len() as u128 * 1_000_000_000 / best.as_nanos().max(1);
    println!("{rate} decisions a second on one core (best of {ROUNDS} rounds)");
    println!("{allocations} allocations in {} decisions", ROUNDS * facts.len());
    if rate >= FLOOR && allocations == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
