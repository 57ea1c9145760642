//! What a day of filing is worth: in time, or late with a cause.

use chrono::NaiveDate;
use domain::deadline::{Deadline, FiledWhen};

/// An appeal as it is said to have been filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filing<'a> {
    /// The day, as the deadline's rule counts it: of arrival, or of sending.
    pub filed_on: NaiveDate,
    /// Why it was late; empty when nobody says so.
    pub good_cause: &'a str,
}

/// What a filing is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The day that counts: the first one, of what was sent before and came back.
    pub counts_on: NaiveDate,
    /// Days after the last day; 0 when in time, and where no last day is known.
    pub days_late: i64,
}

impl Judged {
    /// Whether it counts as missed.
    pub fn is_late(&self) -> bool {
        self.days_late > 0
    }
}

/// Why a filing cannot be recorded as it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotFile {
    /// Nothing was refused by then.
    #[error("it was filed on {filed_on}, before the remittance of {remitted_on}")]
    BeforeRemittance {
        /// The day of filing.
        filed_on: NaiveDate,
        /// The day of the first remittance that is appealed.
        remitted_on: NaiveDate,
    },
    /// It has not been filed yet.
    #[error("{0} lies in the future where the payer is")]
    InTheFuture(NaiveDate),
    /// It is late, and nobody says why.
    #[error("{}; say in `good_cause` why the payer should take it all the same",
        late_words(*filed_on, *last_day, *filed_when))]
    LateWithoutCause {
        /// The day of filing that counts.
        filed_on: NaiveDate,
        /// The last day.
        last_day: NaiveDate,
        /// What had to have happened by then.
        filed_when: FiledWhen,
    },
}

fn late_words(filed_on: NaiveDate, last_day: NaiveDate, filed_when: FiledWhen) -> String {
    match filed_when {
        FiledWhen::Received => {
            format!("the payer had to have it by {last_day} and has it since {filed_on}")
        }
        FiledWhen::Sent => format!("it had to be sent by {last_day} and was sent on {filed_on}"),
    }
}

/// Judges a filing. A late one is recorded, never refused, once a cause is given; it counts as
/// missed. `first_filed_on` is the day of the first sending, of what came back.
///
/// # Errors
/// [`CannotFile`].
pub fn judge(
    deadline: Option<&Deadline>,
    remitted_on: NaiveDate,
    first_filed_on: Option<NaiveDate>,
    today: NaiveDate,
    filing: Filing<'_>,
) -> Result<Judged, CannotFile> {
    let filed_on = filing.filed_on;
    if filed_on > today {
        return Err(CannotFile::InTheFuture(filed_on));
    }
    if filed_on < remitted_on {
        return Err(CannotFile::BeforeRemittance { filed_on, remitted_on });
    }
    let counts_on = first_filed_on.map_or(filed_on, |first| first.min(filed_on));
    let late = deadline.filter(|deadline| !deadline.is_open(counts_on));
    let days_late = late.map_or(0, |deadline| -deadline.days_left(counts_on));
    match late {
        Some(deadline) if filing.good_cause.trim().is_empty() => {
            Err(CannotFile::LateWithoutCause {
                filed_on: counts_on,
                last_day: deadline.last_day,
                filed_when: deadline.filed_when,
            })
        }
        _ => Ok(Judged { counts_on, days_late }),
    }
}

#[cfg(test)]
mod tests {
    use domain::calendar::Zone;
    use domain::deadline::{ClockEvent, ClockStarts, Evidence, compute};
    use proptest::prelude::*;

    use super::*;
    use crate::samples::{day, rules};

    /// The last day is 2026-09-08: 90 days after 2026-06-10.
    fn deadline() -> Deadline {
        let rules = rules();
        let rule = rules.iter().find(|rule| rule.slug == "va-ccn-reconsideration").unwrap();
        let starts = ClockStarts::new()
            .with(ClockEvent::NoticeDate, day("2026-06-10"), Evidence::Remittance)
            .with(ClockEvent::NoticeReceipt, day("2026-06-10"), Evidence::Stated);
        compute(rule, &starts, Zone::EASTERN).unwrap()
    }

    fn filed(on: &str, good_cause: &str, first: Option<&str>) -> Result<Judged, CannotFile> {
        let filing = Filing { filed_on: day(on), good_cause };
        let remitted_on = day("2026-06-10");
        judge(Some(&deadline()), remitted_on, first.map(day), day("2026-12-01"), filing)
    }

    #[test]
    fn the_last_day_counts_and_the_next_one_needs_a_cause() {
        assert_eq!(filed("2026-09-08", "", None).unwrap().days_late, 0);
        let refused = filed("2026-09-09", " ", None).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the payer had to have it by 2026-09-08 and has it since 2026-09-09; say in \
             `good_cause` why the payer should take it all the same"
        );
        let late = filed("2026-09-10", "a flood closed the office", None).unwrap();
        assert_eq!((late.days_late, late.is_late()), (2, true));
    }

    #[test]
    fn what_came_back_keeps_its_first_day() {
        let again = filed("2026-10-20", "", Some("2026-08-01")).unwrap();
        assert_eq!((again.counts_on, again.is_late()), (day("2026-08-01"), false));
        assert!(filed("2026-10-20", "", Some("2026-09-09")).is_err(), "the first was late");
    }

    #[test]
    fn nothing_is_filed_before_the_remittance_or_in_the_future() {
        assert!(matches!(filed("2026-06-09", "x", None), Err(CannotFile::BeforeRemittance { .. })));
        assert!(filed("2026-06-10", "", None).is_ok());
        assert!(matches!(filed("2026-12-02", "x", None), Err(CannotFile::InTheFuture(_))));
    }

    proptest! {
        #[test]
        fn with_a_cause_every_past_day_is_recorded(after in 0..170i64, first in 0..170i64) {
            let (filed_on, first) = (
                day("2026-06-10") + chrono::TimeDelta::days(after),
                day("2026-06-10") + chrono::TimeDelta::days(first),
            );
            let filing = Filing { filed_on, good_cause: "a flood" };
            let today = day("2026-12-01");
            let deadline = deadline();
            let judged =
                judge(Some(&deadline), day("2026-06-10"), Some(first), today, filing).unwrap();
            prop_assert_eq!(judged.counts_on, filed_on.min(first));
            prop_assert_eq!(judged.is_late(), judged.counts_on > deadline.last_day);
            let without = judge(None, day("2026-06-10"), None, today, filing).unwrap();
            prop_assert_eq!(without.days_late, 0);
        }
    }
}
