//! An appeal that nobody sends is called in time, and recorded as missed: it never ends unseen.

use chrono::NaiveDate;

use crate::state::State;
use crate::window::Step;

/// A day of an appeal that has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    /// A day of ours: it is late, and can still be sent in time.
    Ours(Step, NaiveDate),
    /// The payer's last day.
    Last(NaiveDate),
}

/// What has passed by `today` of an appeal that was not sent, and was not called before, in its
/// order; nothing of one that was sent or is over.
pub fn passed(
    state: State,
    steps: &[(Step, NaiveDate)],
    last_day: Option<NaiveDate>,
    called: &[Step],
    today: NaiveDate,
) -> Vec<Passed> {
    if !waits(state) {
        return Vec::new();
    }
    let late = |(step, on): &&(Step, NaiveDate)| {
        *on < today && !called.contains(step) && is_ahead(state, *step)
    };
    let ours = steps.iter().filter(late).map(|(step, on)| Passed::Ours(*step, *on));
    let last = last_day.filter(|last| *last < today).map(Passed::Last);
    // Whoever comes too late for all of it hears of the end alone.
    if last.is_some() { last.into_iter().collect() } else { ours.collect() }
}

/// The first day at whose end something passes that was not called; `None` where nothing does.
pub fn next_day(
    state: State,
    steps: &[(Step, NaiveDate)],
    last_day: Option<NaiveDate>,
    called: &[Step],
) -> Option<NaiveDate> {
    if !waits(state) {
        return None;
    }
    let ahead = |(step, _): &&(Step, NaiveDate)| !called.contains(step) && is_ahead(state, *step);
    let ours = steps.iter().filter(ahead).map(|(_, on)| *on);
    ours.chain(last_day).min()
}

/// Whether what is to be done by a day of ours is still to be done.
fn is_ahead(state: State, step: Step) -> bool {
    match step {
        Step::Draft => state == State::Draft,
        Step::Review => state != State::Ready,
        Step::Send => true,
    }
}

/// Whether it waits to be sent for the first time: what a payer sent back keeps its first day.
fn waits(state: State) -> bool {
    matches!(state, State::Draft | State::InReview | State::Ready)
}

/// Why its date was missed, in words.
pub fn cause(state: State) -> &'static str {
    match state {
        State::InReview => "it waited for sign-off",
        State::Ready => "it was complete, and nobody sent it",
        State::Draft
        | State::Submitted
        | State::Returned
        | State::Acknowledged
        | State::Decided
        | State::Withdrawn
        | State::Expired => "it was a draft, and nobody sent it",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::day;

    fn steps() -> Vec<(Step, NaiveDate)> {
        let on = [(Step::Draft, "2026-06-20"), (Step::Review, "2026-06-25")];
        on.map(|(step, on)| (step, day(on))).into()
    }

    fn called(state: State, called: &[Step], today: &str) -> Vec<Passed> {
        passed(state, &steps(), Some(day("2026-07-01")), called, day(today))
    }

    #[test]
    fn each_day_is_called_once_when_it_has_passed_and_the_last_one_alone() {
        let draft = Passed::Ours(Step::Draft, day("2026-06-20"));
        let review = Passed::Ours(Step::Review, day("2026-06-25"));
        assert_eq!(called(State::Draft, &[], "2026-06-20"), []);
        assert_eq!(called(State::Draft, &[], "2026-06-21"), [draft]);
        assert_eq!(called(State::Draft, &[Step::Draft], "2026-07-01"), [review]);
        assert_eq!(called(State::InReview, &[], "2026-07-01"), [review], "it is written");
        assert_eq!(called(State::Ready, &[], "2026-07-01"), [], "it is reviewed");
        let last = Passed::Last(day("2026-07-01"));
        assert_eq!(called(State::InReview, &[Step::Draft], "2026-07-02"), [last]);
    }

    #[test]
    fn what_was_sent_is_not_called() {
        for state in State::ALL.iter().filter(|state| !waits(**state)) {
            assert_eq!(called(*state, &[], "2026-09-01"), [], "{state}");
            assert_eq!(next_day(*state, &steps(), Some(day("2026-07-01")), &[]), None);
        }
    }

    #[test]
    fn the_next_day_is_the_first_that_was_not_called() {
        let next = |called: &[Step], last| next_day(State::Draft, &steps(), last, called);
        let last = Some(day("2026-07-01"));
        assert_eq!(next(&[], last), Some(day("2026-06-20")));
        assert_eq!(next(&[Step::Draft], last), Some(day("2026-06-25")));
        assert_eq!(next(&[Step::Draft, Step::Review], last), last);
        assert_eq!(next(&[Step::Draft, Step::Review], None), None);
    }
}
