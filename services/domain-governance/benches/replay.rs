//! A replay of twelve months: 200,000 signatures, 1 million denials, 10 million with
//! `--ten-million`; 2 % of the denials residual, then 20 %.
//!
//! Half of the residual denials meet an entry that asks for an amount, the other half a deadline
//! rule that the draft changes. The dictionary is the starter's with what tenants add, 5,000
//! entries in all. Every replay runs twice, the second time backwards, and both must agree.
//!
//! Fails when both runs together would take more than 5 s with 10 million denials and 2 %
//! residual, or more than 256 MiB, or when they disagree. A replay is one thread that waits for
//! nothing, so it is judged by its time on the CPU: on a busy machine the rest is others' work.

#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use domain::codes::{Carc, Group, Lob, Network, Rarc};
use domain::deadline::{Basis, ClockEvent, ClockStarts, Evidence, PayerType, Rule, Unit};
use domain::dictionary::selector::{AmountRange, RarcMatch, Selector};
use domain::dictionary::vocabulary::{Likelihood, NextAction, OwnerFunction, RecordClass};
use domain::dictionary::{Bundle, Compiled, Entry, Facts, Match, Slug};
use domain::money::Cents;
use domain_governance::replay::{Answer, Denial, History, Replay, Signature, Summary, Tally};
use uuid::Uuid;

const SIGNATURES: usize = 200_000;
const ENTRIES: usize = 5_000;
const PAYERS: usize = 40;
const FACILITIES: usize = 12;
const SECONDS_MAX: f64 = 5.0;
const PEAK_MAX_KIB: u64 = 256 * 1024;
const REMARKS: [&str; 6] = ["M15", "N56", "N130", "N706", "N115", "M127"];

/// The payer of denials that meet an entry with an amount.
const BY_AMOUNT: &str = "by-amount";
/// The payer whose contract's window the draft changes.
const BY_DEADLINE: &str = "by-deadline";

/// The next number of a fixed sequence (Knuth's MMIX generator): the same history in every run.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end
    }
}

fn slug(text: impl Into<String>) -> Slug {
    Slug::new(text).expect("generated names are slugs")
}

fn remark(at: usize) -> Rarc {
    Rarc::new(REMARKS[at % REMARKS.len()]).expect("the list holds remark codes")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// The starter dictionary, every denial of one payer split by amount, and what tenants add.
fn bundle() -> Bundle {
    let mut bundle = domain::starter::bundle();
    let base: Vec<Entry> = bundle.entries.clone();
    let add = |bundle: &mut Bundle, from: &Entry, name: String, matches: Match| {
        let entry = Entry { slug: slug(name), matches, meaning: from.meaning.clone() };
        bundle.entries.push(entry);
    };
    for from in &base {
        let mut matches = from.matches.clone();
        matches.payer = Selector::Exact(slug(BY_AMOUNT));
        matches.amount = AmountRange { at_least: Some(Cents::new(100_000)), at_most: None };
        add(&mut bundle, from, format!("{}.large", from.slug), matches);
    }
    let mut number = 0;
    while bundle.entries.len() < ENTRIES {
        let from = &base[(number / (3 * PAYERS)) * 7 % base.len()];
        let mut matches = from.matches.clone();
        matches.payer = Selector::Exact(slug(format!("payer-{:03}", number / 3 % PAYERS)));
        match number % 3 {
            0 => {}
            1 => matches.rarc = RarcMatch { all: vec![remark(number)], ..RarcMatch::default() },
            _ => {
                let facility = format!("facility-{:02}", number / 3 % FACILITIES);
                matches.facility = Selector::Exact(slug(facility));
            }
        }
        add(&mut bundle, from, format!("{}.{number}", from.slug), matches);
        number += 1;
    }
    let contract = Rule {
        slug: "contract".to_owned(),
        payer: Some(BY_DEADLINE.to_owned()),
        basis: Basis::Contract,
        count: Some(180),
        unit: Unit::Day,
        ..commercial_appeal(&bundle)
    };
    bundle.deadline_rules.push(contract);
    bundle
}

fn commercial_appeal(bundle: &Bundle) -> Rule {
    let appeal = bundle.deadline_rules.iter().find(|rule| {
        rule.payer_type == PayerType::Commercial
            && rule.path == domain::deadline::Path::AppealLevel1
            && rule.unit == Unit::Day
    });
    appeal.expect("the starter has a window for commercial appeals").clone()
}

/// What the committee is asked to agree on: some entries, all large amounts, one window.
fn draft(active: &Bundle) -> Bundle {
    let mut draft = active.clone();
    for (at, entry) in draft.entries.iter_mut().enumerate() {
        if entry.slug.as_str().ends_with(".large") {
            entry.meaning.owner_function = OwnerFunction::ClinicalAppeals;
        } else if at % 40 == 0 && entry.meaning.record_class == RecordClass::Denial {
            entry.meaning.next_action = NextAction::PayerInquiry;
        }
    }
    let contract = draft.deadline_rules.iter_mut().find(|rule| rule.slug == "contract");
    contract.expect("it is in the active bundle").count = Some(90);
    draft
}

/// A history: signatures in their stored form with their tallies, denials made when asked for.
struct Ledger {
    signatures: Vec<(Box<[u8]>, Tally)>,
    each: usize,
    fold: Duration,
}

impl Ledger {
    fn new(bundle: &Bundle, denials: usize, residual_percent: usize) -> Self {
        let codes = codes(bundle);
        let each = denials / SIGNATURES;
        let mut fold = Duration::ZERO;
        let mut signatures = Vec::with_capacity(SIGNATURES);
        for at in 0..SIGNATURES {
            let mut tally = Tally::ZERO;
            for (_, amount, _) in denials_of(at, each) {
                tally += Tally::one(amount);
            }
            signatures.push((stored(&codes, at, residual_percent, &mut fold), tally));
        }
        Self { signatures, each, fold }
    }

    fn replay(&self, active: &Compiled, draft: &Compiled, order: &[usize]) -> Run {
        let (started, cpu) = (Instant::now(), on_cpu());
        let mut replay = Replay::new(active, draft, day("2026-11-26"));
        let mut residual = Vec::new();
        for &at in order {
            let (encoded, tally) = &self.signatures[at];
            let signature = Signature::decode(encoded).expect("it was encoded");
            if replay.add(&signature, *tally) == Answer::Residual {
                residual.push(at);
            }
        }
        let settled = on_cpu();
        for &at in &residual {
            self.hand_in(&mut replay, at);
        }
        let history = History { starts_on: day("2025-12-01"), ends_on: day("2026-11-26") };
        let summary = replay.finish(history).expect("fold and ledger agree");
        Run {
            summary,
            denials: residual.len() * self.each,
            settled: settled - cpu,
            residual: on_cpu() - settled,
            elapsed: started.elapsed(),
        }
    }

    fn hand_in(&self, replay: &mut Replay<'_>, at: usize) {
        let signature = Signature::decode(&self.signatures[at].0).expect("it was encoded");
        for (number, amount, decided_on) in denials_of(at, self.each) {
            let service_on = decided_on - Days::new(30);
            let starts = ClockStarts::new()
                .with(ClockEvent::NoticeDate, decided_on, Evidence::Remittance)
                .with(ClockEvent::RequestDate, decided_on, Evidence::Remittance)
                .with(ClockEvent::ServiceDate, service_on, Evidence::Remittance);
            let id = Uuid::from_u128((at as u128) << 64 | number as u128);
            let service_on = Some(service_on);
            let denial = Denial { id, amount, service_on, decided_on, starts: &starts };
            replay.add_denial(&signature, &denial);
        }
    }
}

struct Run {
    summary: Summary,
    /// How many denials were handed in one by one.
    denials: usize,
    /// On the CPU, for the signatures.
    settled: Duration,
    /// On the CPU, for the denials.
    residual: Duration,
    elapsed: Duration,
}

/// The codes of denials that may be appealed, so that each has a window.
fn codes(bundle: &Bundle) -> Vec<(Group, Carc)> {
    let denials = bundle.entries.iter().filter(|entry| {
        let meaning = &entry.meaning;
        meaning.record_class == RecordClass::Denial && meaning.appealable != Likelihood::No
    });
    let mut codes: Vec<(Group, Carc)> = denials
        .flat_map(|entry| {
            let groups = entry.matches.group.values().iter();
            groups.flat_map(|group| entry.matches.carc.values().iter().map(|code| (*group, *code)))
        })
        .collect();
    codes.sort();
    codes.dedup();
    codes
}

/// A signature in its stored form; adds the time it takes to fold a denial into it.
fn stored(
    codes: &[(Group, Carc)],
    at: usize,
    residual_percent: usize,
    fold: &mut Duration,
) -> Box<[u8]> {
    let mut sequence = Sequence(at as u64);
    let remarks: Vec<Rarc> =
        (0..sequence.below(3)).map(|_| remark(sequence.below(REMARKS.len()))).collect();
    let payer = match at % 200 {
        part if part < residual_percent => BY_AMOUNT.to_owned(),
        part if part < 2 * residual_percent => BY_DEADLINE.to_owned(),
        _ => format!("payer-{:03}", sequence.below(PAYERS * 2)),
    };
    let facility = format!("facility-{:02}", sequence.below(FACILITIES));
    let service_line = format!("line-{}", at / 100_000);
    let procedure = format!("{:05}", at % 100_000);
    let (group, carc) = codes[sequence.below(codes.len())];
    let facts = Facts {
        payer: Some(&payer),
        lob: Some(Lob::Commercial),
        network: Some(Network::InNetwork),
        facility: Some(&facility),
        service_line: Some(&service_line),
        procedure: Some(&procedure),
        ..Facts::of_codes(group, carc, &remarks)
    };
    let started = Instant::now();
    let signature = Signature::of(&facts);
    std::hint::black_box(signature.key());
    *fold += started.elapsed();
    signature.encoded().into()
}

/// The denials of a signature: a number, an amount and the day of the remittance.
fn denials_of(at: usize, each: usize) -> impl Iterator<Item = (usize, Cents, NaiveDate)> {
    let mut sequence = Sequence(!(at as u64));
    let first = day("2025-12-01");
    (0..each).map(move |number| {
        let amount = Cents::new(sequence.below(200_000) as i64 + 1);
        (number, amount, first + Days::new(sequence.below(360) as u64))
    })
}

/// How long this thread ran; less than what passed where others ran in between.
fn on_cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/schedstat").expect("the kernel says");
    let nanos = stat.split_whitespace().next().expect("the first number is the time on the CPU");
    Duration::from_nanos(nanos.parse().expect("a number"))
}

/// The most memory this process ever held, in KiB.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the kernel says");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("it is listed");
    let number = line.split_whitespace().nth(1).expect("a number");
    number.parse().expect("a number")
}

/// Replays forwards and backwards; how long both take with ten million denials, if they agree.
fn measure(revisions: [&Compiled; 2], denials: usize, residual_percent: usize) -> Option<f64> {
    let [active, draft] = revisions;
    let ledger = Ledger::new(active.bundle(), denials, residual_percent);
    let mut order: Vec<usize> = (0..SIGNATURES).collect();
    let first = ledger.replay(active, draft, &order);
    order.reverse();
    let second = ledger.replay(active, draft, &order);
    let summary = &first.summary;
    println!(
        "{denials} denials, {:.1} % residual ({}): {} changed, {} deadlines missed, {} kinds",
        100.0 * first.denials as f64 / denials as f64,
        first.denials,
        summary.changed.denials,
        summary.missed_deadlines.denials,
        summary.changes.len(),
    );
    let (mut at_ten_million, scale) = (0.0, 10_000_000.0 / denials as f64);
    for run in [&first, &second] {
        let (settled, residual) = (run.settled.as_secs_f64(), run.residual.as_secs_f64());
        let elapsed = run.elapsed.as_secs_f64();
        println!("  signatures {settled:.2} s, denials {residual:.2} s; elapsed {elapsed:.2} s");
        at_ten_million += settled + residual * scale;
    }
    let nanos = ledger.fold.as_nanos() / SIGNATURES as u128;
    println!("  both runs with ten million: {at_ten_million:.2} s; folding a denial: {nanos} ns");
    println!("  peak memory: {} MiB; signature {}", peak_kib() / 1024, summary.signature);
    (first.summary == second.summary).then_some(at_ten_million)
}

fn main() -> ExitCode {
    let ten_million = std::env::args().any(|argument| argument == "--ten-million");
    let denials = if ten_million { 10_000_000 } else { 1_000_000 };
    let active = bundle();
    let draft = draft(&active);
    let compiled = [&active, &draft]
        .map(|bundle| Compiled::new(bundle).expect("the generated entries have no conflict"));
    drop((active, draft));
    let revisions = [&compiled[0], &compiled[1]];
    let few = measure(revisions, denials, 2);
    let peak = peak_kib();
    let many = measure(revisions, denials, 20);
    let holds = few.is_some_and(|seconds| seconds <= SECONDS_MAX) && peak <= PEAK_MAX_KIB;
    if holds && many.is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
