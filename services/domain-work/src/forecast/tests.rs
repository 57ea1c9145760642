use std::cmp::Reverse;

use crate::priority::{Band, Expectation, ReasonCode, Stakes, Worth, rank, yield_an_hour};
use domain::calendar::is_business_day;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Monday.
fn today() -> NaiveDate {
    day("2026-06-01")
}

fn item(number: u128, team: &'static str, minutes: u32, cents: i64, last: &str) -> Item<'static> {
    Item {
        id: Uuid::from_u128(number),
        team,
        skill: "appeal",
        effort_minutes: minutes,
        hourly_cents: cents * 60 / i64::from(minutes.max(15)),
        recoverable: Cents::new(cents),
        last_day: Some(day(last)),
        from: None,
    }
}

fn team(slug: &'static str, minutes_a_day: u32) -> Team<'static> {
    Team { slug, skills: &["appeal"], minutes_a_day }
}

fn missed(forecast: &Forecast, team: &str) -> Vec<u128> {
    let of = forecast.teams.iter().find(|of| of.team == team).unwrap();
    of.missed.iter().map(|miss| miss.id.as_u128()).collect()
}

#[test]
fn what_does_not_fit_is_missed_and_the_list_decides_what() {
    let items = [
        item(1, "a", 60, 90_000, "2026-06-01"),
        item(2, "a", 60, 50_000, "2026-06-01"),
        item(3, "a", 60, 10_000, "2026-06-02"),
    ];
    let forecast = forecast(&[team("a", 60)], &items, today());
    // On the first day item 1 comes before item 2, which stays ahead of item 3 when it is overdue.
    assert_eq!(missed(&forecast, "a"), [2, 3]);
    let of = &forecast.teams[0];
    assert_eq!(of.missed_money, Cents::new(60_000));
    assert_eq!(of.missed[0].done_on, Some(day("2026-06-02")));
    assert_eq!(of.words, "`a` will miss 2 dates worth $600.00 at 60 minutes a day");
    assert!(forecast.reassignments.is_empty());
}

#[test]
fn weekends_and_holidays_do_no_work() {
    // Friday 3 July 2026 is the observed holiday.
    let items = [item(1, "a", 480, 90_000, "2026-07-05"), item(2, "a", 60, 9_000, "2026-07-05")];
    let on_thursday = forecast(&[team("a", 500)], &items, day("2026-07-02"));
    assert_eq!(missed(&on_thursday, "a"), [2]);
}

#[test]
fn urgency_of_the_day_moves_an_item_up() {
    // Twice the yield, and 20 days later ten times less urgent than the last day.
    let items = [item(1, "a", 1_200, 200_000, "2026-06-30"), item(2, "a", 60, 5_000, "2026-06-03")];
    // On day 3 item 2 has urgency 500 against 125: 25,000 against 12,500 points.
    assert!(missed(&forecast(&[team("a", 60)], &items, today()), "a").is_empty());
    let stakes = Stakes {
        at_stake: Cents::new(5_000),
        worth: Worth::Owed,
        expected_overturn: Expectation::Stated(domain::money::BasisPoints::ALL),
        effort_minutes: 60,
        last_day: Some(day("2026-06-03")),
    };
    let ranked = rank(&stakes, today());
    let stated = ranked.reasons.iter().find(|reason| reason.code == ReasonCode::Yield);
    assert_eq!(yield_an_hour(ranked.expected_recovery, 60), stated.unwrap().number);
    assert_eq!(yield_an_hour(ranked.expected_recovery, 60), 5_000);
}

#[test]
fn idle_minutes_of_an_able_team_save_dates() {
    let items = [
        item(1, "a", 60, 90_000, "2026-06-01"),
        item(2, "a", 60, 50_000, "2026-06-01"),
        item(3, "a", 60, 40_000, "2026-06-01"),
    ];
    let teams = [team("a", 60), team("b", 60), Team { skills: &["coding"], ..team("c", 600) }];
    let forecast = forecast(&teams, &items, today());
    assert_eq!(forecast.reassignments.len(), 1, "{:?}", forecast.reassignments);
    let made = &forecast.reassignments[0];
    assert_eq!((made.from_team.as_str(), made.to_team.as_str()), ("a", "b"));
    assert_eq!(made.items, [Uuid::from_u128(2)]);
    assert_eq!(
        made.words,
        "1 item worth $500.00 will be missed by `a`; `b` has 60 idle minutes for them before their \
         dates"
    );
}

#[test]
fn early_days_stay_free_for_earlier_dates() {
    let items = [item(1, "a", 60, 90_000, "2026-06-02"), item(2, "a", 60, 50_000, "2026-06-01")];
    let made = forecast(&[team("a", 0), team("b", 60)], &items, today()).reassignments;
    assert_eq!(made[0].items, [1, 2].map(Uuid::from_u128));
}

#[test]
fn a_team_without_staff_misses_everything() {
    let mut late = item(1, "ghost", 15, 100, "2026-05-01");
    let forecast_of = |items: &[Item<'_>]| forecast(&[], items, today());
    let over = forecast_of(&[late]);
    assert_eq!((over.teams[0].overdue_count, over.teams[0].missed.len()), (1, 0));
    late.last_day = Some(day("2026-07-01"));
    assert_eq!(missed(&forecast_of(&[late]), "ghost"), [1]);
    late.last_day = Some(day("2026-07-02"));
    assert!(missed(&forecast_of(&[late]), "ghost").is_empty(), "beyond the horizon");
    late.last_day = None;
    assert!(missed(&forecast_of(&[late]), "ghost").is_empty());
}

const TEAMS: [&str; 3] = ["a", "b", "c"];

prop_compose! {
    fn any_item()(
        number in 0..1_000_000_u128,
        team in 0..TEAMS.len(),
        skill in prop::sample::select(vec!["", "appeal", "coding"]),
        effort_minutes in 0..300_u32,
        cents in 0..500_000_i64,
        last in prop::option::of(-5..45_i64),
        from in prop::option::of(0..20_u64),
    ) -> Item<'static> {
        Item {
            skill, effort_minutes,
            last_day: last.map(|days| today() + chrono::TimeDelta::days(days)),
            from: from.map(|days| today() + Days::new(days)),
            ..item(number, TEAMS[team], effort_minutes, cents, "2026-06-01")
        }
    }
}

prop_compose! {
    fn any_items()(items in prop::collection::vec(any_item(), 0..40)) -> Vec<Item<'static>> {
        let mut items = items;
        items.sort_by_key(|item| item.id);
        items.dedup_by_key(|item| item.id);
        items
    }
}

/// When each item of one team is done, by sorting everything every day and working by the minute.
fn naive(items: &[Item<'_>], minutes_a_day: u32) -> Vec<Option<NaiveDate>> {
    let mut left: Vec<u32> = items.iter().map(|item| item.effort_minutes.max(1)).collect();
    let mut done = vec![None; items.len()];
    for date in today().iter_days().take(31).filter(|date| is_business_day(*date)) {
        for _ in 0..minutes_a_day {
            let next = (0..items.len())
                .filter(|at| left[*at] > 0 && items[*at].from.is_none_or(|from| from <= date))
                .max_by_key(|at| {
                    let item = &items[*at];
                    let urgency = item
                        .last_day
                        .map_or(Band::NoDeadline, |last| Band::of((last - date).num_days()))
                        .urgency_percent();
                    let score = item.hourly_cents * i64::from(urgency) / 100;
                    let last = item.last_day.unwrap_or(NaiveDate::MAX);
                    (score, Reverse(last), Reverse(item.id))
                });
            let Some(at) = next else { break };
            left[at] -= 1;
            if left[at] == 0 {
                done[at] = Some(date);
            }
        }
    }
    done
}

proptest! {
    #[test]
    fn it_agrees_with_working_minute_by_minute(
        mut items in any_items(), minutes in 0..200_u32,
    ) {
        items.iter_mut().for_each(|item| item.team = "a");
        let end = today() + Days::new(HORIZON_DAYS);
        let done = naive(&items, minutes);
        let mut wanted: Vec<Uuid> = items
            .iter()
            .zip(done)
            .filter(|(item, done)| {
                item.last_day.is_some_and(|last| {
                    (today()..=end).contains(&last) && done.is_none_or(|done| done > last)
                })
            })
            .map(|(item, _)| item.id)
            .collect();
        wanted.sort();
        let found = forecast(&[team("a", minutes)], &items, today());
        let mut found: Vec<Uuid> =
            found.teams[0].missed.iter().map(|miss| miss.id).collect();
        found.sort();
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn more_capacity_misses_nothing_more(
        items in any_items(), minutes in 0..300_u32, more in 0..300_u32,
    ) {
        let with = |minutes| forecast(&TEAMS.map(|slug| team(slug, minutes)), &items, today());
        let (less, more) = (with(minutes), with(minutes + more));
        let double = with(minutes * 2);
        for slug in TEAMS {
            let before = missed(&less, slug);
            for after in [&more, &double] {
                prop_assert!(missed(after, slug).iter().all(|id| before.contains(id)));
            }
        }
    }

    #[test]
    fn the_order_of_items_means_nothing(mut items in any_items(), minutes in 0..300_u32) {
        let teams = TEAMS.map(|slug| team(slug, minutes));
        let first = forecast(&teams, &items, today());
        items.reverse();
        prop_assert_eq!(forecast(&teams, &items, today()), first);
    }

    #[test]
    fn moves_fit_into_the_idle_minutes_of_able_teams(
        mut items in any_items(), minutes in 0..400_u32,
    ) {
        items.iter_mut().for_each(|item| item.hourly_cents += 1);
        let teams =
            [team("a", minutes), team("b", minutes / 4), Team { skills: &["coding"], ..team("c", 480) }];
        let forecast = forecast(&teams, &items, today());
        let mut moved = std::collections::BTreeSet::new();
        for to in &teams {
            let mut taken: Vec<&Item<'_>> = Vec::new();
            for made in forecast.reassignments.iter().filter(|made| made.to_team == to.slug) {
                prop_assert!(made.from_team != made.to_team);
                let saved: i64 = made.items.iter().map(|id| {
                    items.iter().find(|item| item.id == *id).unwrap().recoverable.as_i64()
                }).sum();
                prop_assert_eq!(made.saved.as_i64(), saved);
                for id in &made.items {
                    prop_assert!(moved.insert(*id), "an item is moved once");
                    prop_assert!(missed(&forecast, &made.from_team).contains(&id.as_u128()));
                    let item = items.iter().find(|item| item.id == *id).unwrap();
                    prop_assert!(item.skill.is_empty() || to.skills.contains(&item.skill));
                    taken.push(item);
                }
            }
            // With the moved work behind all of its own, the earliest date first, the team keeps
            // every moved date and misses nothing more of its own.
            let own = items.iter().filter(|item| item.team == to.slug).copied();
            let moved = taken.iter().map(|item| Item { team: to.slug, hourly_cents: 0, ..**item });
            let both: Vec<Item<'_>> = own.chain(moved).collect();
            let after = super::forecast(&[*to], &both, today());
            let mut before = missed(&forecast, to.slug);
            let mut after = missed(&after, to.slug);
            before.sort_unstable();
            after.sort_unstable();
            prop_assert_eq!(after, before);
        }
    }
}
