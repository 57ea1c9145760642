//! Counting days, business days and months.

use chrono::{Datelike, Months, NaiveDate, Weekday};

use super::holidays::federal_holiday;
use crate::words::words;

words! {
    /// Where a month ends that has no corresponding day.
    MonthEnd {
        /// On its last day: 31 January and one month is 28 or 29 February.
        Clamp = "clamp",
        /// On the first of the following month: 31 January and one month is 1 March.
        NextFirst = "next_first",
    }
}

words! {
    /// What happens to a last day that is a weekend or a federal holiday.
    Roll {
        /// Nothing; the safe choice where no clause says otherwise.
        None = "none",
        /// The next business day counts.
        NextBusinessDay = "next_business_day",
    }
}

/// Whether the day is neither a weekend nor an observed federal holiday.
pub fn is_business_day(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && federal_holiday(day).is_none()
}

/// The day so many business days later, the start day not counted: one business day after a
/// Friday or a Saturday is Monday. Zero days later is the day itself, business day or not.
/// `None` beyond the end of the calendar.
pub fn add_business_days(day: NaiveDate, count: u32) -> Option<NaiveDate> {
    step_business_days(day, count, NaiveDate::succ_opt)
}

/// The day so many business days earlier, the start day not counted. `None` before the calendar.
pub fn sub_business_days(day: NaiveDate, count: u32) -> Option<NaiveDate> {
    step_business_days(day, count, NaiveDate::pred_opt)
}

fn step_business_days(
    mut day: NaiveDate,
    count: u32,
    step: impl Fn(&NaiveDate) -> Option<NaiveDate>,
) -> Option<NaiveDate> {
    let mut left = count;
    while left > 0 {
        day = step(&day)?;
        left -= u32::from(is_business_day(day));
    }
    Some(day)
}

/// How many business days lie after `start` up to and including `end`; zero when `end` is not
/// later. The inverse of [`add_business_days`].
pub fn business_days_after(start: NaiveDate, end: NaiveDate) -> u32 {
    let days = start.iter_days().skip(1).take_while(|day| *day <= end);
    days.map(|day| u32::from(is_business_day(day))).sum()
}

/// The corresponding day so many months later; `None` beyond the end of the calendar.
pub fn add_months(day: NaiveDate, count: u32, month_end: MonthEnd) -> Option<NaiveDate> {
    let clamped = day.checked_add_months(Months::new(count))?;
    match month_end {
        MonthEnd::NextFirst if clamped.day() != day.day() => clamped.succ_opt(),
        MonthEnd::Clamp | MonthEnd::NextFirst => Some(clamped),
    }
}

/// Moves a day that is no business day as the clause says; `None` beyond the calendar.
pub fn roll(day: NaiveDate, roll: Roll) -> Option<NaiveDate> {
    match roll {
        Roll::NextBusinessDay if !is_business_day(day) => add_business_days(day, 1),
        Roll::None | Roll::NextBusinessDay => Some(day),
    }
}
