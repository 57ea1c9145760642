//! How many denials, and how much money.

use domain::money::Cents;

/// Denials and their money.
///
/// Money is wider than an amount, so that no sum of history depends on the order of adding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// How many denials.
    pub denials: u64,
    /// Their money, in cents.
    pub cents: i128,
}

impl Tally {
    /// Nothing.
    pub const ZERO: Self = Self { denials: 0, cents: 0 };

    /// One denial.
    pub fn one(amount: Cents) -> Self {
        Self { denials: 1, cents: amount.as_i64().into() }
    }

    /// So many denials with so much money.
    pub fn of(denials: u64, money: Cents) -> Self {
        Self { denials, cents: money.as_i64().into() }
    }

    /// The money, ending where amounts end.
    pub fn money(self) -> Cents {
        let end = if self.cents < 0 { i64::MIN } else { i64::MAX };
        Cents::new(i64::try_from(self.cents).unwrap_or(end))
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.denials += other.denials;
        self.cents += other.cents;
    }
}
