//! A change on trial: what it does beside the active revision, and when it suspends itself.

use serde::{Deserialize, Serialize};

/// Denials from which on a share is judged; of fewer it says nothing.
pub const JUDGED_FROM: i64 = 30;

/// When a preview suspends itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Share of denials decided differently, in basis points.
    pub diverged: i64,
    /// Share of denials that no entry answers, in basis points.
    pub unmapped: i64,
    /// Deadlines that come out earlier.
    pub short: i64,
}

/// Denials that were decided both ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// In all.
    pub decided: i64,
    /// Differently.
    pub diverged: i64,
    /// Answered by no entry of the change.
    pub unmapped: i64,
    /// With an earlier deadline under the change.
    pub short: i64,
}

impl Tally {
    /// Both together.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        Self {
            decided: self.decided.saturating_add(more.decided),
            diverged: self.diverged.saturating_add(more.diverged),
            unmapped: self.unmapped.saturating_add(more.unmapped),
            short: self.short.saturating_add(more.short),
        }
    }

    /// Which limit it passes, in words; the first one where it passes several.
    #[must_use]
    pub fn passes(&self, limits: &Limits) -> Option<String> {
        let share = |count: i64| i128::from(count) * 10_000 / i128::from(self.decided.max(1));
        let above =
            |count: i64, most: i64| self.decided >= JUDGED_FROM && share(count) > i128::from(most);
        let words = |count: i64, what: &str, most: i64| {
            let percent = |points: i128| format!("{}.{:02} %", points / 100, points % 100);
            let (share, most) = (percent(share(count)), percent(most.into()));
            Some(format!(
                "{count} of {} denials ({share}) {what}; at most {most} may",
                self.decided
            ))
        };
        if above(self.diverged, limits.diverged) {
            return words(self.diverged, "were decided differently", limits.diverged);
        }
        if above(self.unmapped, limits.unmapped) {
            return words(self.unmapped, "were answered by no entry", limits.unmapped);
        }
        (self.short > limits.short).then(|| {
            format!("{} deadlines came out earlier; at most {} may", self.short, limits.short)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { diverged: 2_500, unmapped: 500, short: 20 };

    #[test]
    fn a_share_is_judged_from_the_thirtieth_denial_on() {
        let tally = |decided, diverged| Tally { decided, diverged, ..Tally::default() };
        assert_eq!(tally(29, 29).passes(&LIMITS), None);
        assert_eq!(tally(30, 7).passes(&LIMITS), None);
        let words = "8 of 30 denials (26.66 %) were decided differently; at most 25.00 % may";
        assert_eq!(tally(30, 8).passes(&LIMITS).as_deref(), Some(words));
    }

    #[test]
    fn each_limit_counts_alone() {
        let calm = Tally { decided: 100, diverged: 25, unmapped: 5, short: 20 };
        assert_eq!(calm.passes(&LIMITS), None);
        let passed = [
            Tally { diverged: 26, ..calm },
            Tally { unmapped: 6, ..calm },
            Tally { short: 21, ..calm },
        ];
        let words: Vec<String> = passed.iter().filter_map(|tally| tally.passes(&LIMITS)).collect();
        assert!(words[0].contains("differently"), "{words:?}");
        assert!(words[1].contains("no entry"), "{words:?}");
        assert_eq!(words[2], "21 deadlines came out earlier; at most 20 may");
        // Early deadlines are counted, whatever else there is.
        let few = Tally { decided: 21, short: 21, ..Tally::default() };
        assert!(few.passes(&LIMITS).is_some());
    }
}
