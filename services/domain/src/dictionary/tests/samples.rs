//! Small bundles and facts for the tests of this module.

use std::sync::OnceLock;

use super::super::entry::{Entry, Match, Meaning, RootCause};
use super::super::selector::{AmountRange, RarcMatch, Selector, Slug};
use super::super::vocabulary::{
    Category, Hardness, Likelihood, NextAction, OwnerFunction, RecordClass, UpstreamProcess,
};
use super::super::{Bundle, Compiled, RecordedFacts};
use crate::codes::{Carc, Group, Rarc};
use crate::money::{BasisPoints, Cents};
use crate::{dictionary::Facts, starter};

pub(crate) fn carc(code: &str) -> Carc {
    Carc::new(code).unwrap()
}

pub(crate) fn rarc(code: &str) -> Rarc {
    Rarc::new(code).unwrap()
}

pub(crate) fn rarcs(codes: &[&str]) -> Vec<Rarc> {
    codes.iter().map(|code| rarc(code)).collect()
}

pub(crate) fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

/// A denial that is appealed by the appeals team.
pub(crate) fn meaning() -> Meaning {
    Meaning {
        label: "a denial".to_owned(),
        record_class: RecordClass::Denial,
        category: Category::MedicalNecessity,
        hardness: Hardness::Hard,
        preventable: Likelihood::Conditional,
        appealable: Likelihood::Yes,
        root_cause: RootCause {
            process: UpstreamProcess::ClinicalDocumentation,
            words: "the record was thin".to_owned(),
        },
        owner_function: OwnerFunction::Appeals,
        next_action: NextAction::Appeal,
        action_words: "appeal".to_owned(),
        evidence: Vec::new(),
        paths: Vec::new(),
        escalation: Vec::new(),
        template: None,
        expected_overturn: BasisPoints::new(2_500),
        expected_days: 60,
        effort_minutes: 60,
        sign_offs: Vec::new(),
        review_reason: None,
        assumed: Vec::new(),
        notes: Vec::new(),
    }
}

pub(crate) fn entry(name: &str, matches: Match) -> Entry {
    Entry { slug: slug(name), matches, meaning: meaning() }
}

/// The starter bundle with these entries instead of its own.
pub(crate) fn bundle(entries: Vec<Entry>) -> Bundle {
    static STARTER: OnceLock<Bundle> = OnceLock::new();
    Bundle { entries, ..STARTER.get_or_init(starter::bundle).clone() }
}

pub(crate) fn compiled(entries: Vec<Entry>) -> Compiled {
    Compiled::new(&bundle(entries)).unwrap()
}

/// What an entry of the small space may ask for, by number.
pub(crate) fn small_match(choice: [usize; 5]) -> Match {
    let [remark, code, group, payer, amount] = choice;
    let list = |any: &[&str], all: &[&str], none: &[&str]| RarcMatch {
        any: rarcs(any),
        all: rarcs(all),
        none: rarcs(none),
    };
    let cents = |low: Option<i64>, high: Option<i64>| AmountRange {
        at_least: low.map(Cents::new),
        at_most: high.map(Cents::new),
    };
    Match {
        rarc: match remark {
            0 => RarcMatch::default(),
            1 => list(&["N1"], &[], &[]),
            2 => list(&["N1", "N2"], &[], &[]),
            3 => list(&[], &["N1", "N2"], &[]),
            4 => list(&[], &["N2"], &["N1"]),
            5 => list(&[], &[], &["N1"]),
            _ => list(&["N1", "N3"], &[], &["N2"]),
        },
        carc: match code {
            0 => Selector::Any,
            1 => Selector::of([carc("50")]),
            2 => Selector::of([carc("96")]),
            _ => Selector::of([carc("50"), carc("96")]),
        },
        group: match group {
            0 => Selector::Any,
            1 => Selector::of([Group::CO]),
            2 => Selector::of([Group::PR]),
            _ => Selector::of([Group::CO, Group::OA]),
        },
        payer: match payer {
            0 => Selector::Any,
            1 => Selector::of([slug("aetna")]),
            2 => Selector::of([slug("aetna"), slug("cigna")]),
            _ => Selector::of([slug("cigna"), slug("humana")]),
        },
        amount: match amount {
            0 => cents(None, None),
            1 => cents(Some(100), None),
            2 => cents(None, Some(99)),
            3 => cents(Some(50), Some(150)),
            _ => cents(Some(100), Some(100)),
        },
        ..Match::default()
    }
}

/// How many choices each number of [`small_match`] has.
pub(crate) const CHOICES: [usize; 5] = [7, 4, 4, 4, 5];

/// Every denial of the small space.
pub(crate) fn small_facts() -> Vec<RecordedFacts> {
    let mut all = Vec::new();
    for remarks in 0..8_usize {
        let remarks: Vec<Rarc> = ["N1", "N2", "N3"]
            .iter()
            .enumerate()
            .filter(|(at, _)| remarks >> at & 1 == 1)
            .map(|(_, code)| rarc(code))
            .collect();
        for code in ["50", "96"] {
            for group in Group::VALID {
                for payer in [None, Some("aetna"), Some("cigna"), Some("humana")] {
                    for amount in [49, 50, 99, 100, 101, 150, 151] {
                        all.push(RecordedFacts {
                            payer: payer.map(str::to_owned),
                            amount: Some(Cents::new(amount)),
                            ..RecordedFacts::of(&Facts::of_codes(group, carc(code), &remarks))
                        });
                    }
                }
            }
        }
    }
    all
}
