//! A bundle made fast, and proved free of conflicts.

use std::collections::BTreeMap;

use super::bundle::{Bundle, RevisionHash};
use super::canonical::NotCanonical;
use super::entry::Entry;
use super::index::Index;
use super::owner::{OwnerRule, Place, Team};
use super::remark::RemarkRule;
use super::sections::ExceptionPolicy;
use super::specificity::{self, Specificity};
use super::validate::Defect;
use super::vocabulary::{ExceptionKind, OwnerFunction};
use crate::codes::{Carc, Rarc};

/// How many pairs that contradict are told: as many as there are fill memory.
const TOLD_MAX: usize = 1_000;

/// Why a bundle cannot decide.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// Two entries accept the same denial at the same stated specificity.
    #[error("entries `{first}` and `{second}` are equally specific and accept the same denial")]
    Entries {
        /// The entry whose slug sorts first.
        first: String,
        /// The other entry.
        second: String,
    },
    /// Two owner rules name a team for the same place at the same stated specificity.
    #[error("owner rules `{first}` and `{second}` are equally specific and cover the same place")]
    OwnerRules {
        /// The rule whose slug sorts first.
        first: String,
        /// The other rule.
        second: String,
    },
    /// Something in the bundle cannot stand by itself.
    #[error(transparent)]
    Defect(#[from] Defect),
    /// A number in the bundle has no canonical form.
    #[error(transparent)]
    NotCanonical(#[from] NotCanonical),
}

/// A bundle that decides: normalized, validated, free of conflicts, indexed.
#[derive(Clone, Debug)]
pub struct Compiled {
    bundle: Bundle,
    revision: RevisionHash,
    index: Index,
    /// Places in `bundle.remark_rules` of the rules with an effect, by the bits of the code.
    effects: Vec<(u64, u32)>,
    /// Places in `bundle.owner_rules`, the most specific first, for each of
    /// [`OwnerFunction::ALL`].
    owners: Vec<Vec<u32>>,
    /// Places in `bundle.exception_policies`, in the order of [`ExceptionKind::ALL`].
    policies: Vec<u32>,
}

impl Compiled {
    /// Compiles a bundle.
    ///
    /// # Errors
    /// Every defect, or else every conflict (of very many the first), in a fixed order.
    pub fn new(bundle: &Bundle) -> Result<Self, Vec<Conflict>> {
        let mut bundle = bundle.clone();
        bundle.normalize();
        let defects = bundle.defects();
        if !defects.is_empty() {
            return Err(defects.into_iter().map(Conflict::from).collect());
        }
        let mut conflicts = entry_conflicts(&bundle.entries);
        conflicts.extend(owner_conflicts(&bundle.owner_rules));
        if !conflicts.is_empty() {
            return Err(conflicts);
        }
        let revision = bundle.hash().map_err(|error| vec![Conflict::from(error)])?;
        Ok(Self {
            index: Index::of(&bundle.entries),
            effects: effects(&bundle.remark_rules),
            owners: owners(&bundle.owner_rules),
            policies: policies(&bundle.exception_policies),
            revision,
            bundle,
        })
    }

    /// The bundle, normalized.
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// The content hash of the bundle.
    pub fn revision(&self) -> RevisionHash {
        self.revision
    }

    /// The entry of this slug.
    pub fn entry(&self, slug: &str) -> Option<&Entry> {
        let at =
            self.bundle.entries.binary_search_by(|entry| entry.slug.as_str().cmp(slug)).ok()?;
        self.bundle.entries.get(at)
    }

    /// Whether any entry names this reason code.
    pub fn knows(&self, carc: Carc) -> bool {
        self.index.knows(carc)
    }

    /// The team of an owner function at a place: the most specific owner rule's, or the exception
    /// owner's when no rule names one.
    pub fn team(&self, function: OwnerFunction, place: Place<'_>) -> Team<'_> {
        self.owners[function as usize]
            .iter()
            .map(|at| &self.bundle.owner_rules[*at as usize])
            .find(|rule| rule.admits(place))
            .map_or_else(
                || Team {
                    slug: self.policy(ExceptionKind::MissingOwner).team.as_str(),
                    rule: None,
                },
                |rule| Team { slug: rule.team.as_str(), rule: Some(rule.slug.as_str()) },
            )
    }

    /// The policy for a kind of exception.
    pub fn policy(&self, kind: ExceptionKind) -> &ExceptionPolicy {
        &self.bundle.exception_policies[self.policies[kind as usize] as usize]
    }

    /// The rule of a remark that has an effect.
    pub fn remark(&self, rarc: Rarc) -> Option<&RemarkRule> {
        let at = self.effects.binary_search_by_key(&rarc.bits(), |(held, _)| *held).ok()?;
        Some(&self.bundle.remark_rules[self.effects[at].1 as usize])
    }

    pub(super) fn index(&self) -> &Index {
        &self.index
    }
}

/// Every pair of entries that are equally specific and overlap, by slugs; of very many the first.
///
/// Only entries under one reason code, or under none, are compared with each other: a pair that
/// both name codes and share none cannot overlap, and a code compares as exact, set or any first.
pub(super) fn entry_conflicts(entries: &[Entry]) -> Vec<Conflict> {
    let mut alike: BTreeMap<(u32, Option<Carc>), Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        let rank = Specificity::of(&entry.matches).rank();
        let codes = entry.matches.carc.values();
        for code in codes {
            alike.entry((rank, Some(*code))).or_default().push(entry);
        }
        if codes.is_empty() {
            alike.entry((rank, None)).or_default().push(entry);
        }
    }
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for group in alike.values() {
        for (at, a) in group.iter().enumerate() {
            let overlapping = group[at + 1..].iter().filter(|b| {
                // Under one code they are, or under any.
                specificity::overlap_beside_carc(&a.matches, &b.matches)
            });
            let told = TOLD_MAX - pairs.len();
            pairs.extend(overlapping.take(told).map(|b| {
                let (a, b) = (a.slug.as_str(), b.slug.as_str());
                if a < b { (a, b) } else { (b, a) }
            }));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let conflict = |(first, second): (&str, &str)| Conflict::Entries {
        first: first.to_owned(),
        second: second.to_owned(),
    };
    pairs.into_iter().map(conflict).collect()
}

fn owner_conflicts(rules: &[OwnerRule]) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    let mut rules: Vec<&OwnerRule> = rules.iter().collect();
    // In the order of slugs within a function.
    rules.sort_by_key(|rule| rule.owner_function);
    for (at, a) in rules.iter().enumerate() {
        let alike = |b: &&&OwnerRule| b.owner_function == a.owner_function;
        for b in rules[at + 1..].iter().take_while(alike) {
            if conflicts.len() < TOLD_MAX && a.specificity() == b.specificity() && a.overlaps(b) {
                let (first, second) = (a.slug.to_string(), b.slug.to_string());
                conflicts.push(Conflict::OwnerRules { first, second });
            }
        }
    }
    conflicts
}

fn effects(rules: &[RemarkRule]) -> Vec<(u64, u32)> {
    let mut effects: Vec<_> = (0u32..)
        .zip(rules)
        .filter(|(_, rule)| rule.effect.is_some())
        .map(|(at, rule)| (rule.rarc.bits(), at))
        .collect();
    effects.sort_unstable();
    effects
}

fn owners(rules: &[OwnerRule]) -> Vec<Vec<u32>> {
    let of_function = |function: &OwnerFunction| {
        let mut owners: Vec<_> =
            (0u32..).zip(rules).filter(|(_, rule)| rule.owner_function == *function).collect();
        owners.sort_by_key(|(at, rule)| (std::cmp::Reverse(rule.specificity()), *at));
        owners.into_iter().map(|(at, _)| at).collect()
    };
    OwnerFunction::ALL.iter().map(of_function).collect()
}

fn policies(policies: &[ExceptionPolicy]) -> Vec<u32> {
    let of = |kind: ExceptionKind| (0u32..).zip(policies).find(|(_, policy)| policy.kind == kind);
    let place = |kind: &ExceptionKind| {
        let at = of(*kind).or_else(|| of(ExceptionKind::MissingOwner));
        at.expect("a bundle without defects has a policy for every kind").0
    };
    ExceptionKind::ALL.iter().map(place).collect()
}

#[cfg(test)]
mod tests;
