//! Entries against each other: contradictions, and entries with nothing left to answer.

use domain::codes::Group;
use domain::dictionary::{Bundle, Conflict};
use domain::money::Cents;

use super::denial::Example;
use super::finding::{FindingCode, Findings, Item, LISTED_MAX, counted, listed};
use super::lattice::Lattice;
use super::prove::{Proof, Prover};
use super::world::World;

const SECTION: &str = "entries";

/// Finds entries that are equally specific and overlap; tells whether there are any.
pub(super) fn contradictions(
    bundle: &Bundle,
    lattice: &Lattice<'_>,
    world: &World,
    findings: &mut Findings,
) -> bool {
    let clashes = lattice.clashes(LISTED_MAX + 1);
    for clash in &clashes {
        let (first, second) = (&bundle.entries[clash.first], &bundle.entries[clash.second]);
        let conflict =
            Conflict::Entries { first: first.slug.to_string(), second: second.slug.to_string() };
        let example = Example::of(&lattice.space, &clash.shared);
        let mut words = format!("{conflict}: {} fits both", example.words());
        let fits_both = world.seen.iter().filter(|seen| {
            let facts = seen.facts.facts();
            Group::VALID.contains(&facts.group)
                && first.matches.admits(&facts)
                && second.matches.admits(&facts)
        });
        let (denials, cents) = fits_both.fold((0_u64, 0_i64), |(denials, cents), seen| {
            (denials.saturating_add(seen.denials), cents.saturating_add(seen.cents))
        });
        if denials > 0 {
            let denials = counted(denials, "denial");
            words += &format!("; {denials} of 12 months did, {}", Cents::new(cents));
        }
        let item = Item { section: SECTION, slug: first.slug.as_str() };
        findings.block(FindingCode::ContradictoryEntries, item, words);
    }
    !clashes.is_empty()
}

/// Finds entries whose every denial more specific ones answer.
pub(super) fn shadows(
    bundle: &Bundle,
    lattice: &Lattice<'_>,
    prover: &mut Prover,
    findings: &mut Findings,
) {
    for (place, entry) in bundle.entries.iter().enumerate() {
        let item = Item { section: SECTION, slug: entry.slug.as_str() };
        match lattice.shadows(place, prover) {
            Some(Proof::Covered(by)) => {
                let slugs: Vec<String> = by
                    .iter()
                    .map(|at| format!("`{}`", bundle.entries[*at as usize].slug))
                    .collect();
                let (code, words) = if slugs.len() == 1 {
                    (FindingCode::ShadowedEntry, "is more specific and answers")
                } else {
                    (FindingCode::UnreachableEntry, "are more specific and together answer")
                };
                let words = format!("{} {words} every denial it accepts", listed(&slugs, 8));
                findings.block(code, item, words);
            }
            Some(Proof::TooLarge) => {
                let words = "too many entries overlap it to prove that it answers a denial that \
                             no more specific one answers";
                findings.block(FindingCode::NotProven, item, words);
            }
            Some(Proof::Open(_)) | None => {}
        }
    }
}
