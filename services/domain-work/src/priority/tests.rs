use chrono::{NaiveDate, TimeDelta};
use domain::money::BasisPoints;
use proptest::prelude::*;

use super::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn stakes(dollars: i64, percent: u16, minutes: u32, days_left: Option<i64>) -> Stakes {
    Stakes {
        at_stake: Cents::new(dollars * 100),
        worth: Worth::Owed,
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
            worth: Worth::Owed,
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

fn any_worth() -> impl Strategy<Value = Worth> {
    prop_oneof![
        Just(Worth::Assumed),
        Just(Worth::Owed),
        (any::<i64>(), any::<i64>()).prop_map(|(allowed, charge)| Worth::Stated {
            allowed: Cents::new(allowed),
            charge: Cents::new(charge),
        }),
        (any::<u32>(), any::<u32>())
            .prop_map(|(ratio, claims)| Worth::Usual { ratio: BasisPoints::new(ratio), claims }),
    ]
}

fn any_stakes() -> impl Strategy<Value = Stakes> {
    let days = prop::option::of(-400_i64..400);
    (any::<i64>(), any_worth(), 0_u32..20_000, any::<u32>(), days).prop_map(
        |(cents, worth, share, effort_minutes, days)| Stakes {
            at_stake: Cents::new(cents),
            worth,
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
        cents in 0_i64..1_000_000_000, worth in any_worth(), share in 0_u32..10_000, minutes in 0_u32..600,
        days in prop::option::of(-40_i64..80),
    ) {
        let ranked = rank(
            &Stakes {
                at_stake: Cents::new(cents),
                worth,
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
        let allowed = Cents::new(number(ReasonCode::ExpectedAllowed));
        prop_assert_eq!(allowed.share(BasisPoints::new(share)), Some(ranked.expected_recovery));
        let raised = number(ReasonCode::Yield) * number(ReasonCode::Urgency) / 100;
        prop_assert_eq!(raised, ranked.score);
        prop_assert_eq!(ranked.expected_recovery.as_i64(), number(ReasonCode::ExpectedRecovery));
    }
}

fn words(stakes: &Stakes, code: ReasonCode) -> String {
    let ranked = rank(stakes, today());
    ranked.reasons.into_iter().find(|reason| reason.code == code).unwrap().words
}

#[test]
fn what_a_charge_is_worth_comes_from_the_best_that_is_known() {
    let dollars = |dollars: i64| Cents::new(dollars * 100);
    let paid = |claims| Paid { claims, charged: dollars(10_000), allowed: dollars(5_500) };
    let charge = dollars(1_000);
    let of = |stated: Option<i64>, claims| {
        Worth::of_claim(stated.map(dollars), charge, &paid(claims)).of(dollars(400))
    };
    // 400 of a charge of 1,000 that a partner expects 600 for.
    assert_eq!(of(Some(600), ENOUGH), dollars(240));
    assert_eq!(of(None, ENOUGH), dollars(220));
    assert_eq!(of(None, ENOUGH - 1), dollars(160));
    // More than everything is never expected.
    assert_eq!(of(Some(5_000), 0), dollars(400));
    assert_eq!(Worth::Owed.of(dollars(400)), dollars(400));
}

#[test]
fn the_reasons_say_what_was_known() {
    let known = |worth| Stakes { worth, ..stakes(400, 75, 15, None) };
    let said = |worth| words(&known(worth), ReasonCode::ExpectedAllowed);
    let stated = Worth::Stated { allowed: Cents::new(60_000), charge: Cents::new(100_000) };
    assert!(said(stated).starts_with("$240.00 of it expected"), "{}", said(stated));
    assert!(said(stated).contains("a partner expects $600.00"), "{}", said(stated));
    let usual = Worth::Usual { ratio: BasisPoints::from_percent(55), claims: 214 };
    assert!(said(usual).contains("55% of what was charged on 214 claims"), "{}", said(usual));
    assert!(said(Worth::Assumed).contains("assumed"), "{}", said(Worth::Assumed));
    let rate = Expectation::Shown(BasisPoints::from_percent(60), Experience::Whole(45));
    let shown = Stakes { expected_overturn: rate, ..stakes(400, 75, 15, None) };
    let shown = words(&shown, ReasonCode::ExpectedOverturn);
    assert!(shown.contains("as 45 settled ones of this payer"), "{shown}");
}

#[test]
fn the_share_that_comes_back_needs_enough_settled_denials() {
    let few = Settled { denials: ENOUGH - 1, won_halves: 20 };
    assert_eq!(few.rate(), None);
    let enough = Settled { denials: 40, won_halves: 30 };
    assert_eq!(enough.rate(), Some(BasisPoints::new(3_750)));
    assert_eq!(Settled { won_halves: u32::MAX, ..enough }.rate(), Some(BasisPoints::ALL));
}

proptest! {
    #[test]
    fn nothing_is_worth_more_than_is_at_stake(worth in any_worth(), cents in any::<i64>()) {
        let of = worth.of(Cents::new(cents));
        prop_assert!(Cents::ZERO <= of && of <= Cents::new(cents).max(Cents::ZERO));
    }

    #[test]
    fn a_contract_that_allows_more_never_lowers_the_score(
        stakes in any_stakes(), allowed in any::<i64>(), more in 0_i64..i64::MAX, charge in any::<i64>(),
    ) {
        let allows = |cents| {
            let worth = Worth::Stated { allowed: Cents::new(cents), charge: Cents::new(charge) };
            rank(&Stakes { worth, ..stakes }, today()).score
        };
        prop_assert!(allows(allowed.saturating_add(more)) >= allows(allowed));
    }
}
