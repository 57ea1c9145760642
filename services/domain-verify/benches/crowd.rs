//! How long a hostile bundle can keep a core: at the limits of what is compared, and beyond them.
//!
//! Fails when compiling or refusing any of them takes over a second.

#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use domain::codes::Carc;
use domain::dictionary::selector::{RarcMatch, Selector};
use domain::dictionary::{Bundle, Compiled, Entry, Match, Slug};
use domain_verify::crowd;

const CEILING: Duration = Duration::from_secs(1);

fn slug(text: impl Into<String>) -> Slug {
    Slug::new(text).expect("generated names are slugs")
}

/// The starter dictionary with `entries` more, each with `payers` of its own, under one code.
fn many(entries: usize, payers: usize) -> Bundle {
    let mut bundle = domain::starter::bundle();
    let from = bundle.entries[0].clone();
    for at in 0..entries {
        let own = (0..payers).map(|payer| slug(format!("{at:x}-{payer:x}")));
        bundle.entries.push(Entry {
            slug: slug(format!("crowd.{at}")),
            matches: Match {
                carc: Selector::of([Carc::new("ZZ9").expect("it is of the form of a code")]),
                payer: Selector::of(own),
                rarc: RarcMatch::default(),
                ..from.matches.clone()
            },
            meaning: from.meaning.clone(),
        });
    }
    bundle
}

/// Refuses or compiles a bundle; whether it took too long.
fn slow(name: &str, bundle: &Bundle) -> bool {
    let started = Instant::now();
    let told = match crowd(bundle) {
        Some(words) => words,
        None => match Compiled::new(bundle) {
            Ok(_) => "compiled".to_owned(),
            Err(conflicts) => format!("{} refusals, the first: {}", conflicts.len(), conflicts[0]),
        },
    };
    let took = started.elapsed();
    println!("{name}: {took:?}, {told}");
    took > CEILING
}

fn main() -> ExitCode {
    let alike = |mut bundle: Bundle| {
        for entry in &mut bundle.entries {
            if entry.slug.as_str().starts_with("crowd.") {
                entry.matches.payer = Selector::Any;
            }
        }
        bundle
    };
    let slow = [
        slow("5,000 entries under one code", &many(5_000, 1)),
        slow("5,000 entries under one code, all alike", &alike(many(5_000, 1))),
        slow("10 entries of 20,000 payers each", &many(10, 20_000)),
        slow("70,000 entries under one code", &many(70_000, 1)),
        slow("150 entries of 30,000 payers each", &many(150, 30_000)),
    ];
    if slow.contains(&true) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
