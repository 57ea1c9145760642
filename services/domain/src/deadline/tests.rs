//! Deadlines: the file, the calculation, the choice.

mod choosing;
mod computing;
mod loading;
mod table;

use chrono::NaiveDate;

use super::*;
use crate::calendar::{MonthEnd, Roll, Zone};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A rule of the file built in.
fn published(slug: &str) -> Rule {
    starter_rules().into_iter().find(|rule| rule.slug == slug).unwrap()
}

fn remitted(on: &str) -> ClockStarts {
    ClockStarts::new().with(ClockEvent::NoticeDate, day(on), Evidence::Remittance)
}

/// So many calendar days from the date of the remittance, without a clause on weekends.
fn rule(slug: &str, payer_type: PayerType, basis: Basis, count: u32) -> Rule {
    Rule {
        slug: slug.into(),
        payer_type,
        payer: None,
        payer_words: "a payer".into(),
        network: None,
        basis,
        path: Path::AppealLevel1,
        level: "first appeal".into(),
        count: Some(count),
        unit: Unit::Day,
        fixed: None,
        shares_window_of: None,
        month_end: None,
        roll: Roll::None,
        filed_when: FiledWhen::Received,
        counted_from: ClockEvent::NoticeDate,
        counted_from_words: "remittance date".into(),
        presumed_receipt_days: 0,
        decision_words: String::new(),
        decision_days: None,
        threshold: String::new(),
        notes: String::new(),
        guess: false,
        source: "a clause".into(),
        confidence: Confidence::A,
        effective_from: None,
        effective_until: None,
    }
}
