use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;

use super::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn stakes(dollars: i64, percent: u16, minutes: u32, days_left: Option<i64>) -> Stakes {
    Stakes {
        at_stake: Cents::new(dollars * 100),
        expected_overturn: Expectation::Stated(BasisPoints::from_percent(percent)),
        effort_minutes: minutes,
        last_day: days_left.map(|days| today() + TimeDelta::days(days)),
    }
}

#[test]
fn the_score_is_the_documented_formula() {
    let far = rank(&stakes(900, 75, 15, Some(60)), today());
    assert_eq!((far.score, far.expected_recovery), (270_000, Cents::new(67_500)));
    let near = rank(&stakes(900, 75, 15, Some(3)), today());
    assert_eq!(near.score, 810_000);
    assert_eq!(rank(&stakes(900, 75, 60, Some(60)), today()).score, 67_500);
}

#[test]
fn bands_change_at_30_14_7_3_1_and_0_days() {
    let bands: Vec<(i64, Band)> = (-2..=32).rev().map(|days| (days, Band::of(days))).collect();
    let changes: Vec<i64> =
        bands.windows(2).filter(|pair| pair[0].1 != pair[1].1).map(|pair| pair[1].0).collect();
    assert_eq!(changes, [30, 14, 7, 3, 1, 0, -1]);
}

#[test]
fn the_next_band_is_the_first_day_with_another_band() {
    for days in -3..=45 {
        let stakes = stakes(1_000, 50, 30, Some(days));
        let now = rank(&stakes, today());
        let change = (1..=60)
            .map(|ahead| today() + TimeDelta::days(ahead))
            .find(|later| rank(&stakes, *later).band != now.band);
        assert_eq!(now.next_band_on, change, "{days} days left");
    }
}

#[test]
fn an_unknown_deadline_is_a_stated_reason() {
    let ranked = rank(&stakes(1_000, 50, 30, None), today());
    assert_eq!(
        (ranked.band, ranked.days_left, ranked.next_band_on),
        (Band::NoDeadline, None, None)
    );
    let urgency = ranked.reasons.iter().find(|reason| reason.code == ReasonCode::Urgency).unwrap();
    assert_eq!(urgency.number, 125);
    assert!(urgency.words.contains("no deadline is known"), "{}", urgency.words);
}

#[test]
fn an_overdue_item_keeps_its_place_and_says_so() {
    let overdue = rank(&stakes(1_000, 50, 30, Some(-5)), today());
    let last_day = rank(&stakes(1_000, 50, 30, Some(0)), today());
    assert_eq!((overdue.score, overdue.band), (last_day.score, Band::Overdue));
    assert!(overdue.reasons.iter().any(|reason| reason.words.contains("closed 5 days ago")));
}

#[test]
fn work_without_money_is_still_ordered_by_urgency() {
    let later = rank(&stakes(0, 90, 15, Some(20)), today());
    let sooner = rank(&stakes(0, 90, 15, Some(2)), today());
    assert_eq!((later.score, sooner.score), (125, 300));
}

#[test]
fn the_largest_stakes_do_not_overflow() {
    let ranked = rank(
        &Stakes {
            at_stake: Cents::MAX,
            expected_overturn: Expectation::Stated(BasisPoints::new(u32::MAX)),
            effort_minutes: 0,
            last_day: Some(NaiveDate::MIN),
        },
        NaiveDate::MAX,
    );
    assert_eq!((ranked.score, ranked.expected_recovery), (i64::MAX, Cents::MAX));
    let negative = Stakes { at_stake: Cents::new(i64::MIN), ..stakes(0, 50, 15, None) };
    assert_eq!(rank(&negative, today()).expected_recovery, Cents::ZERO);
}

fn any_stakes() -> impl Strategy<Value = Stakes> {
    (any::<i64>(), 0_u32..20_000, any::<u32>(), prop::option::of(-400_i64..400)).prop_map(
        |(cents, share, effort_minutes, days)| Stakes {
            at_stake: Cents::new(cents),
            expected_overturn: Expectation::Stated(BasisPoints::new(share)),
            effort_minutes,
            last_day: days.map(|days| today() + TimeDelta::days(days)),
        },
    )
}

proptest! {
    #[test]
    fn more_money_never_lowers_the_score(stakes in any_stakes(), more in 0_i64..i64::MAX) {
        let richer = Stakes {
            at_stake: Cents::new(stakes.at_stake.as_i64().saturating_add(more)),
            ..stakes
        };
        prop_assert!(rank(&richer, today()).score >= rank(&stakes, today()).score);
    }

    #[test]
    fn a_likelier_overturn_never_lowers_the_score(stakes in any_stakes(), more in 0_u32..20_000) {
        let share = Expectation::Stated(BasisPoints::new(stakes.expected_overturn.share().as_u32() + more));
        let likelier = Stakes { expected_overturn: share, ..stakes };
        prop_assert!(rank(&likelier, today()).score >= rank(&stakes, today()).score);
    }

    #[test]
    fn fewer_days_never_lower_the_score(stakes in any_stakes(), passed in 0_i64..800) {
        let later = today() + TimeDelta::days(passed);
        prop_assert!(rank(&stakes, later).score >= rank(&stakes, today()).score);
    }

    #[test]
    fn less_work_never_lowers_the_score(stakes in any_stakes(), less in any::<u32>()) {
        let effort_minutes = stakes.effort_minutes.saturating_sub(less);
        let lighter = Stakes { effort_minutes, ..stakes };
        prop_assert!(rank(&lighter, today()).score >= rank(&stakes, today()).score);
    }

    #[test]
    fn the_reasons_recompute_the_score(
        cents in 0_i64..1_000_000_000, share in 0_u32..10_000, minutes in 0_u32..600,
        days in prop::option::of(-40_i64..80),
    ) {
        let ranked = rank(
            &Stakes {
                at_stake: Cents::new(cents),
                expected_overturn: Expectation::Stated(BasisPoints::new(share)),
                effort_minutes: minutes,
                last_day: days.map(|days| today() + TimeDelta::days(days)),
            },
            today(),
        );
        let reason = |code| ranked.reasons.iter().find(|reason| reason.code == code).unwrap();
        let number = |code| reason(code).number;
        let hourly = number(ReasonCode::ExpectedRecovery) * 60 / number(ReasonCode::Effort);
        prop_assert_eq!(hourly.max(100), number(ReasonCode::Yield));
        let raised = number(ReasonCode::Yield) * number(ReasonCode::Urgency) / 100;
        prop_assert_eq!(raised, ranked.score);
        prop_assert_eq!(ranked.expected_recovery.as_i64(), number(ReasonCode::ExpectedRecovery));
    }
}
