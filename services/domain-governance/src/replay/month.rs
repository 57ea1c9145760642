//! The months in which history is kept, and the span that is replayed.

use chrono::{Datelike, Months, NaiveDate};

/// Days of history below which a ballot says that history is short.
pub const SHORT_HISTORY_DAYS: i64 = 90;

/// How many months back a replay reaches unless asked otherwise.
const MONTHS_BACK: u32 = 12;

/// A calendar month: where the denials of its remittances are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    first: NaiveDate,
}

impl Month {
    /// The month of a remittance's day.
    pub fn of(day: NaiveDate) -> Self {
        Self { first: day.with_day(1).expect("every month has a first day") }
    }

    /// Year and month as one number that sorts, such as 202611: for a column.
    pub fn number(self) -> i32 {
        self.first.year() * 100 + self.first.month() as i32
    }

    /// Reads [`Month::number`] back; `None` when it is none.
    pub fn from_number(number: i32) -> Option<Self> {
        let month = u32::try_from(number.rem_euclid(100)).ok()?;
        NaiveDate::from_ymd_opt(number.div_euclid(100), month, 1).map(|first| Self { first })
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        self.first
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        let next = self.first.checked_add_months(Months::new(1));
        next.and_then(|next| next.pred_opt()).unwrap_or(NaiveDate::MAX)
    }
}

/// The months that are replayed, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first month.
    pub first: Month,
    /// The last month.
    pub last: Month,
}

impl Span {
    /// From the month of `starts_on`, or of the day 12 months ago, to the current one: whole
    /// months, never less than was asked for.
    pub fn until(today: NaiveDate, starts_on: Option<NaiveDate>) -> Self {
        let back = || today.checked_sub_months(Months::new(MONTHS_BACK)).unwrap_or(today);
        let first = starts_on.unwrap_or_else(back).min(today);
        Self { first: Month::of(first), last: Month::of(today) }
    }

    /// Whether a remittance of that day belongs to it.
    pub fn contains(self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&Month::of(day))
    }
}

/// The first and the last day on which there is history within a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct History {
    /// The first day with a remittance.
    pub starts_on: NaiveDate,
    /// The last one, not before the first.
    pub ends_on: NaiveDate,
}

impl History {
    /// Days from the first to the last, both included.
    pub fn days(self) -> i64 {
        (self.ends_on - self.starts_on).num_days() + 1
    }

    /// Whether there is too little of it to rely on.
    pub fn is_short(self) -> bool {
        self.days() < SHORT_HISTORY_DAYS
    }
}
