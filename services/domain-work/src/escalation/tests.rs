use chrono::{Days, TimeDelta};
use domain::deadline::{
    Basis, ClockEvent, ClockStart, Confidence, Evidence, FiledWhen, Path, PayerType,
};
use domain::dictionary::vocabulary::EscalationLevel;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::UserId;
use crate::hold::{Lease, State, Wait, WaitingFor};

const ZONES: [&str; 5] = [
    "America/New_York",
    "America/Phoenix",
    "Pacific/Honolulu",
    "Asia/Kolkata",
    // Skips midnight when its summer time begins.
    "America/Asuncion",
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

fn deadline(start: NaiveDate, days: u64, zone: Zone) -> Deadline {
    Deadline {
        rule: "appeal-180".to_owned(),
        path: Path::AppealLevel1,
        payer_type: PayerType::Commercial,
        basis: Basis::Contract,
        last_day: start + Days::new(days),
        zone,
        filed_when: FiledWhen::Received,
        source: "a contract".to_owned(),
        confidence: Confidence::A,
        start: ClockStart {
            event: ClockEvent::NoticeDate,
            on: start,
            evidence: Evidence::Remittance,
            notice_on: None,
        },
        steps: Vec::new(),
        assumptions: Vec::new(),
    }
}

fn path() -> Vec<EscalationStep> {
    let step = |at_percent, tell| EscalationStep { at_percent, tell };
    vec![
        step(90, EscalationLevel::Director),
        step(50, EscalationLevel::TeamLead),
        step(75, EscalationLevel::Manager),
    ]
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn steps_are_due_with_their_day_in_the_payers_zone() {
    // Over the change of 8 March 2026: the first step lies before it, the others after it.
    let plan = Plan::of(&deadline(day("2026-02-15"), 40, Zone::EASTERN), &path());
    let due: Vec<String> =
        plan.steps().iter().map(|planned| planned.due_at.unwrap().to_rfc3339()).collect();
    assert_eq!(
        due,
        ["2026-03-07T05:00:00+00:00", "2026-03-17T04:00:00+00:00", "2026-03-23T04:00:00+00:00"]
    );
    let told = Told::default();
    assert!(plan.due(&told, instant("2026-03-07T04:59:59Z")).is_empty());
    assert_eq!(plan.due(&told, instant("2026-03-07T05:00:00Z")).len(), 1);
    assert_eq!(plan.next_at(&told), Some(instant("2026-03-07T05:00:00Z")));
}

#[test]
fn a_leap_day_is_a_day() {
    let plan = Plan::of(&deadline(day("2028-02-19"), 20, Zone::EASTERN), &path()[1..2]);
    assert_eq!(plan.steps()[0].on, day("2028-02-29"));
    let plan = Plan::of(&deadline(day("2026-02-19"), 20, Zone::EASTERN), &path()[1..2]);
    assert_eq!(plan.steps()[0].on, day("2026-03-01"));
}

#[test]
fn a_step_is_told_once_and_a_moved_deadline_moves_the_others_only() {
    let plan = Plan::of(&deadline(day("2026-05-01"), 40, Zone::EASTERN), &path());
    let mut told = Told::default();
    let now = instant("2026-05-21T12:00:00Z");
    let first = plan.due(&told, now);
    assert_eq!(first.len(), 1);
    assert!(told.note(first[0].step));
    assert!(!told.note(first[0].step), "a second telling is refused");
    assert!(plan.due(&told, now - TimeDelta::minutes(10)).is_empty());
    assert!(plan.due(&told, now).is_empty());
    // The deadline moves out: the told step stays told, the others wait longer.
    let later = Plan::of(&deadline(day("2026-05-01"), 80, Zone::EASTERN), &path());
    assert!(later.due(&told, instant("2026-06-10T12:00:00Z")).is_empty());
    assert_eq!(later.due(&told, instant("2026-06-30T12:00:00Z")).len(), 1);
    // It moves in: what is due by now is told at once, the told one not again.
    let sooner = Plan::of(&deadline(day("2026-05-01"), 20, Zone::EASTERN), &path());
    let steps: Vec<u8> =
        sooner.due(&told, now).iter().map(|planned| planned.step.at_percent).collect();
    assert_eq!(steps, [75, 90]);
}

#[test]
fn the_last_step_is_told_on_the_morning_of_the_last_day() {
    let step = EscalationStep { at_percent: 100, tell: EscalationLevel::Director };
    let window = deadline(day("2026-05-01"), 1, Zone::EASTERN);
    let plan = Plan::of(&window, &[step]);
    assert_eq!(plan.steps()[0].on, window.last_day);
    assert!(plan.steps()[0].due_at < window.ends_at());
}

fn history(state: State) -> History {
    History { state, fencing_number: 3, received_on: day("2026-05-02"), evidence_missing: 0 }
}

#[test]
fn a_missed_date_has_its_cause() {
    let window = deadline(day("2026-05-01"), 30, Zone::EASTERN);
    let ends_at = window.ends_at().unwrap();
    let cause = |history: &History| missed(&window, history, ends_at).map(|missed| missed.causes);
    let holder = UserId(Uuid::from_u128(7));
    let lease = Lease { holder, expires_at: ends_at };
    let wait = |waiting_for| {
        State::Waiting(Wait { waiting_for, follow_up_on: window.last_day, back_to: None })
    };
    assert_eq!(missed(&window, &history(State::Open(None)), ends_at - TimeDelta::seconds(1)), None);
    assert_eq!(cause(&history(State::Resolved)), None);
    let never = History { fencing_number: 0, ..history(State::Open(None)) };
    assert_eq!(cause(&never), Some(vec![Cause::NeverClaimed]));
    assert_eq!(cause(&history(State::Open(None))), Some(vec![Cause::LeftOpen]));
    let payer = history(wait(WaitingFor::Payer));
    assert_eq!(cause(&payer), Some(vec![Cause::WaitingForPayer]));
    let asked = History { evidence_missing: 2, ..history(wait(WaitingFor::Clarification)) };
    assert_eq!(cause(&asked), Some(vec![Cause::WaitingForClarification, Cause::EvidenceMissing]));
    let late = History { received_on: day("2026-06-01"), fencing_number: 0, ..never };
    assert_eq!(cause(&late), Some(vec![Cause::DecidedTooLate]));
    let in_time = History { received_on: window.last_day, ..late };
    assert_eq!(cause(&in_time), Some(vec![Cause::NeverClaimed]), "the last day counts");
    let held = missed(&window, &history(State::Claimed(lease)), ends_at).unwrap();
    assert_eq!(held.causes, [Cause::Held]);
    assert_eq!(held.holder, Some(holder));
    assert_eq!(
        held.words,
        "the window of `appeal-180` closed with 2026-05-31: \
         00000000-0000-0000-0000-000000000007 held it"
    );
}

proptest! {
    #[test]
    fn no_step_is_early_and_each_is_told_once(
        offset in 0..1_500_u64,
        days in 1..400_u64,
        zone_at in 0..ZONES.len(),
        percents in prop::collection::btree_set(1..=100_u8, 1..5),
        // Hours the clock moves between looks, sometimes back.
        moves in prop::collection::vec(-30..200_i64, 1..40),
        moved in prop::option::of(1..400_u64),
    ) {
        let zone = zone(ZONES[zone_at]);
        let steps: Vec<EscalationStep> = percents
            .iter()
            .map(|at_percent| EscalationStep {
                at_percent: *at_percent, tell: EscalationLevel::TeamLead,
            })
            .collect();
        let start = day("2026-01-01") + Days::new(offset);
        let mut window = deadline(start, days, zone);
        let mut told = Told::default();
        let mut now = zone.end_of(start).unwrap();
        let mut count = 0;
        for (at, hours) in moves.iter().enumerate() {
            if at == moves.len() / 2 && let Some(days) = moved {
                window = deadline(start, days, zone);
            }
            now += TimeDelta::hours(*hours);
            for planned in Plan::of(&window, &steps).due(&told, now) {
                // By the calendar of the zone alone, without the instants of the plan.
                prop_assert!(zone.day_of(now) >= planned.on, "{planned:?} at {now}");
                let passed = (planned.on - start).num_days();
                let wanted = i64::from(planned.step.at_percent)
                    * (window.last_day - start).num_days();
                prop_assert!(passed * 100 >= wanted, "{planned:?}");
                prop_assert!(told.note(planned.step));
                count += 1;
            }
            // Nothing whose day has come is held back.
            for planned in Plan::of(&window, &steps).steps() {
                prop_assert!(zone.day_of(now) < planned.on || told.has(planned.step));
            }
        }
        prop_assert!(count <= steps.len());
    }
}
