use chrono::{DateTime, TimeDelta, Utc};
use contracts::money::v1::Money;
use domain::money::Cents;
use platform::clock::instant;
use platform::rejection::Violations;
use uuid::Uuid;

pub(crate) use ledger::held::known_day;
pub(crate) use platform::clock::{date, timestamp};

/// The most cents of an amount, either way: what a double holds exactly.
pub const CENTS_MAX: i64 = 9_007_199_254_740_991;

/// How far a source's clock may run ahead of ours.
const AHEAD_MAX: TimeDelta = TimeDelta::minutes(5);

/// Dollars on the wire.
#[must_use]
pub fn money(cents: i64) -> Money {
    Money { currency_code: "USD".to_owned(), amount_cents: cents }
}

/// An amount from the wire; zero when none was sent.
pub fn cents(field: &str, sent: Option<&Money>, violations: &mut Violations) -> Cents {
    let Some(sent) = sent else { return Cents::ZERO };
    if !["", "USD"].contains(&sent.currency_code.as_str()) {
        violations.add(format!("{field}.currency_code"), "must be USD, or empty");
    }
    if !(-CENTS_MAX..=CENTS_MAX).contains(&sent.amount_cents) {
        violations.add(
            format!("{field}.amount_cents"),
            "must be between -9,007,199,254,740,991 and 9,007,199,254,740,991",
        );
    }
    Cents::new(sent.amount_cents)
}

/// When a source says that something was so; `what` is its field and what the instant is, in words.
/// Noted where it is missing, or lies in the future.
pub fn at_source(
    (field, what): (&str, &str),
    sent: Option<prost_types::Timestamp>,
    now: DateTime<Utc>,
    violations: &mut Violations,
) -> Option<DateTime<Utc>> {
    let at = sent.and_then(instant);
    match at {
        None => violations.add(field, format!("is required: {what}")),
        Some(at) if at > now + AHEAD_MAX => violations.add(field, "lies in the future"),
        Some(_) => {}
    }
    at
}

/// An id; empty for the nil one, which rows hold where there is none.
pub(super) fn id(id: Uuid) -> String {
    if id.is_nil() { String::new() } else { id.to_string() }
}

/// A number that the contract counts in 32 bits.
pub(super) fn small(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}
