use domain::codes::Group;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Today of these tests.
fn today() -> NaiveDate {
    day("2026-06-15")
}

fn code(periods: &[(&str, &str)]) -> Code {
    let end = |text: &str| (!text.is_empty()).then(|| day(text));
    let period = |(start, stop): &(&str, &str)| Period { start_on: end(start), stop_on: end(stop) };
    Code {
        code: "197".to_owned(),
        label: "Authorization missing".to_owned(),
        periods: periods.iter().map(period).collect(),
        alert: false,
        remark_required: false,
        groups_allowed: Vec::new(),
    }
}

fn between(before: &[(&str, &str)], after: &[(&str, &str)]) -> (Kind, String) {
    let found = changes([&code(before)], [&code(after)], today());
    let [Change { kind, words, .. }] = found.as_slice() else { panic!("{found:?}") };
    (*kind, words.clone())
}

#[test]
fn a_stop_is_ahead_or_behind_and_may_be_taken_back() {
    let open: &[_] = &[("1995-01-01", "")];
    let words = |kind, text: &str| (kind, text.to_owned());
    let stopping = between(open, &[("1995-01-01", "2026-12-31")]);
    assert_eq!(stopping, words(Kind::Stopping, "stops on 2026-12-31"));
    // Its last day is a day of use.
    assert_eq!(between(open, &[("1995-01-01", "2026-06-15")]).0, Kind::Stopping);
    let (kind, said) = between(open, &[("1995-01-01", "2026-06-14")]);
    assert_eq!(kind, Kind::Stopped);
    assert!(said.contains("2026-06-14") && said.contains("reversals"), "{said}");
    let moved = between(&[("", "2026-12-31")], &[("", "2027-06-30")]);
    assert_eq!(moved, words(Kind::Stopping, "stops on 2027-06-30"));
    let back = between(&[("", "2026-12-31")], &[("", "")]);
    assert_eq!(back, words(Kind::Reactivated, "goes on: its stop on 2026-12-31 was taken back"));
}

#[test]
fn a_code_comes_back_at_once_or_later() {
    let stopped: &[_] = &[("1995-01-01", "2010-06-30")];
    let words = |text: &str| (Kind::Reactivated, text.to_owned());
    let again = between(stopped, &[("1995-01-01", "2010-06-30"), ("2026-03-01", "")]);
    assert_eq!(again, words("may be used again, since 2026-03-01"));
    assert_eq!(between(stopped, &[("", "")]), words("may be used again"));
    let later = between(stopped, &[("1995-01-01", "2010-06-30"), ("2026-09-01", "")]);
    assert_eq!(later, words("may be used again from 2026-09-01"));
}

#[test]
fn what_only_moves_a_first_day_is_an_amendment() {
    let moved = between(&[("1995-01-01", "")], &[("1996-01-01", "")]);
    assert_eq!(moved, (Kind::Amended, "may be used from 1996-01-01 on".to_owned()));
    assert_eq!(between(&[("2026-09-01", "")], &[("2026-06-01", "")]).0, Kind::Amended);
    assert_eq!(between(&[("2026-01-01", "")], &[("2026-09-01", "")]).0, Kind::Amended);
    assert_eq!(between(&[("", "2010-01-01")], &[("", "2011-01-01")]).0, Kind::Amended);
}

#[test]
fn a_code_may_change_in_several_ways_and_what_the_calendar_did_is_no_change() {
    let before = code(&[("1995-01-01", "2026-05-31")]);
    assert_eq!(changes([&before], [&before], today()), [], "it stopped by itself");
    let after = Code {
        label: "Another text".to_owned(),
        alert: true,
        groups_allowed: vec![Group::CO, Group::PR],
        ..code(&[("1995-01-01", "2026-12-31")])
    };
    let kinds: Vec<_> =
        changes([&before], [&after], today()).into_iter().map(|it| (it.kind, it.words)).collect();
    let amended = "is an alert now: it explains no adjustment; may stand under CO or PR only";
    let expected = [
        (Kind::Reworded, "has another text"),
        (Kind::Reactivated, "may be used again, since 1995-01-01"),
        (Kind::Amended, amended),
    ];
    assert_eq!(kinds, expected.map(|(kind, words)| (kind, words.to_owned())));
    assert_eq!(changes([], [&after], today())[0].kind, Kind::Added);
}

fn any_code() -> impl Strategy<Value = Code> {
    let days = -400_i64..400;
    let period = (prop::option::of(days), prop::option::of(0_i64..400));
    let periods = prop::collection::vec(period, 0..3);
    (periods, "[ab]", any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(periods, label, alert, remark_required, limited)| {
            let at = |offset: i64| today() + chrono::TimeDelta::days(offset);
            let period = |(start, length): &(Option<i64>, Option<i64>)| Period {
                start_on: start.map(at),
                stop_on: length.map(|length| at(start.unwrap_or(-200) + length)),
            };
            Code {
                code: "1".to_owned(),
                label,
                periods: periods.iter().map(period).collect(),
                alert,
                remark_required,
                groups_allowed: if limited { vec![Group::PR] } else { Vec::new() },
            }
        },
    )
}

proptest! {
    #[test]
    fn there_is_a_change_exactly_where_codes_differ(before in any_code(), after in any_code()) {
        let found = changes([&before], [&after], today());
        prop_assert_eq!(found.is_empty(), before == after);
        let mut kinds: Vec<Kind> = found.iter().map(|change| change.kind).collect();
        kinds.sort();
        kinds.dedup();
        prop_assert_eq!(kinds.len(), found.len(), "a kind is said once of a code");
        // What is said of its days agrees with the days.
        let (was, is) = (before.is_valid_on(today()), after.is_valid_on(today()));
        for kind in kinds {
            match kind {
                Kind::Stopping => prop_assert!(was && is),
                Kind::Stopped => prop_assert!(was && !is),
                Kind::Reactivated => prop_assert!(!was || is),
                Kind::Added => prop_assert!(false, "the code was there"),
                Kind::Reworded | Kind::Amended => {}
            }
        }
    }
}
