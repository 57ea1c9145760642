//! Single values.

use chrono::NaiveDate;
use domain::codes::Carc;
use domain::money::Cents;
use x12::model::Money;

/// A reason that can be no code is kept as one nobody knows: the exception queue owns it.
pub(crate) fn carc(reason: &str) -> Carc {
    let plain = || {
        let letters: String = reason.chars().filter(char::is_ascii_alphanumeric).take(7).collect();
        Carc::new(&format!("X{letters}"))
    };
    Carc::new(reason)
        .or_else(|_| plain())
        .expect("a letter and at most seven letters and digits are a code")
}

/// Cents, zero where the element does not read.
#[must_use]
pub fn cents(money: &Money) -> Cents {
    Cents::new(money.cents().unwrap_or_default())
}

pub(crate) fn total(amounts: impl Iterator<Item = Cents>) -> Cents {
    Cents::new(amounts.fold(0, |sum: i64, amount| sum.saturating_add(amount.as_i64())))
}

pub(crate) fn text(value: &str) -> Option<&str> {
    (!value.is_empty()).then_some(value)
}

/// A decimal of at most three places, in thousandths.
pub(crate) fn milli(units: &str) -> Option<i64> {
    let (whole, part) = units.split_once('.').unwrap_or((units, ""));
    if part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part: i64 = format!("{part:0<3}").parse().ok()?;
    let whole: i64 = whole.parse().ok()?;
    whole.checked_mul(1_000)?.checked_add(if whole < 0 { -part } else { part })
}

/// `YYYYMMDD`, of this era: a database keeps no year beyond four digits.
#[must_use]
pub fn day(text: &str) -> Option<NaiveDate> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let day = NaiveDate::parse_from_str(text, "%Y%m%d").ok()?;
    (text >= "19000101").then_some(day)
}
