//! Proof that matches together accept everything one of them, or the whole space, accepts.
//!
//! A region is covered when one candidate accepts all of it. Otherwise it is cut: first by giving
//! up what is no harder to cover than the rest ([`Region::narrow`]), which settles every field
//! that takes anything; only fields of which the candidates together name every value, and
//! remarks that some want and others bar, are tried cell by cell. The answer is exact. Its price
//! can grow exponentially with such fields, so a proof that looks at more than
//! [`LOOKS_PER_PROOF_MAX`] candidates' values is given up, and what is not proven blocks.

use std::collections::{BTreeMap, BTreeSet};

use super::region::{Fit, Region, parts};
use super::space::{FIELDS, Shape};

/// How many values and remarks of candidates one proof may look at.
pub(super) const LOOKS_PER_PROOF_MAX: u64 = 1 << 18;
/// How many all proofs of one verification may look at: about a second on one core, and some
/// ninety times what 5,000 ordinary entries need.
pub(super) const LOOKS_MAX: u64 = 1 << 23;

/// What became of a proof.
#[derive(Debug)]
pub(super) enum Proof<'s> {
    /// These candidates together accept everything, by their place.
    Covered(Vec<u32>),
    /// No candidate accepts any denial of this part.
    Open(Region<'s>),
    /// It was given up.
    TooLarge,
}

#[derive(Debug)]
struct TooLarge;

/// Proves one thing after another within one budget.
#[derive(Debug)]
pub(super) struct Prover {
    left: u64,
    /// Regions that were settled, covered or not.
    pub(super) regions: u64,
    /// Proofs that were given up.
    pub(super) given_up: u64,
}

struct Search<'p, 's> {
    shapes: &'s [Option<Shape>],
    prover: &'p mut Prover,
    left: u64,
    used: BTreeSet<u32>,
}

impl Prover {
    pub(super) fn new() -> Self {
        Self { left: LOOKS_MAX, regions: 0, given_up: 0 }
    }

    /// Whether the candidates, all of which overlap the region's base, accept all of the region.
    pub(super) fn prove<'s>(
        &mut self,
        shapes: &'s [Option<Shape>],
        region: Region<'s>,
        candidates: Vec<u32>,
    ) -> Proof<'s> {
        let left = self.left.min(LOOKS_PER_PROOF_MAX);
        let mut search = Search { shapes, prover: self, left, used: BTreeSet::new() };
        let found = search.search(region, candidates);
        let (spent, used) = (left - search.left, search.used);
        self.left -= spent;
        match found {
            Ok(None) => Proof::Covered(used.into_iter().collect()),
            Ok(Some(open)) => Proof::Open(open),
            Err(TooLarge) => {
                self.given_up += 1;
                Proof::TooLarge
            }
        }
    }
}

impl<'s> Search<'_, 's> {
    fn shape(&self, at: u32) -> Option<&'s Shape> {
        self.shapes.get(at as usize)?.as_ref()
    }

    fn look(&mut self, at: &Region<'s>, candidates: &[&Shape]) -> Result<(), TooLarge> {
        let weight: u64 = candidates.iter().map(|shape| shape.weight).sum();
        let cost = 1 + weight + at.remarks.len() as u64 + at.base.remarks.any.len() as u64;
        self.left = self.left.checked_sub(cost).ok_or(TooLarge)?;
        Ok(())
    }

    /// A part of the region that no candidate accepts; `None` when there is none.
    fn search(
        &mut self,
        mut at: Region<'s>,
        mut places: Vec<u32>,
    ) -> Result<Option<Region<'s>>, TooLarge> {
        loop {
            if !at.settle() {
                return Ok(self.settled(None));
            }
            places.retain(|place| self.shape(*place).is_some_and(|shape| at.touches(shape)));
            let candidates: Vec<&Shape> =
                places.iter().filter_map(|place| self.shape(*place)).collect();
            self.look(&at, &candidates)?;
            if candidates.is_empty() {
                return Ok(self.settled(Some(at)));
            }
            let mut escapes = Vec::new();
            for (place, shape) in places.iter().zip(&candidates) {
                if !(0..FIELDS).all(|field| at.within(shape, field)) {
                    continue;
                }
                match at.fit(&shape.remarks) {
                    Fit::Always => {
                        self.used.insert(*place);
                        return Ok(self.settled(None));
                    }
                    Fit::Unless(against) => {
                        self.used.insert(*place);
                        escapes.extend(against);
                    }
                    Fit::Never | Fit::Depends(_) => {}
                }
            }
            if !escapes.iter().all(|(code, stands)| at.decide(*code, *stands)) {
                return Ok(self.settled(None));
            }
            if escapes.is_empty() && !at.narrow(&candidates) {
                return self.branch(&at, &places, &candidates);
            }
        }
    }

    /// Counts a region that needs no further look.
    fn settled(&mut self, open: Option<Region<'s>>) -> Option<Region<'s>> {
        self.prover.regions += 1;
        open
    }

    /// Tries every part of the field that falls into the fewest, or both ways of a remark.
    fn branch(
        &mut self,
        at: &Region<'s>,
        places: &[u32],
        candidates: &[&Shape],
    ) -> Result<Option<Region<'s>>, TooLarge> {
        let remark = most_wanted(at, candidates);
        let field = (0..FIELDS)
            .map(|field| (field, at.asking(field, candidates)))
            .filter(|(_, asking)| !asking.is_empty())
            .map(|(field, asking)| (field, parts(&at.base.fields[field], &asking)))
            .min_by_key(|(_, parts)| parts.len());
        match (field, remark) {
            (Some((field, parts)), remark) if remark.is_none() || parts.len() <= 2 => {
                self.branch_on_field(at, places, field, &parts)
            }
            (_, Some(code)) => {
                for stands in [false, true] {
                    let mut part = at.clone();
                    part.remarks.insert(code, stands);
                    if let Some(open) = self.search(part, places.to_vec())? {
                        return Ok(Some(open));
                    }
                }
                Ok(None)
            }
            // Not reached: a candidate that accepts a part only asks for a field or for a remark.
            (_, None) => Err(TooLarge),
        }
    }

    fn branch_on_field(
        &mut self,
        at: &Region<'s>,
        places: &[u32],
        field: usize,
        parts: &[u32],
    ) -> Result<Option<Region<'s>>, TooLarge> {
        // Parts that the same candidates accept are alike.
        let mut alike: BTreeMap<(usize, Vec<u32>), u32> = BTreeMap::new();
        for cell in parts {
            let admits = |place: &&u32| {
                self.shape(**place).is_some_and(|shape| shape.fields[field].admits(*cell))
            };
            let admitting: Vec<u32> = places.iter().filter(admits).copied().collect();
            alike.entry((admitting.len(), admitting)).or_insert(*cell);
        }
        for ((_, admitting), cell) in alike {
            if let Some(open) = self.search(at.clone().with(field, cell), admitting)? {
                return Ok(Some(open));
            }
        }
        Ok(None)
    }
}

/// The undecided remark that most candidates depend on.
fn most_wanted(at: &Region<'_>, candidates: &[&Shape]) -> Option<u32> {
    let mut wanted: BTreeMap<u32, usize> = BTreeMap::new();
    for (code, _) in candidates.iter().flat_map(|shape| at.undecided(shape)) {
        *wanted.entry(code).or_default() += 1;
    }
    wanted
        .into_iter()
        .max_by_key(|(code, count)| (*count, std::cmp::Reverse(*code)))
        .map(|(code, _)| code)
}
