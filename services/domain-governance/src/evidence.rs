//! Whether outcomes contradict what an entry states: its expected overturn rate, and the days it
//! expects an answer to take.
//!
//! The test may be looked at after every outcome, for ever, and raises a false alarm with at most
//! the stated probability: it bets against the stated rate with a uniform mixture of all others,
//! and the wealth of a bettor against a true statement rarely grows (Ville's inequality; Robbins
//! 1970, Darling and Robbins 1967). After `n` outcomes of which `k` were overturned the wealth is
//! `1 / ((n + 1) C(n, k) p^k (1 - p)^(n - k))`. The rates it leaves standing are a time-uniform
//! confidence sequence.
//!
//! Days are judged alike: what an entry expects is read as the median, so that an answer takes
//! longer as often as not.
//!
//! Invariants: only counts matter, not their order; logarithms are integers, rounded so that the
//! wealth comes out too small, never too large: rounding cannot raise an alarm.
//! Absent on purpose: where outcomes come from, and who is told.

mod log;
#[cfg(test)]
mod tests;

use domain::dictionary::Entry;
use domain::money::BasisPoints;

use crate::edit::{Change, Edit, Item};
use log::{Log, log_down, log_up};

/// The whole, in basis points.
const WHOLE: u32 = 10_000;

/// How often a true statement may be called suspect over its whole life, one in this many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FalseAlarms {
    one_in: u32,
}

impl Default for FalseAlarms {
    /// One in 1,000 statements, ever.
    fn default() -> Self {
        Self { one_in: 1_000 }
    }
}

impl FalseAlarms {
    /// One in `one_in`; at least two, for a test that always alarms tests nothing.
    pub fn one_in(one_in: u32) -> Self {
        Self { one_in: one_in.max(2) }
    }
}

/// How often something happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All outcomes.
    pub outcomes: u32,
    /// Those in which it happened; at most as many.
    pub hits: u32,
}

impl Counts {
    /// Counts one more outcome.
    pub fn add(&mut self, hit: bool) {
        self.outcomes = self.outcomes.saturating_add(1);
        self.hits = self.hits.saturating_add(u32::from(hit)).min(self.outcomes);
    }

    /// The observed rate, rounded down; none before the first outcome.
    pub fn rate(self) -> Option<BasisPoints> {
        let hits = u64::from(self.hits.min(self.outcomes)) * u64::from(WHOLE);
        let rate = hits.checked_div(self.outcomes.into())?;
        u32::try_from(rate).ok().map(BasisPoints::new)
    }

    /// Whether outcomes exclude a stated rate.
    pub fn exclude(self, stated: BasisPoints, budget: FalseAlarms) -> bool {
        let (hits, misses) = self.split();
        let stated = stated.as_u32().min(WHOLE);
        if (stated == 0 && hits > 0) || (stated == WHOLE && misses > 0) {
            return true; // It cannot happen, and did.
        }
        let share = |rate: u32, count: u32| -> Log {
            if count == 0 { Log::ZERO } else { log_down(WHOLE, rate).times(count) }
        };
        let wealth = share(stated, hits) + share(WHOLE - stated, misses)
            - log_up(self.outcomes.saturating_add(1), 1)
            - log::choose_up(self.outcomes, hits);
        wealth >= log_up(budget.one_in, 1)
    }

    /// The lowest and the highest rate that outcomes leave standing.
    pub fn standing(self, budget: FalseAlarms) -> (BasisPoints, BasisPoints) {
        // What is excluded lies on either side of what was observed.
        let observed = self.rate().unwrap_or(BasisPoints::new(0)).as_u32();
        let excluded = |rate: u32| self.exclude(BasisPoints::new(rate), budget);
        let (mut low, mut high) = (0, observed);
        while low < high {
            let middle = u32::midpoint(low, high);
            if excluded(middle) { low = middle + 1 } else { high = middle }
        }
        let lowest = low;
        let (mut low, mut high) = (observed, WHOLE);
        while low < high {
            let middle = u32::midpoint(low, high + 1);
            if excluded(middle) { high = middle - 1 } else { low = middle }
        }
        (BasisPoints::new(lowest), BasisPoints::new(low))
    }

    fn split(self) -> (u32, u32) {
        let hits = self.hits.min(self.outcomes);
        (hits, self.outcomes - hits)
    }
}

/// What became of the denials that one entry answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// How many were fought to an end, and how many of them were overturned.
    pub overturned: Counts,
    /// How many were answered, and how many of the answers took longer than the entry expects.
    pub late: Counts,
}

/// What stands against an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspicion {
    /// The rate that was observed, when the stated one is excluded.
    pub overturned: Option<BasisPoints>,
    /// Whether answers take longer (or less long) than stated.
    pub days: Option<Pace>,
    /// Why, in a sentence each.
    pub words: Vec<String>,
}

/// How answers come in against what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// More than half take longer.
    Slower,
    /// More than half take less long.
    Faster,
}

impl Outcomes {
    /// What outcomes say against an entry; nothing while its statements stand.
    pub fn against(&self, entry: &Entry, budget: FalseAlarms) -> Option<Suspicion> {
        let stated = entry.meaning.expected_overturn;
        let mut suspicion = Suspicion { overturned: None, days: None, words: Vec::new() };
        if self.overturned.exclude(stated, budget) {
            let (low, high) = self.overturned.standing(budget);
            suspicion.overturned = self.overturned.rate();
            suspicion.words.push(format!(
                "{} of {} denials were overturned: between {low} and {high}, where the entry \
                 states {stated}",
                self.overturned.hits, self.overturned.outcomes,
            ));
        }
        if self.late.exclude(BasisPoints::new(WHOLE / 2), budget) {
            let slower = u64::from(self.late.hits) * 2 > u64::from(self.late.outcomes);
            suspicion.days = Some(if slower { Pace::Slower } else { Pace::Faster });
            suspicion.words.push(format!(
                "{} of {} answers took longer than the {} days that the entry expects",
                self.late.hits, self.late.outcomes, entry.meaning.expected_days
            ));
        }
        (!suspicion.words.is_empty()).then_some(suspicion)
    }
}

impl Suspicion {
    /// The edit to draft: the entry with the rate that was observed. None when only its days are
    /// doubted, for counts do not say how many days are right.
    pub fn proposal(&self, entry: &Entry) -> Option<Edit> {
        let mut corrected = entry.clone();
        corrected.meaning.expected_overturn = self.overturned?;
        let item = Item::Entry(&corrected);
        Some(Edit {
            kind: item.kind(),
            slug: item.slug().to_owned(),
            change: Change::Replace(item.json()),
        })
    }
}
