use proptest::prelude::*;
use uuid::Uuid;

use super::ClarificationState as State;
use super::*;

fn day(of: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 1).unwrap() + chrono::TimeDelta::days(of)
}

#[test]
fn an_answer_is_due_when_half_of_what_is_left_is_over() {
    let due = |last: Option<i64>| {
        let clock = clock(None, last.map(day), day(0)).unwrap();
        ((clock.due_on - day(0)).num_days(), clock.puts_aside)
    };
    assert_eq!(due(Some(300)), (14, true));
    assert_eq!(due(Some(20)), (10, true));
    assert_eq!(due(Some(3)), (1, true));
    assert_eq!(due(Some(1)), (1, true), "the last day itself, where that is tomorrow");
    assert_eq!(due(Some(0)), (1, false), "the last day has come: nothing waits");
    assert_eq!(due(Some(-9)), (1, false));
    assert_eq!(due(None), (7, true));
}

#[test]
fn a_wanted_day_leaves_a_day_to_use_the_answer() {
    let wanted = |on: i64, last: Option<i64>| clock(Some(day(on)), last.map(day), day(0));
    assert_eq!(wanted(9, Some(10)).unwrap().due_on, day(9));
    for (on, last, says) in [
        (10, Some(10), "must be 2026-06-10 at the latest, before the item's last day"),
        (31, None, "must be 2026-07-01 at the latest, before the item's last day"),
        (0, Some(10), "must be after today, 2026-06-01"),
        (-1, None, "must be after today, 2026-06-01"),
    ] {
        assert_eq!(wanted(on, last).unwrap_err().words, says);
    }
}

#[test]
fn each_state_allows_what_its_diagram_says() {
    let (asker, other) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
    let targets = |from: State| -> Vec<State> {
        let all = State::ALL.iter().copied();
        all.filter(|to| settle(from, *to, (asker, asker, false), "why").is_ok()).collect()
    };
    assert_eq!(targets(State::Asked), [State::Withdrawn]);
    assert_eq!(targets(State::Answered), [State::Accepted, State::Returned, State::Withdrawn]);
    assert_eq!(targets(State::Returned), [State::Withdrawn]);
    assert_eq!(targets(State::Accepted), []);
    assert_eq!(targets(State::Withdrawn), []);
    for state in State::ALL.iter().copied() {
        let may = answer(state, Some(Standing::Member), "coding").is_ok();
        assert_eq!(may, [State::Asked, State::Returned].contains(&state));
    }
    let stranger = answer(State::Asked, None, "coding").unwrap_err();
    assert_eq!(stranger.to_string(), "team `coding` was asked: its members and team leads answer");
    let by = |user, lead| settle(State::Answered, State::Accepted, (asker, user, lead), "");
    assert!(by(asker, false).is_ok() && by(other, true).is_ok());
    assert_eq!(by(other, false), Err(Refusal::NotTheAsker { asked_by: asker }));
    let bare = settle(State::Answered, State::Returned, (asker, asker, false), " ");
    assert_eq!(bare.unwrap_err().to_string(), "reason is required");
}

#[test]
fn a_text_says_something_in_at_most_four_thousand_characters() {
    assert!(text("question", "two\nlines").is_ok());
    assert!(text("question", " \n ").is_err());
    assert!(text("question", &"é".repeat(4_000)).is_ok());
    assert!(text("question", &"é".repeat(4_001)).is_err());
}

proptest! {
    #[test]
    fn a_default_day_is_always_one_that_could_be_wanted(
        last in prop::option::of(-40..400_i64),
    ) {
        let last = last.map(day);
        let by_default = clock(None, last, day(0)).unwrap();
        prop_assert_eq!(clock(Some(by_default.due_on), last, day(0)), Ok(by_default));
        prop_assert!(by_default.due_on > day(0));
        if by_default.puts_aside {
            prop_assert!(last.is_none_or(|last| by_default.due_on <= last));
        }
    }
}
