//! Replays: the fold against every denial by itself, and the words of what is found.

mod folding;
mod naive;
mod random;
mod results;
mod signatures;

use std::sync::OnceLock;

use chrono::NaiveDate;
use domain::codes::{Carc, Rarc};
use domain::deadline::{ClockEvent, ClockStarts, Evidence, PayerType};
use domain::dictionary::{Bundle, Compiled, Entry, RecordedFacts, Slug};
use domain::money::Cents;
use uuid::Uuid;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

fn carc(code: &str) -> Carc {
    Carc::new(code).unwrap()
}

fn rarc(code: &str) -> Rarc {
    Rarc::new(code).unwrap()
}

/// A denial as the ledger holds it.
#[derive(Clone, Debug)]
struct Row {
    id: Uuid,
    facts: RecordedFacts,
    amount: Cents,
    remit_on: NaiveDate,
    starts: ClockStarts,
}

impl Row {
    fn new(number: u128, facts: RecordedFacts, remit_on: NaiveDate) -> Self {
        let mut starts = ClockStarts::new()
            .with(ClockEvent::NoticeDate, remit_on, Evidence::Remittance)
            .with(ClockEvent::RequestDate, remit_on, Evidence::Remittance);
        if let Some(service_on) = facts.service_on {
            starts = starts.with(ClockEvent::ServiceDate, service_on, Evidence::Remittance);
        }
        let amount = facts.amount.unwrap();
        Self { id: Uuid::from_u128(number), amount, facts, remit_on, starts }
    }

    fn signature(&self) -> Signature {
        Signature::of(&self.facts.facts())
    }

    fn denial(&self) -> Denial<'_> {
        Denial {
            id: self.id,
            amount: self.amount,
            service_on: self.facts.service_on,
            decided_on: self.remit_on,
            starts: &self.starts,
        }
    }
}

const REMARKS: [&str; 5] = ["M15", "N115", "MA130", "N130", "N706"];

/// What of the starter bundle is about a few codes, remarks and regimes.
fn small_bundle() -> Bundle {
    static SMALL: OnceLock<Bundle> = OnceLock::new();
    let small = || {
        let codes = ["1", "16", "18", "22", "29", "45", "50", "96", "197"].map(carc);
        let regimes = [PayerType::MedicareFfs, PayerType::MedicareAdvantage, PayerType::Commercial];
        let mut bundle = domain::starter::bundle();
        let names = |entry: &Entry| entry.matches.carc.values().iter().any(|c| codes.contains(c));
        bundle.entries.retain(names);
        bundle.remark_rules.retain(|rule| REMARKS.contains(&rule.rarc.as_str()));
        bundle.deadline_rules.retain(|rule| regimes.contains(&rule.payer_type));
        bundle.metric_definitions.clear();
        bundle
    };
    SMALL.get_or_init(small).clone()
}

fn compiled(bundle: &Bundle) -> Compiled {
    Compiled::new(bundle).unwrap()
}

const TODAY: &str = "2026-11-26";

fn history() -> History {
    History { starts_on: day("2025-12-01"), ends_on: day(TODAY) }
}

/// Folds rows, hands in every signature in the given order, then the rows of the residual ones.
/// Says how many rows were residual.
fn replay(active: &Compiled, draft: &Compiled, rows: &[Row]) -> (Summary, usize) {
    let mut signatures: Vec<(Signature, Tally)> = Vec::new();
    for row in rows {
        let signature = row.signature();
        match signatures.iter_mut().find(|(held, _)| *held == signature) {
            Some((_, tally)) => *tally += Tally::one(row.amount),
            None => signatures.push((signature, Tally::one(row.amount))),
        }
    }
    let mut replay = Replay::new(active, draft, day(TODAY));
    let residual: Vec<Signature> = signatures
        .into_iter()
        .filter(|(signature, tally)| replay.add(signature, *tally) == Answer::Residual)
        .map(|(signature, _)| Signature::decode(signature.encoded()).unwrap())
        .collect();
    let mut handed_in = 0;
    for row in rows {
        let signature = row.signature();
        if residual.contains(&signature) {
            replay.add_denial(&signature, &row.denial());
            handed_in += 1;
        }
    }
    (replay.finish(history()).unwrap(), handed_in)
}
