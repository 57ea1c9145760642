//! Matches in cells, found by reason code: which overlap, and which are more specific.

use std::collections::{BTreeMap, BTreeSet};

use domain::dictionary::Match;

use super::prove::{Proof, Prover};
use super::region::Region;
use super::space::{CARC, Field, Shape, Space};

/// Matches, numbered by place.
#[derive(Debug)]
pub(super) struct Lattice<'m> {
    pub(super) space: Space<'m>,
    /// `None` for a match that accepts no denial: a defect of its own.
    pub(super) shapes: Vec<Option<Shape>>,
    /// Places under each reason code they name.
    by_carc: BTreeMap<u32, Vec<u32>>,
    /// Places of those that name none.
    any_carc: Vec<u32>,
}

/// Two equally specific matches and a denial that both accept.
#[derive(Debug)]
pub(super) struct Clash<'s> {
    pub(super) first: usize,
    pub(super) second: usize,
    pub(super) shared: Region<'s>,
}

impl<'m> Lattice<'m> {
    pub(super) fn of(matches: &[&'m Match]) -> Self {
        let space = Space::of(matches);
        let shapes: Vec<Option<Shape>> = matches.iter().map(|wanted| space.shape(wanted)).collect();
        let mut by_carc: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut any_carc = Vec::new();
        for (at, shape) in (0u32..).zip(&shapes) {
            match shape.as_ref().map(|shape| &shape.fields[CARC]) {
                Some(Field::Values(codes)) => {
                    for code in codes {
                        by_carc.entry(*code).or_default().push(at);
                    }
                }
                Some(_) => any_carc.push(at),
                None => {}
            }
        }
        Self { space, shapes, by_carc, any_carc }
    }

    /// The places under one reason code, those of any code too; `None` is a code nobody names.
    pub(super) fn under(&self, carc: Option<u32>) -> impl Iterator<Item = u32> {
        let named = carc.and_then(|carc| self.by_carc.get(&carc));
        named.into_iter().flatten().chain(&self.any_carc).copied()
    }

    /// Pairs that are equally specific and overlap, by place; at most `limit`.
    pub(super) fn clashes(&self, limit: usize) -> Vec<Clash<'_>> {
        let mut alike: BTreeMap<_, Vec<(usize, &Shape)>> = BTreeMap::new();
        for (at, shape) in self.shapes.iter().enumerate() {
            let Some(shape) = shape else { continue };
            // Equally specific matches name codes both or neither.
            let mut under = |code| {
                alike.entry((shape.specificity, code)).or_default().push((at, shape));
            };
            match &shape.fields[CARC] {
                Field::Values(codes) => codes.iter().for_each(|code| under(Some(*code))),
                Field::Any | Field::Span(..) => under(None),
            }
        }
        let (mut clashes, mut found) = (Vec::new(), BTreeSet::new());
        for group in alike.values() {
            for (place, (first, a)) in group.iter().enumerate() {
                for (second, b) in &group[place + 1..] {
                    // Two that share several codes clash once.
                    if !a.overlaps(b) || !found.insert((first, second)) {
                        continue;
                    }
                    let Some(shared) = Region::shared(a, b) else { continue };
                    clashes.push(Clash { first: *first, second: *second, shared });
                    if clashes.len() == limit {
                        return clashes;
                    }
                }
            }
        }
        clashes
    }

    /// Whether more specific matches together accept everything this one accepts.
    pub(super) fn shadows(&self, place: usize, prover: &mut Prover) -> Option<Proof<'_>> {
        let shape = self.shapes.get(place)?.as_ref()?;
        let closer = self.closer(shape);
        Some(prover.prove(&self.shapes, Region::of(shape), closer))
    }

    /// The more specific matches that overlap one and may help to cover it. One that asks for a
    /// field of which this one takes anything never covers the values nobody names.
    fn closer(&self, shape: &Shape) -> Vec<u32> {
        let codes: &[u32] = match &shape.fields[CARC] {
            Field::Values(codes) => codes,
            Field::Any | Field::Span(..) => &[],
        };
        let named = codes.iter().filter_map(|code| self.by_carc.get(code)).flatten();
        let helps = |at: &u32| {
            self.shapes[*at as usize].as_ref().is_some_and(|other| {
                other.asks & !shape.asks == 0
                    && other.specificity > shape.specificity
                    && other.overlaps(shape)
            })
        };
        let mut closer: Vec<u32> = named.chain(&self.any_carc).copied().filter(helps).collect();
        closer.sort_unstable();
        closer.dedup();
        closer
    }
}
