//! The time to diff two bundles of 5,000 entries on one core, in words and all.
//!
//! The entries are those of the starter dictionary, repeated under other names. Fails above 100 ms
//! with 500 entries that differ, and above it when every entry differs.

#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use domain::dictionary::selector::Selector;
use domain::dictionary::vocabulary::NextAction;
use domain::dictionary::{Bundle, Entry, Slug};
use domain::money::BasisPoints;
use domain_governance::diff::diff;

const ENTRIES: usize = 5_000;
const ROUNDS: usize = 40;
const LIMIT: Duration = Duration::from_millis(100);

fn slug(text: impl Into<String>) -> Slug {
    Slug::new(text).expect("generated names are slugs")
}

fn bundle() -> Bundle {
    let mut bundle = domain::starter::bundle();
    let base: Vec<Entry> = bundle.entries.clone();
    bundle.entries = (0..ENTRIES)
        .map(|number| {
            let mut entry = base[number % base.len()].clone();
            entry.slug = slug(format!("{}.{number}", entry.slug));
            entry.matches.payer = Selector::Exact(slug(format!("payer-{:03}", number % 40)));
            entry
        })
        .collect();
    bundle.normalize();
    bundle
}

/// What a committee might change in an entry: the payers, the step, the evidence, what is expected.
fn change(entry: &mut Entry) {
    entry.matches.payer = Selector::of([slug("payer-000"), slug("payer-900")]);
    let meaning = &mut entry.meaning;
    meaning.next_action = match meaning.next_action {
        NextAction::Appeal => NextAction::CorrectedClaim,
        _ => NextAction::Appeal,
    };
    meaning.action_words.push_str(" Attach the approval.");
    meaning.evidence.push(slug("authorization-approval"));
    meaning.expected_overturn = BasisPoints::new(meaning.expected_overturn.as_u32() / 2 + 100);
}

/// The best time of the rounds to find so many differences.
fn measure(from: &Bundle, to: &Bundle, expected: usize) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let found = black_box(diff(black_box(from), black_box(to)));
        best = best.min(started.elapsed());
        assert_eq!(found.len(), expected, "every changed entry is found");
    }
    println!("{expected} of {ENTRIES} entries differ: {best:?} (best of {ROUNDS} rounds)");
    best
}

fn main() -> ExitCode {
    let from = bundle();
    let changed = |every: usize| {
        let mut to = from.clone();
        to.entries.iter_mut().step_by(every).for_each(change);
        to.normalize();
        to
    };
    measure(&from, &from.clone(), 0);
    let some = measure(&from, &changed(10), ENTRIES / 10);
    let all = measure(&from, &changed(1), ENTRIES);
    if some.max(all) <= LIMIT { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
