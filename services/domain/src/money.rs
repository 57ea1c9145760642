//! Money in cents and shares in basis points; no floats, no silent overflow.
//!
//! Absent on purpose: currencies (remittances are in US dollars) and operators, because an
//! operator would have to panic or wrap where a sum does not fit.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount of US dollars in cents; negative for take-backs.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Cents(i64);

impl Cents {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount there is; sums that do not fit end here where that is stated.
    pub const MAX: Self = Self(i64::MAX);

    /// An amount of whole cents.
    pub const fn new(cents: i64) -> Self {
        Self(cents)
    }

    /// The amount in whole cents.
    pub const fn as_i64(self) -> i64 {
        self.0
    }

    /// Whether the amount is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum; `None` when it does not fit.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(cents) => Some(Self(cents)),
            None => None,
        }
    }

    /// The difference; `None` when it does not fit.
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(cents) => Some(Self(cents)),
            None => None,
        }
    }

    /// The amount with the opposite sign; `None` for the smallest amount.
    pub const fn checked_neg(self) -> Option<Self> {
        match self.0.checked_neg() {
            Some(cents) => Some(Self(cents)),
            None => None,
        }
    }

    /// The amount so many times; `None` when it does not fit.
    pub const fn checked_mul(self, times: i64) -> Option<Self> {
        match self.0.checked_mul(times) {
            Some(cents) => Some(Self(cents)),
            None => None,
        }
    }

    /// The sum of all amounts; `None` when the total does not fit, whatever the order.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        // 2^64 amounts of i64 fit into i128, so no intermediate sum can overflow.
        let total: i128 = amounts.into_iter().map(|amount| i128::from(amount.0)).sum();
        i64::try_from(total).ok().map(Self)
    }

    /// A share of the amount, rounded half to even; `None` when it does not fit.
    pub fn share(self, share: BasisPoints) -> Option<Self> {
        let exact = i128::from(self.0) * i128::from(share.0);
        i64::try_from(divide_half_even(exact, 10_000)).ok().map(Self)
    }

    /// What share of `whole` this amount is, rounded half to even; `None` when `whole` is zero,
    /// or the share is negative or beyond [`BasisPoints`].
    pub fn ratio_of(self, whole: Self) -> Option<BasisPoints> {
        if whole.0 == 0 {
            return None;
        }
        let sign = i128::from(whole.0.signum());
        let share =
            divide_half_even(i128::from(self.0) * 10_000 * sign, i128::from(whole.0) * sign);
        u32::try_from(share).ok().map(BasisPoints)
    }

    /// The plain decimal form of X12 and CSV: `1234.56`, `-0.05`.
    pub fn plain(self) -> Plain {
        Plain(self)
    }
}

/// Writes `$1,234.56`, negative amounts as `-$0.05`.
impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negative() { "-" } else { "" };
        let digits = (self.0.unsigned_abs() / 100).to_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        f.pad(&format!("{sign}${grouped}.{:02}", self.0.unsigned_abs() % 100))
    }
}

/// An amount written without a currency sign or grouping; see [`Cents::plain`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plain(Cents);

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0.is_negative() { "-" } else { "" };
        let cents = self.0.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", cents / 100, cents % 100))
    }
}

/// A share in hundredths of a percent: 10,000 is all of it; larger shares are allowed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct BasisPoints(u32);

impl BasisPoints {
    /// None of it.
    pub const ZERO: Self = Self(0);
    /// All of it.
    pub const ALL: Self = Self(10_000);

    /// A share of so many hundredths of a percent.
    pub const fn new(basis_points: u32) -> Self {
        Self(basis_points)
    }

    /// A share of so many whole percent.
    pub const fn from_percent(percent: u16) -> Self {
        // u16::MAX * 100 fits into u32.
        Self(percent as u32 * 100)
    }

    /// The share in hundredths of a percent.
    pub const fn as_u32(self) -> u32 {
        self.0
    }
}

/// Writes `25%`, `12.5%`, `0.01%`.
impl fmt::Display for BasisPoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        match (part, part % 10) {
            (0, _) => write!(f, "{whole}%"),
            (_, 0) => write!(f, "{whole}.{}%", part / 10),
            _ => write!(f, "{whole}.{part:02}%"),
        }
    }
}

/// Divides by a positive number and rounds to the nearest integer, a tie to the even one.
fn divide_half_even(dividend: i128, divisor: i128) -> i128 {
    let floor = dividend.div_euclid(divisor);
    let twice_rest = 2 * dividend.rem_euclid(divisor);
    let up = twice_rest > divisor || (twice_rest == divisor && floor % 2 != 0);
    floor + i128::from(up)
}

#[cfg(test)]
mod tests;
