use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0..36_525_i64).prop_map(|days| day("1990-01-01") + TimeDelta::days(days))
}

/// Observed days as the Office of Personnel Management publishes them.
const PUBLISHED: [(i32, [&str; 11]); 5] = [
    (
        2024,
        [
            "01-01", "01-15", "02-19", "05-27", "06-19", "07-04", "09-02", "10-14", "11-11",
            "11-28", "12-25",
        ],
    ),
    (
        2025,
        [
            "01-01", "01-20", "02-17", "05-26", "06-19", "07-04", "09-01", "10-13", "11-11",
            "11-27", "12-25",
        ],
    ),
    (
        2026,
        [
            "01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "09-07", "10-12", "11-11",
            "11-26", "12-25",
        ],
    ),
    (
        2027,
        [
            "01-01", "01-18", "02-15", "05-31", "06-18", "07-05", "09-06", "10-11", "11-11",
            "11-25", "12-24",
        ],
    ),
    (
        2028,
        [
            "2027-12-31",
            "01-17",
            "02-21",
            "05-29",
            "06-19",
            "07-04",
            "09-04",
            "10-09",
            "11-10",
            "11-23",
            "12-25",
        ],
    ),
];

#[test]
fn holidays_are_those_published_for_2024_to_2028() {
    for (year, expected) in PUBLISHED {
        let full =
            |text: &str| if text.len() == 5 { format!("{year}-{text}") } else { text.to_owned() };
        let expected: Vec<NaiveDate> = expected.iter().map(|text| day(&full(text))).collect();
        let computed: Vec<NaiveDate> = federal_holidays(year).iter().map(|(on, _)| *on).collect();
        assert_eq!(computed, expected, "{year}");
        for on in expected {
            assert!(federal_holiday(on).is_some() && !is_business_day(on), "{on}");
        }
    }
}

#[test]
fn a_year_has_no_other_holidays_than_the_listed_ones() {
    for year in 2019..=2035 {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let found = first.iter_days().take_while(|on| on.year() == year);
        let found: Vec<NaiveDate> = found.filter(|on| federal_holiday(*on).is_some()).collect();
        let mut listed: Vec<NaiveDate> = [year, year + 1]
            .into_iter()
            .flat_map(federal_holidays)
            .map(|(on, _)| on)
            .filter(|on| on.year() == year)
            .collect();
        listed.sort();
        assert_eq!(found, listed, "{year}");
    }
}

#[test]
fn juneteenth_begins_in_2021_and_the_inauguration_is_no_holiday() {
    assert!(is_business_day(day("2020-06-19")));
    assert_eq!(federal_holiday(day("2021-06-18")), Some(Holiday::Juneteenth));
    assert!(is_business_day(day("2021-01-20")));
    assert_eq!(federal_holiday(day("2021-12-31")), Some(Holiday::NewYear));
    assert!(is_business_day(day("2022-12-30")), "1 January 2023 is a Sunday, observed on Monday");
}

#[test]
fn business_days_skip_weekends_and_holidays() {
    assert_eq!(add_business_days(day("2026-11-25"), 1), Some(day("2026-11-27")));
    assert_eq!(add_business_days(day("2026-11-25"), 3), Some(day("2026-12-01")));
    assert_eq!(add_business_days(day("2026-11-28"), 0), Some(day("2026-11-28")));
    assert_eq!(sub_business_days(day("2026-11-27"), 1), Some(day("2026-11-25")));
    assert_eq!(add_business_days(NaiveDate::MAX, 1), None);
}

#[test]
fn a_last_day_rolls_only_where_the_clause_says_so() {
    let saturday = day("2026-07-04");
    assert_eq!(roll(saturday, Roll::None), Some(saturday));
    assert_eq!(roll(saturday, Roll::NextBusinessDay), Some(day("2026-07-06")));
    let thanksgiving = day("2026-11-26");
    assert_eq!(roll(thanksgiving, Roll::NextBusinessDay), Some(day("2026-11-27")));
    assert_eq!(roll(day("2026-11-25"), Roll::NextBusinessDay), Some(day("2026-11-25")));
}

#[test]
fn a_month_without_the_day_clamps_or_moves_to_the_next_first() {
    let end = day("2026-10-31");
    assert_eq!(add_months(end, 4, MonthEnd::Clamp), Some(day("2027-02-28")));
    assert_eq!(add_months(end, 4, MonthEnd::NextFirst), Some(day("2027-03-01")));
    assert_eq!(add_months(end, 2, MonthEnd::NextFirst), Some(day("2026-12-31")));
    let leap = day("2028-02-29");
    assert_eq!(add_months(leap, 12, MonthEnd::Clamp), Some(day("2029-02-28")));
    assert_eq!(add_months(leap, 12, MonthEnd::NextFirst), Some(day("2029-03-01")));
    assert_eq!(add_months(leap, 48, MonthEnd::NextFirst), Some(day("2032-02-29")));
    assert_eq!(add_months(NaiveDate::MAX, 1, MonthEnd::Clamp), None);
}

#[test]
fn today_is_the_payers_day() {
    let new_york: Zone = "America/New_York".parse().unwrap();
    let honolulu: Zone = "Pacific/Honolulu".parse().unwrap();
    let at = instant("2026-11-24T03:00:00Z");
    assert_eq!(new_york.day_of(at), day("2026-11-23"));
    assert_eq!(honolulu.day_of(at), day("2026-11-23"));
    assert_eq!(Zone::UTC.day_of(at), day("2026-11-24"));
}

#[test]
fn a_day_ends_exactly_across_both_changes_of_the_clock() {
    let zone = Zone::EASTERN;
    let hours = |on: &str| {
        let on = day(on);
        (zone.end_of(on).unwrap() - zone.end_of(on.pred_opt().unwrap()).unwrap()).num_hours()
    };
    assert_eq!(zone.end_of(day("2026-03-08")), Some(instant("2026-03-09T04:00:00Z")));
    assert_eq!(zone.end_of(day("2026-11-01")), Some(instant("2026-11-02T05:00:00Z")));
    assert_eq!((hours("2026-03-08"), hours("2026-11-01"), hours("2026-05-05")), (23, 25, 24));
    assert_eq!(zone.end_of(NaiveDate::MAX), None);
}

#[test]
fn a_day_ends_even_where_midnight_is_skipped() {
    // Havana sprang from 2026-03-08 00:00 to 01:00; Apia skipped 2011-12-30 altogether.
    let havana: Zone = "America/Havana".parse().unwrap();
    assert_eq!(havana.end_of(day("2026-03-07")), Some(instant("2026-03-08T05:00:00Z")));
    let apia: Zone = "Pacific/Apia".parse().unwrap();
    assert_eq!(apia.end_of(day("2011-12-29")), Some(instant("2011-12-30T10:00:00Z")));
}

#[test]
fn a_zone_is_read_and_written_by_its_iana_name() {
    let zone: Zone = serde_json::from_str("\"America/Chicago\"").unwrap();
    assert_eq!(serde_json::to_string(&zone).unwrap(), "\"America/Chicago\"");
    assert!("Mars/Olympus".parse::<Zone>().is_err());
}

proptest! {
    #[test]
    fn business_days_added_and_taken_away_return(start in any_day(), count in 0_u32..400) {
        let later = add_business_days(start, count).unwrap();
        prop_assert_eq!(business_days_after(start, later), count);
        if is_business_day(start) {
            prop_assert_eq!(sub_business_days(later, count), Some(start));
        }
    }

    #[test]
    fn adding_business_days_ends_on_one_and_is_additive(
        start in any_day(), first in 1_u32..60, second in 0_u32..60,
    ) {
        let middle = add_business_days(start, first).unwrap();
        prop_assert!(is_business_day(middle) && middle > start);
        let at_once = add_business_days(start, first + second);
        prop_assert_eq!(add_business_days(middle, second), at_once);
    }

    #[test]
    fn months_keep_the_day_or_stop_at_the_end(start in any_day(), count in 0_u32..600) {
        let clamped = add_months(start, count, MonthEnd::Clamp).unwrap();
        let pushed = add_months(start, count, MonthEnd::NextFirst).unwrap();
        let months = |on: NaiveDate| on.year() * 12 + i32::try_from(on.month()).unwrap();
        prop_assert_eq!(months(clamped) - months(start), i32::try_from(count).unwrap());
        if clamped.day() == start.day() {
            prop_assert_eq!(pushed, clamped);
        } else {
            prop_assert_eq!(pushed.day(), 1);
            prop_assert_eq!(pushed.pred_opt(), Some(clamped));
        }
    }

    #[test]
    fn a_rolled_day_is_the_first_business_day_not_before(start in any_day()) {
        let rolled = roll(start, Roll::NextBusinessDay).unwrap();
        prop_assert!(is_business_day(rolled) && rolled >= start);
        let mut skipped = start.iter_days().take_while(|on| *on < rolled);
        prop_assert!(skipped.all(|on| !is_business_day(on)));
        prop_assert!((rolled - start).num_days() <= 4);
        prop_assert!(!matches!(rolled.weekday(), Weekday::Sat | Weekday::Sun));
    }

    #[test]
    fn the_end_of_a_day_parts_it_from_the_next(start in any_day(), at in 0_usize..6) {
        let names = [
            "America/New_York", "America/Los_Angeles", "America/Phoenix", "America/Havana",
            "Pacific/Guam", "America/Puerto_Rico",
        ];
        let zone: Zone = names[at].parse().unwrap();
        let end = zone.end_of(start).unwrap();
        prop_assert_eq!(zone.day_of(end - TimeDelta::seconds(1)), start);
        prop_assert_eq!(Some(zone.day_of(end)), start.succ_opt());
    }
}
