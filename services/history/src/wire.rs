//! Values of the contracts.

use chrono::NaiveDate;
use contracts::google::r#type::Date;
use contracts::money::v1::Money;
use domain::calendar::Zone;
use domain::money::Cents;
use platform::clock::{self, Clock};
use platform::rejection::{Fault, Violation};
use uuid::Uuid;

/// The id in field `id`: what is no UUID is bad input, not a missing row.
pub(crate) fn id(text: &str) -> Result<Uuid, Fault> {
    Uuid::try_parse(text).map_err(|_| {
        let (field, description) = ("id".to_owned(), "is not a UUID".to_owned());
        Fault::Invalid(vec![Violation { field, description }])
    })
}

/// A date that is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a day of the calendar")]
pub struct NoDay;

/// The day of a date, if it is set.
///
/// # Errors
/// When the calendar has no such day.
pub fn day(date: Option<Date>) -> Result<Option<NaiveDate>, NoDay> {
    date.map(|date| clock::day(date).ok_or(NoDay)).transpose()
}

pub(crate) fn money(cents: Cents) -> Money {
    Money { currency_code: "USD".to_owned(), amount_cents: cents.as_i64() }
}

/// A number that the contract counts in signed bits.
pub(crate) fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Today, where a payer is that says nothing else.
pub(crate) fn today(clock: &Clock) -> NaiveDate {
    Zone::EASTERN.day_of(clock.now())
}
