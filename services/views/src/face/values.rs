use contracts::money::v1::Money;
use uuid::Uuid;

pub(crate) use ledger::held::known_day;
pub(crate) use platform::clock::{date, timestamp};

/// Dollars on the wire.
#[must_use]
pub fn money(cents: i64) -> Money {
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
