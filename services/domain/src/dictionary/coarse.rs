//! A revision asked without amounts and dates of service.

use super::compile::Compiled;
use super::decide::{Decision, Facts};
use super::entry::{Entry, Match};
use super::index::Index;
use super::selector::{AmountRange, DateRange};
use super::specificity::Specificity;

/// Decides denials of which neither the amount nor the date of service is at hand, and says when
/// they are needed.
///
/// Entries that ask for one are indexed as if they did not. Amount and dates compare last in
/// specificity, so such an entry may speak exactly when what remains of it is no less specific
/// than the entry that speaks without it.
#[derive(Clone, Debug)]
pub struct Coarse<'c> {
    compiled: &'c Compiled,
    /// The entries that ask for an amount or a date of service, without what they ask of them.
    conditioned: Vec<Entry>,
    index: Index,
}

impl<'c> Coarse<'c> {
    /// Indexes the entries that ask for an amount or a date of service.
    pub fn of(compiled: &'c Compiled) -> Self {
        let asks = |entry: &&Entry| {
            !entry.matches.amount.is_any() || !entry.matches.service_dates.is_any()
        };
        let blind = |entry: &Entry| Entry {
            matches: Match {
                amount: AmountRange::default(),
                service_dates: DateRange::default(),
                ..entry.matches.clone()
            },
            ..entry.clone()
        };
        let conditioned: Vec<Entry> =
            compiled.bundle().entries.iter().filter(asks).map(blind).collect();
        Self { compiled, index: Index::of(&conditioned), conditioned }
    }

    /// The revision.
    pub fn compiled(&self) -> &'c Compiled {
        self.compiled
    }

    /// What is decided whatever the amount and the date of service; `None` when they may matter.
    /// Those of `facts` are ignored.
    pub fn decide(&self, facts: &Facts<'_>) -> Option<Decision<'c>> {
        let facts = Facts { amount: None, service_on: None, ..*facts };
        // An unknown amount or date is accepted only by entries that do not ask for it.
        let decision = self.compiled.decide(&facts);
        let Some(at) = self.index.best(&self.conditioned, &facts) else { return Some(decision) };
        let closest = Specificity::of(&self.conditioned[at].matches);
        let outranked =
            |chosen: &'c Entry| Specificity::of(&chosen.matches).rank() > closest.rank();
        decision.entry().is_some_and(outranked).then_some(decision)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::samples::{CHOICES, compiled, entry, small_facts, small_match};
    use super::*;

    /// Denials that differ in their amount only stand together in [`small_facts`], seven a group.
    const AMOUNTS: usize = 7;

    #[test]
    fn what_is_settled_is_what_every_amount_gets() {
        let mut settled = 0;
        for at in 0..CHOICES.iter().product::<usize>() {
            let mut rest = at;
            let choice = CHOICES.map(|of| {
                let one = rest % of;
                rest /= of;
                one
            });
            let general = entry("general", small_match([0, 1, 0, 0, 0]));
            let special = entry("special", small_match(choice));
            if choice == [0, 1, 0, 0, 0] {
                continue;
            }
            let compiled = compiled(vec![general, special]);
            let coarse = Coarse::of(&compiled);
            for group in small_facts().chunks(AMOUNTS) {
                let entries: Vec<_> = group
                    .iter()
                    .map(|facts| compiled.decide(&facts.facts()).entry().map(|e| &e.slug))
                    .collect();
                let alike = entries.iter().all(|slug| *slug == entries[0]);
                match coarse.decide(&group[0].facts()) {
                    Some(decision) => {
                        settled += 1;
                        assert!(alike, "{choice:?}: {entries:?}");
                        assert_eq!(decision.entry().map(|e| &e.slug), entries[0]);
                    }
                    // The amounts of the sample lie on both sides of every range it asks for.
                    None => assert!(!alike, "{choice:?}: {entries:?}"),
                }
            }
        }
        assert!(settled > 10_000, "{settled}");
    }
}
