use chrono::{Datelike, NaiveDate};
use contracts::google::r#type::Date;
use contracts::money::v1::Money;
use uuid::Uuid;

pub(crate) use platform::clock::timestamp;

pub(super) fn date(day: NaiveDate) -> Date {
    let small = |of: u32| i32::try_from(of).unwrap_or_default();
    Date { year: day.year(), month: small(day.month()), day: small(day.day()) }
}

/// A day of a sort column, where the last day of 9999 stands for none.
pub(super) fn known_day(day: NaiveDate) -> Option<NaiveDate> {
    (Some(day) != NaiveDate::from_ymd_opt(9999, 12, 31)).then_some(day)
}

pub(super) fn money(cents: i64) -> Money {
    Money { currency_code: "USD".to_owned(), amount_cents: cents }
}

/// An id; empty for the nil one, which rows hold where there is none.
pub(super) fn id(id: Uuid) -> String {
    if id.is_nil() { String::new() } else { id.to_string() }
}

/// A number that the contract counts in 32 bits.
pub(super) fn small(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}
