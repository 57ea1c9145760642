//! The last day to file an appeal, and the days of ours inside the payer's window.

use chrono::NaiveDate;
use domain::calendar::sub_business_days;
use domain::deadline::{
    ClockEvent, ClockStarts, Deadline, Evidence, FiledWhen, NoDeadline, RuleBook, Situation, Wanted,
};
use domain::words;

use crate::ladder::Ladder;
use crate::level::Open;

/// Business days between the day we send and the day by which the payer must have it: First-Class
/// Mail takes one to five days by its service standard (39 CFR 121.1).
const ON_THE_WAY: u32 = 5;
/// The same where sending in time is enough.
const TO_SEND: u32 = 1;
/// Business days for whoever reviews.
const TO_REVIEW: u32 = 3;
/// Business days between a draft and its review: what is missing must be found.
const TO_COMPLETE: u32 = 5;

/// When the clocks of one denial began, as routing and the level below say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Began {
    /// Day of payment of the remittance that refused.
    pub remitted_on: NaiveDate,
    /// First day of service.
    pub service_on: Option<NaiveDate>,
}

impl Began {
    /// The clocks at a level of a ladder.
    pub fn starts(&self, ladder: &Ladder<'_>, open: &Open) -> ClockStarts {
        let mut starts = ClockStarts::new()
            .with(ClockEvent::NoticeDate, self.remitted_on, Evidence::Remittance)
            .with(ClockEvent::RequestDate, self.remitted_on, Evidence::Remittance);
        if let Some(service_on) = self.service_on {
            starts = starts.with(ClockEvent::ServiceDate, service_on, Evidence::Remittance);
        }
        if let Some(decided_on) = open.decided_on.filter(|_| ladder.follows_directly(open.level)) {
            starts = starts.with(ClockEvent::DecisionDate, decided_on, Evidence::Stated);
        }
        starts
    }
}

/// Until when an appeal may be filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Window {
    /// There is a last day.
    Until(Box<Deadline>),
    /// The contract says, and its term is not on file.
    NeedsContract {
        /// The rule, by slug.
        rule: String,
    },
    /// The clock has not started, or nobody knows when.
    NotStarted {
        /// Why, in words.
        why: String,
    },
}

impl Window {
    /// The deadline, where there is one.
    pub fn deadline(&self) -> Option<&Deadline> {
        match self {
            Self::Until(deadline) => Some(deadline),
            Self::NeedsContract { .. } | Self::NotStarted { .. } => None,
        }
    }
}

/// The window of one denial at a level.
pub fn of_denial(book: &RuleBook<'_>, wanted: &Wanted<'_>, situation: &Situation<'_>) -> Window {
    let choice = book.choose(std::slice::from_ref(wanted), situation);
    if let Some(deadline) = choice.ranking() {
        let mut deadline = deadline.clone();
        deadline.steps.push(choice.why.clone());
        return Window::Until(Box::new(deadline));
    }
    let contract = choice.unavailable.iter().find_map(|missing| match &missing.why {
        Some(NoDeadline::NeedsContract { rule }) => Some(rule.clone()),
        _ => None,
    });
    match contract {
        Some(rule) => Window::NeedsContract { rule },
        None => {
            let words = |why: &NoDeadline| why.to_string();
            let missing = choice.unavailable.iter().find_map(|missing| missing.why.as_ref());
            Window::NotStarted { why: missing.map_or(choice.why, words) }
        }
    }
}

/// The window of an appeal of several denials: the earliest last day, so that it is in time for all
/// of them; where only some have a day, the earliest of those.
pub fn of_all(windows: impl IntoIterator<Item = Window>) -> Option<Window> {
    let mut windows: Vec<Window> = windows.into_iter().collect();
    let count = windows.len();
    // A day before no day; of equals the first.
    windows.sort_by_key(|window| {
        window.deadline().map_or((true, NaiveDate::MAX), |deadline| (false, deadline.last_day))
    });
    let mut first = windows.into_iter().next()?;
    if let Window::Until(deadline) = &mut first
        && count > 1
    {
        deadline.steps.push(format!("the earliest of the {count} denials counts for all"));
    }
    Some(first)
}

words! {
    /// A day of ours inside the payer's window.
    Step {
        /// By when the draft is written.
        Draft = "draft",
        /// By when it was reviewed.
        Review = "review",
        /// By when it is sent.
        Send = "send",
    }
}

/// The days of ours, derived back from the last day; never before the appeal was opened. Empty
/// where that was too late for any.
pub fn internal_dates(deadline: &Deadline, opened_on: NaiveDate) -> Vec<(Step, NaiveDate)> {
    if opened_on > deadline.last_day {
        return Vec::new();
    }
    let reserve = match deadline.filed_when {
        FiledWhen::Received => ON_THE_WAY,
        FiledWhen::Sent => TO_SEND,
    };
    let before = |day: NaiveDate, count: u32| {
        sub_business_days(day, count).map_or(opened_on, |day| day.max(opened_on))
    };
    let send = before(deadline.last_day, reserve);
    let review = before(send, TO_REVIEW);
    let draft = before(review, TO_COMPLETE);
    vec![(Step::Draft, draft), (Step::Review, review), (Step::Send, send)]
}

#[cfg(test)]
mod tests {
    use domain::calendar::Zone;
    use domain::codes::{Lob, Network};
    use domain::deadline::{Path, Rule};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::samples::{covered, day, rules};

    fn at(level: Path, decided_on: Option<&str>) -> Open {
        let previous = decided_on.map(|_| Uuid::from_u128(1));
        Open { level, previous, decided_on: decided_on.map(day) }
    }

    fn window(
        rules: &[Rule],
        (lob, payer, network): (Lob, Option<&'static str>, Option<Network>),
        open: &Open,
        remitted_on: &str,
    ) -> Window {
        let coverage = covered(lob, payer, network);
        let today = day("2026-06-15");
        let ladder = Ladder::of(rules, coverage, today);
        let began = Began { remitted_on: day(remitted_on), service_on: None };
        let starts = began.starts(&ladder, open);
        let situation = Situation {
            lob: Some(lob),
            payer,
            network,
            starts: &starts,
            zone: Zone::EASTERN,
            today,
        };
        of_denial(&RuleBook::new(rules), &Wanted::any(open.level), &situation)
    }

    fn last_day(window: &Window) -> NaiveDate {
        window.deadline().unwrap().last_day
    }

    #[test]
    fn a_first_level_counts_from_the_remittance_and_a_next_one_from_the_decision() {
        let rules = rules();
        let medicare = (Lob::MedicareFfs, None, None);
        let first = window(&rules, medicare, &at(Path::AppealLevel1, None), "2026-06-10");
        // Five days of presumed receipt and 120 days.
        assert_eq!(last_day(&first), day("2026-10-13"));
        let next = at(Path::AppealLevel2, Some("2026-06-01"));
        let next = window(&rules, medicare, &next, "2026-01-10");
        let deadline = next.deadline().unwrap();
        assert_eq!(deadline.rule, "medicare-reconsideration");
        assert_eq!(deadline.start.notice_on, Some(day("2026-06-01")));
        assert!(deadline.last_day > day("2026-11-28"));
    }

    #[test]
    fn what_the_contract_holds_and_what_has_not_begun_is_said_and_not_guessed() {
        let rules = rules();
        let inside = (Lob::MedicareAdvantage, None, Some(Network::InNetwork));
        let first = window(&rules, inside, &at(Path::AppealLevel1, None), "2026-06-10");
        assert_eq!(first, Window::NeedsContract { rule: "ma-contracted-dispute".to_owned() });
        let outside = (Lob::MedicareAdvantage, None, Some(Network::OutOfNetwork));
        let third = at(Path::AppealLevel3, Some("2026-06-01"));
        let third = window(&rules, outside, &third, "2026-01-10");
        assert!(matches!(&third, Window::NotStarted { why } if why.contains("decision_receipt")));
    }

    #[test]
    fn a_second_step_shares_the_window_of_the_first() {
        let rules = rules();
        let united = (Lob::Commercial, Some("unitedhealthcare"), None);
        let second = at(Path::AppealLevel2, Some("2026-05-01"));
        assert_eq!(last_day(&window(&rules, united, &second, "2026-01-10")), day("2027-01-10"));
    }

    #[test]
    fn the_earliest_day_counts_for_all() {
        let rules = rules();
        let medicare = (Lob::MedicareFfs, None, None);
        let first = at(Path::AppealLevel1, None);
        let of = |on: &str| window(&rules, medicare, &first, on);
        let none = Window::NotStarted { why: "nobody knows".to_owned() };
        let all = of_all([of("2026-06-10"), none.clone(), of("2026-05-11")]).unwrap();
        assert_eq!(last_day(&all), last_day(&of("2026-05-11")));
        assert!(all.deadline().unwrap().steps.last().unwrap().contains("3 denials"));
        assert_eq!(of_all([none.clone()]), Some(none));
        assert_eq!(of_all([]), None);
    }

    fn until(last_day: NaiveDate, filed_when: FiledWhen) -> Deadline {
        let rules = rules();
        let medicare = (Lob::MedicareFfs, None, None);
        let first = window(&rules, medicare, &at(Path::AppealLevel1, None), "2026-06-10");
        Deadline { last_day, filed_when, ..first.deadline().unwrap().clone() }
    }

    #[test]
    fn our_days_leave_the_mail_its_time() {
        let received =
            internal_dates(&until(day("2026-07-31"), FiledWhen::Received), day("2026-06-15"));
        assert_eq!(
            received,
            [
                (Step::Draft, day("2026-07-14")),
                (Step::Review, day("2026-07-21")),
                (Step::Send, day("2026-07-24")),
            ]
        );
        let sent = internal_dates(&until(day("2026-07-31"), FiledWhen::Sent), day("2026-06-15"));
        assert_eq!(sent[2], (Step::Send, day("2026-07-30")));
    }

    proptest! {
        #[test]
        fn our_days_are_in_order_inside_the_window(left in -30..400i64, sent: bool) {
            let opened_on = day("2026-06-15");
            let last_day = opened_on + chrono::TimeDelta::days(left);
            let filed_when = if sent { FiledWhen::Sent } else { FiledWhen::Received };
            let days = internal_dates(&until(last_day, filed_when), opened_on);
            prop_assert_eq!(days.len(), if left < 0 { 0 } else { 3 });
            prop_assert!(days.windows(2).all(|pair| pair[0].1 <= pair[1].1));
            prop_assert!(days.iter().all(|(_, on)| (opened_on..=last_day).contains(on)));
        }
    }
}
