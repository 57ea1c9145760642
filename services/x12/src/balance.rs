//! Whether the sums of a line, a claim or a transaction come out. Reported, never repaired.

use crate::amount::Amount;

/// The outcome of one sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Balance {
    /// It comes out to the cent.
    Balanced,
    /// Left side less right side, in cents.
    Off(i64),
    /// A term is missing or unreadable, or the sum leaves the range of cents.
    Unknown,
}

impl Balance {
    /// Whether it comes out.
    pub fn is_balanced(self) -> bool {
        self == Self::Balanced
    }
}

/// A running sum that remembers whether a term could not be read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    cents: i64,
    unknown: bool,
}

impl Sum {
    #[inline]
    pub(crate) fn add(&mut self, amount: Amount<'_>) {
        self.take(amount, i64::overflowing_add);
    }

    #[inline]
    pub(crate) fn subtract(&mut self, amount: Amount<'_>) {
        self.take(amount, i64::overflowing_sub);
    }

    #[inline]
    fn take(&mut self, amount: Amount<'_>, operation: impl Fn(i64, i64) -> (i64, bool)) {
        let (cents, beyond) = operation(self.cents, amount.cents().unwrap_or(0));
        self.cents = cents;
        self.unknown |= beyond | amount.cents().is_none();
    }

    pub(crate) fn lose(&mut self) {
        self.unknown = true;
    }

    /// Zero is balanced.
    pub(crate) fn balance(self) -> Balance {
        match self {
            Self { unknown: true, .. } => Balance::Unknown,
            Self { cents: 0, .. } => Balance::Balanced,
            Self { cents, .. } => Balance::Off(cents),
        }
    }
}
