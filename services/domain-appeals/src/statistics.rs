//! How appeals of one kind ended: how many were won, how sure that is, and how long it took.
//!
//! The interval is Wilson's at 95 % (E. B. Wilson, JASA 22 (1927) 209), which holds for few cases
//! and for shares near 0 and 1. An appeal that was won in part is won: money came back.
//!
//! Integers alone: shares are basis points, rounded outwards, so that the interval never claims
//! more than it may.

/// What appeals of one kind come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// Decided appeals.
    pub decided: u64,
    /// Share won, in basis points, rounded.
    pub won_bps: u32,
    /// Lower end of the interval, in basis points.
    pub low_bps: u32,
    /// Upper end of the interval, in basis points.
    pub high_bps: u32,
    /// Median days from filing to decision; of an even number the lower middle one.
    pub median_days: i64,
}

/// The square of the 97.5th percentile of the normal distribution, 1.959964², in millionths.
const Z_SQUARED: u128 = 3_841_459;
const MILLION: u128 = 1_000_000;

/// What these appeals come to: of each whether it was won, and its days.
///
/// `None` for none.
pub fn statistics(ended: impl Iterator<Item = (bool, i64)>) -> Option<Statistics> {
    let (mut won, mut days) = (0_u64, Vec::new());
    for (is_won, took) in ended {
        won += u64::from(is_won);
        days.push(took);
    }
    let middle = days.len().checked_sub(1)? / 2;
    let (_, median_days, _) = days.select_nth_unstable(middle);
    let median_days = *median_days;
    let decided = days.len() as u64;
    let (low_bps, high_bps) = interval(won, decided);
    Some(Statistics {
        decided,
        won_bps: bps((u128::from(won) * 20_000 + u128::from(decided)) / (2 * u128::from(decided))),
        low_bps,
        high_bps,
        median_days,
    })
}

/// Wilson's interval of `won` of `all`: with n of them, k won and q = z²,
/// (2k + q ∓ √(q² + 4qk(n − k)/n)) / 2(n + q), in basis points.
fn interval(won: u64, all: u64) -> (u32, u32) {
    let (won, all) = (u128::from(won), u128::from(all));
    // All in millionths; the root's argument in their square.
    let (twice, q) = (2 * won * MILLION + Z_SQUARED, Z_SQUARED);
    let spread = 4 * q * MILLION * won * (all - won) / all;
    let root = (q * q + spread).isqrt();
    let below = 2 * (all * MILLION + q);
    let low = twice.saturating_sub(root + 1) * 10_000 / below;
    let high = ((twice + root + 1) * 10_000).div_ceil(below);
    (bps(low), bps(high))
}

fn bps(share: u128) -> u32 {
    u32::try_from(share.min(10_000)).unwrap_or(10_000)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(won: u64, lost: u64) -> Statistics {
        let ended = (0..won).map(|_| (true, 30)).chain((0..lost).map(|_| (false, 60)));
        statistics(ended).unwrap()
    }

    #[test]
    fn few_cases_say_little() {
        assert_eq!(statistics(std::iter::empty()), None);
        // Published values of the method: 0 of 10 is 0 to 27.75 %, 5 of 10 is 23.66 to 76.34 %.
        assert_eq!((of(0, 10).low_bps, of(0, 10).high_bps), (0, 2_776));
        assert_eq!((of(5, 5).low_bps, of(5, 5).high_bps), (2_365, 7_635));
        let many = of(700, 300);
        assert_eq!(many.won_bps, 7_000);
        assert!(many.low_bps > 6_700 && many.high_bps < 7_280, "{many:?}");
    }

    #[test]
    fn the_median_is_one_that_was_seen() {
        let days = |days: &[i64]| statistics(days.iter().map(|day| (true, *day))).unwrap();
        assert_eq!(days(&[40]).median_days, 40);
        assert_eq!(days(&[90, 10, 40]).median_days, 40);
        assert_eq!(days(&[90, 10, 40, 20]).median_days, 20);
    }

    proptest! {
        #[test]
        fn the_share_lies_in_its_interval_which_narrows(won in 0_u64..5_000, lost in 0_u64..5_000) {
            prop_assume!(won + lost > 0);
            let once = of(won, lost);
            prop_assert!(once.low_bps <= once.won_bps && once.won_bps <= once.high_bps);
            prop_assert!(once.high_bps <= 10_000);
            let (low, high) = interval(won * 4, (won + lost) * 4);
            prop_assert!(high - low <= once.high_bps - once.low_bps);
        }
    }
}
