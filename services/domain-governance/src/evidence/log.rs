//! Binary logarithms as integers: the same on every machine, with a known direction of rounding.

use std::ops::{Add, Sub};

/// Digits behind the point.
const FRACTION: u32 = 32;
/// How far a logarithm may be off, in units of the last digit: each squaring rounds once, and the
/// error doubles until it falls out of the fraction.
const SLACK: i64 = 1 << 6;

/// A logarithm to base 2, in units of 2^-32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Log(i128);

impl Log {
    pub(super) const ZERO: Self = Self(0);

    pub(super) fn times(self, count: u32) -> Self {
        Self(self.0 * i128::from(count))
    }

    #[cfg(test)]
    pub(super) fn units(self) -> i128 {
        self.0
    }
}

impl Add for Log {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Log {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

/// Of `over / under`, never too large; both are at least 1.
pub(super) fn log_down(over: u32, under: u32) -> Log {
    Log(i128::from(log2(over) - SLACK) - i128::from(log2(under) + SLACK))
}

/// Of `over / under`, never too small; both are at least 1.
pub(super) fn log_up(over: u32, under: u32) -> Log {
    Log(i128::from(log2(over) + SLACK) - i128::from(log2(under) - SLACK))
}

/// Of the number of ways to choose `k` of `n`, never too small.
pub(super) fn choose_up(n: u32, k: u32) -> Log {
    let k = k.min(n - k);
    (1..=k).fold(Log::ZERO, |sum, at| sum + log_up(n - k + at, at))
}

/// Of one number, within [`SLACK`]: its highest bit, then a bit for each squaring.
fn log2(number: u32) -> i64 {
    let number = number.max(1);
    let whole = number.ilog2();
    // In [1, 2), with 62 bits behind the point.
    let mut rest = u128::from(number) << (62 - whole);
    let mut fraction = 0_i64;
    for _ in 0..FRACTION {
        rest = (rest * rest) >> 62;
        fraction <<= 1;
        if rest >= 2 << 62 {
            rest >>= 1;
            fraction |= 1;
        }
    }
    (i64::from(whole) << FRACTION) | fraction
}
