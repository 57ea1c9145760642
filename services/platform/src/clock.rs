//! Instants. Time is an input everywhere else: a service asks its [`Clock`], a test moves it.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Datelike, Duration, DurationRound, NaiveDate, TimeDelta, Utc};
use contracts::google::r#type::Date;

/// An instant on the wire.
#[must_use]
pub fn timestamp(at: DateTime<Utc>) -> prost_types::Timestamp {
    std::time::SystemTime::from(at).into()
}

/// An instant off the wire, if the calendar has it.
#[must_use]
pub fn instant(at: prost_types::Timestamp) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?)
}

/// A day on the wire.
#[must_use]
pub fn date(day: NaiveDate) -> Date {
    let small = |of: u32| i32::try_from(of).unwrap_or_default();
    Date { year: day.year(), month: small(day.month()), day: small(day.day()) }
}

/// A day off the wire, if the calendar has it.
#[must_use]
pub fn day(date: Date) -> Option<NaiveDate> {
    let (month, day) = (u32::try_from(date.month).ok()?, u32::try_from(date.day).ok()?);
    NaiveDate::from_ymd_opt(date.year, month, day)
}

/// Where instants come from; cloned freely, all clones tell the same time.
#[derive(Clone, Debug, Default)]
pub struct Clock(Source);

#[derive(Clone, Debug, Default)]
enum Source {
    #[default]
    System,
    Manual(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `at` until it is moved.
    #[must_use]
    pub fn manual(at: DateTime<Utc>) -> Self {
        Self(Source::Manual(Arc::new(Mutex::new(at))))
    }

    /// The current instant, cut to microseconds: what both databases keep.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.0 {
            Source::System => Utc::now(),
            Source::Manual(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        };
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }

    /// Today's date in UTC; dates that bind a payer are taken in the payer's zone by the caller.
    #[must_use]
    pub fn today_utc(&self) -> NaiveDate {
        self.now().date_naive()
    }

    /// Moves a manual clock; a system clock stays where it is and answers false.
    pub fn advance(&self, by: Duration) -> bool {
        match &self.0 {
            Source::System => false,
            Source::Manual(at) => {
                *at.lock().unwrap_or_else(PoisonError::into_inner) += by;
                true
            }
        }
    }
}
