use proptest::prelude::*;

use super::*;

fn last_day(rule: &Rule, starts: &ClockStarts) -> NaiveDate {
    compute(rule, starts, Zone::EASTERN).unwrap().last_day
}

#[test]
fn a_medicare_redetermination_counts_120_days_from_the_presumed_receipt() {
    let rule = published("medicare-redetermination");
    let deadline = compute(&rule, &remitted("2026-01-05"), Zone::EASTERN).unwrap();
    // Presumed received on 10 January; 120 days later is Sunday 10 May, rolled to Monday.
    assert_eq!(deadline.start.on, day("2026-01-10"));
    assert_eq!(deadline.start.evidence, Evidence::PresumedReceipt);
    assert_eq!(deadline.start.notice_on, Some(day("2026-01-05")));
    assert_eq!(deadline.last_day, day("2026-05-11"));
    assert_eq!(deadline.steps.len(), 3);
    assert!(deadline.source.contains("42 CFR 405.942") && !deadline.assumed());
}

#[test]
fn a_stated_receipt_beats_the_presumption() {
    let rule = published("medicare-redetermination");
    let starts =
        remitted("2026-01-05").with(ClockEvent::NoticeReceipt, day("2026-01-07"), Evidence::Stated);
    let deadline = compute(&rule, &starts, Zone::EASTERN).unwrap();
    assert_eq!((deadline.last_day, deadline.start.evidence), (day("2026-05-07"), Evidence::Stated));
}

#[test]
fn without_a_presumption_an_unknown_receipt_counts_from_the_notice() {
    let rule = published("erisa-internal-appeal");
    let deadline = compute(&rule, &remitted("2026-01-05"), Zone::EASTERN).unwrap();
    assert_eq!(deadline.last_day, day("2026-07-04"), "no clause moves it off the holiday");
    assert_eq!(deadline.start.event, ClockEvent::NoticeDate);
    assert!(deadline.steps[0].contains("notice_receipt is unknown"), "{:?}", deadline.steps);
}

#[test]
fn months_and_years_are_counted_as_such() {
    let service = |on| ClockStarts::new().with(ClockEvent::ServiceDate, day(on), Evidence::Claim);
    let filing = published("medicare-original-filing");
    assert_eq!(last_day(&filing, &service("2028-02-29")), day("2029-02-28"));
    let review = published("aca-external-review");
    let decided = |on| ClockStarts::new().with(ClockEvent::DecisionDate, day(on), Evidence::Stated);
    assert_eq!(last_day(&review, &decided("2026-10-30")), day("2027-03-01"));
    assert_eq!(
        last_day(&published("fep-original-filing"), &service("2026-03-02")),
        day("2027-12-31")
    );
}

#[test]
fn business_days_skip_federal_holidays() {
    let rule = published("nsa-open-negotiation-start");
    assert_eq!(last_day(&rule, &remitted("2026-11-20")), day("2027-01-06"));
}

#[test]
fn hours_count_as_whole_days() {
    let rule = published("prior-auth-expedited-decision");
    let asked =
        ClockStarts::new().with(ClockEvent::PayerReceipt, day("2026-03-06"), Evidence::Stated);
    assert_eq!(last_day(&rule, &asked), day("2026-03-09"));
}

#[test]
fn a_contract_that_is_not_on_file_is_a_typed_answer() {
    let rule = published("humana-participating-reconsideration");
    let needs = NoDeadline::NeedsContract { rule: rule.slug.clone() };
    assert_eq!(compute(&rule, &remitted("2026-01-05"), Zone::EASTERN), Err(needs));
}

#[test]
fn a_clock_that_has_not_started_gives_no_date() {
    let rule = published("aetna-appeal");
    assert_eq!(
        compute(&rule, &remitted("2026-01-05"), Zone::EASTERN),
        Err(NoDeadline::NotStarted(ClockEvent::DecisionDate))
    );
}

#[test]
fn a_rule_governs_only_clocks_that_started_in_its_time() {
    let now = published("ma-reconsideration-not-contracted");
    let before = published("ma-reconsideration-not-contracted-before-2025");
    assert_eq!(last_day(&now, &remitted("2025-01-01")), day("2025-03-07"));
    assert_eq!(
        compute(&now, &remitted("2024-12-31"), Zone::EASTERN),
        Err(NoDeadline::NotInForce(day("2024-12-31")))
    );
    assert_eq!(last_day(&before, &remitted("2024-12-31")), day("2025-03-01"));
}

#[test]
fn the_second_step_has_what_is_left_of_the_shared_window() {
    let rules = starter_rules();
    let book = RuleBook::new(&rules);
    let (first, second) = (book.get("uhc-reconsideration"), book.get("uhc-appeal"));
    let starts = remitted("2026-01-31");
    let of = |rule: Option<&Rule>| book.compute(rule.unwrap(), &starts, Zone::EASTERN).unwrap();
    assert_eq!(of(first).last_day, day("2027-01-31"));
    let shared = of(second);
    assert_eq!((shared.last_day, shared.path), (day("2027-01-31"), Path::AppealLevel2));
    assert!(shared.steps.last().unwrap().contains("`uhc-reconsideration`"));
    assert_eq!(
        compute(second.unwrap(), &starts, Zone::EASTERN),
        Err(NoDeadline::NeedsWindow { of: "uhc-reconsideration".into() })
    );
}

#[test]
fn the_last_day_lasts_until_midnight_at_the_payer() {
    let zone: Zone = "America/Chicago".parse().unwrap();
    let appeal = rule("r", PayerType::Commercial, Basis::Practice, 90);
    let deadline = compute(&appeal, &remitted("2026-08-03"), zone).unwrap();
    assert_eq!(deadline.last_day, day("2026-11-01"));
    // Clocks fall back that night, so the day has 25 hours.
    assert_eq!(deadline.ends_at(), Some("2026-11-02T06:00:00Z".parse().unwrap()));
    assert!(deadline.is_open(deadline.last_day));
    assert!(!deadline.is_open(day("2026-11-02")));
    assert_eq!(deadline.days_left(day("2026-11-02")), -1);
}

#[test]
fn escalations_fall_on_a_share_of_the_window() {
    let appeal = rule("r", PayerType::Commercial, Basis::Practice, 30);
    let deadline = compute(&appeal, &remitted("2026-06-01"), Zone::EASTERN).unwrap();
    let days = [0, 50, 75, 90, 100, 255].map(|percent| deadline.day_at_percent(percent));
    let expected =
        ["2026-06-01", "2026-06-16", "2026-06-24", "2026-06-28", "2026-07-01", "2026-07-01"];
    assert_eq!(days, expected.map(day));
}

#[test]
fn a_count_beyond_the_calendar_is_no_deadline() {
    let mut far = rule("r", PayerType::Commercial, Basis::Practice, u32::MAX);
    let computed = |rule: &Rule| compute(rule, &remitted("2026-06-01"), Zone::EASTERN);
    assert_eq!(computed(&far), Err(NoDeadline::OutOfRange));
    far.unit = Unit::Year;
    far.month_end = Some(MonthEnd::Clamp);
    assert_eq!(computed(&far), Err(NoDeadline::OutOfRange));
    far.count = None;
    assert_eq!(computed(&far), Err(NoDeadline::Incomplete(Unit::Year)));
    far.unit = Unit::Fixed;
    assert_eq!(computed(&far), Err(NoDeadline::Incomplete(Unit::Fixed)));
}

/// Every clock started on that day.
fn all_started(on: NaiveDate) -> ClockStarts {
    ClockEvent::ALL
        .iter()
        .fold(ClockStarts::new(), |starts, event| starts.with(*event, on, Evidence::Stated))
}

proptest! {
    #[test]
    fn no_deadline_lies_before_its_start(offset in 0_i64..15_000) {
        let on = day("2000-01-01") + chrono::TimeDelta::days(offset);
        let rules = starter_rules();
        let book = RuleBook::new(&rules);
        for rule in &rules {
            match book.compute(rule, &all_started(on), Zone::EASTERN) {
                Ok(deadline) => {
                    prop_assert!(deadline.last_day >= deadline.start.on, "{}", rule.slug);
                    prop_assert!(deadline.day_at_percent(90) <= deadline.last_day);
                }
                Err(NoDeadline::NeedsContract { .. }) => {
                    prop_assert_eq!(rule.unit, Unit::Contract);
                }
                Err(why) => prop_assert_eq!(why, NoDeadline::NotInForce(on)),
            }
        }
    }

    #[test]
    fn a_later_start_never_makes_an_earlier_deadline(offset in 0_i64..9_000, gap in 0_i64..400) {
        let on = day("2005-01-01") + chrono::TimeDelta::days(offset);
        let later = on + chrono::TimeDelta::days(gap);
        for rule in starter_rules() {
            let at = |on| compute(&rule, &all_started(on), Zone::EASTERN).ok();
            if let (Some(first), Some(second)) = (at(on), at(later)) {
                prop_assert!(first.last_day <= second.last_day, "{}", rule.slug);
            }
        }
    }

    #[test]
    fn a_stored_deadline_recomputes_to_the_same_value(offset in 0_i64..9_000) {
        let on = day("2010-01-01") + chrono::TimeDelta::days(offset);
        for rule in starter_rules() {
            let starts = all_started(on);
            if let Ok(deadline) = compute(&rule, &starts, Zone::EASTERN) {
                let stored = serde_json::to_string(&deadline).unwrap();
                let read: Deadline = serde_json::from_str(&stored).unwrap();
                let kept: ClockStarts =
                    serde_json::from_str(&serde_json::to_string(&starts).unwrap()).unwrap();
                prop_assert_eq!(compute(&rule, &kept, read.zone), Ok(read));
            }
        }
    }
}
