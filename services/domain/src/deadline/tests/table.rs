//! Last days that another calendar computed, each with its clause: every rule of the file that counts
//! by itself, from starts at month ends, before holidays, leap days and changes of clocks.
//!
//! `cases.csv` is the work of a Python program on `dateutil` and `holidays` (federal, as observed);
//! none of it comes out of this crate.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::*;

#[test]
fn rules_give_the_last_days_that_another_calendar_computed() {
    let rules = starter_rules();
    let mut cases = csv::Reader::from_reader(include_bytes!("cases.csv").as_slice());
    let (mut count, mut met) = (0, BTreeSet::new());
    for case in cases.records() {
        let case = case.unwrap();
        let [slug, event, on, zone, last_day, ends_at, clause] =
            std::array::from_fn(|at| case.get(at).unwrap());
        let rule = rules.iter().find(|rule| rule.slug == slug).unwrap();
        let event = ClockEvent::parse(event).unwrap();
        let starts = ClockStarts::new().with(event, day(on), Evidence::Stated);
        let found = compute(rule, &starts, zone.parse().unwrap());
        let found = found.unwrap_or_else(|error| panic!("{slug} from {on}: {error}"));
        assert_eq!(found.last_day, day(last_day), "{slug} from {on}: {:?}", found.steps);
        let ends_at: DateTime<Utc> = ends_at.parse().unwrap();
        assert_eq!(found.ends_at(), Some(ends_at), "{slug} from {on} in {zone}");
        assert!(found.source.starts_with(clause), "{slug}: {}", found.source);
        // The same arguments give the same date.
        assert_eq!(compute(rule, &starts, zone.parse().unwrap()), Ok(found));
        count += 1;
        met.insert(slug.to_owned());
    }
    assert!(count >= 120, "{count} cases");
    let counts = |rule: &&Rule| {
        !matches!(rule.unit, Unit::Contract | Unit::RemainingWindow)
            && rule.confidence != Confidence::D
    };
    let missed: Vec<&str> = rules
        .iter()
        .filter(counts)
        .map(|rule| rule.slug.as_str())
        .filter(|slug| !met.contains(*slug))
        .collect();
    assert_eq!(missed, Vec::<&str>::new());
}
