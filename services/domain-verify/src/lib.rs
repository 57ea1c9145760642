//! Proof that exactly one entry, or an owned exception, answers every denial; and everything else
//! that stands against a vote on a draft. A sibling of `domain`, with the same rules.
//!
//! Three kinds of evidence, in this order:
//!
//! - what a bundle says about itself: its defects, entries and owner rules that contradict each
//!   other, and those that more specific ones leave nothing to answer;
//! - what it says about the world: codes that stopped or never were, groups X12 does not allow,
//!   teams, payers, facilities and service lines that do not exist, letters nothing can fill;
//! - what it answers: every current reason code under every legal group, and every combination
//!   seen in 12 months.
//!
//! Proofs run over the regions that entries distinguish and never enumerate denials; see
//! `space` and `prove`. They are exact; one that would be too large is given up and blocks.
//!
//! Invariants: the same arguments give the same findings in the same order; a bundle has a defect,
//! a contradiction or a number without a canonical form here exactly when [`Compiled::new`] refuses
//! it, and is then judged all the same, but for what was seen; one that is a [`crowd()`] is not.
//! Absent on purpose: what a change would have done to past denials, which is `replay`.

mod codes;
mod complete;
mod crowd;
mod denial;
mod entries;
mod finding;
mod lattice;
mod letter;
mod owners;
mod prove;
mod references;
mod region;
mod space;
mod world;

pub use crowd::crowd;
pub use finding::{Finding, FindingCode, LISTED_MAX};
pub use world::{Seen, World};

use domain::dictionary::{Bundle, Compiled, Conflict, Defect, Match};

use self::complete::Decided;
use self::finding::{Findings, Item};
use self::lattice::Lattice;
use self::prove::Prover;

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Those that block first, then the gravest; at most [`LISTED_MAX`] of a kind and one that
    /// says that there are more.
    pub findings: Vec<Finding>,
    /// How much was proven.
    pub proven: Coverage,
    /// Whether nothing stands against a vote.
    pub passed: bool,
}

/// How much a verification proved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Regions of the code space that were settled, each by one entry or by none.
    pub classes: u64,
    /// Proofs that were given up because they were too large; each blocks.
    pub not_proven: u64,
    /// Combinations seen in 12 months that were decided.
    pub seen: u64,
    /// Denials of these combinations.
    pub seen_denials: u64,
    /// Combinations that no entry answers.
    pub unmapped: u64,
    /// Denials of those.
    pub unmapped_denials: u64,
    /// Money of those, in cents; ends at the largest amount there is.
    pub unmapped_cents: i64,
}

/// Judges a draft: any bundle, also one that does not compile.
pub fn verify(bundle: &Bundle, world: &World) -> Verification {
    let mut bundle = bundle.clone();
    bundle.normalize();
    let mut findings = Findings::default();
    let mut prover = Prover::new();
    let defects = bundle.defects();
    for defect in &defects {
        let item = Item { section: defect.section, slug: &defect.slug };
        findings.block(FindingCode::Defect, item, defect.to_string());
    }
    if let Some(words) = crowd(&bundle) {
        findings.block(FindingCode::Defect, Item { section: "", slug: "" }, words);
        complete::not_decided(world, &mut findings);
        let (proven, passed) = (Coverage::default(), false);
        return Verification { findings: findings.finish(), proven, passed };
    }
    let matches: Vec<&Match> = bundle.entries.iter().map(|entry| &entry.matches).collect();
    let lattice = Lattice::of(&matches);
    let clash = entries::contradictions(&bundle, &lattice, world, &mut findings);
    let clash = owners::contradictions(&bundle, &mut findings) || clash;
    let decided = if defects.is_empty() && !clash {
        decided(&bundle, world, &mut findings)
    } else {
        complete::not_decided(world, &mut findings);
        Decided::default()
    };
    entries::shadows(&bundle, &lattice, &mut prover, &mut findings);
    owners::check(&bundle, world, &mut prover, &mut findings);
    codes::check(&bundle, world, &decided, &mut findings);
    references::check(&bundle, world, &mut findings);
    letter::check(&bundle, &mut findings);
    complete::codes(&bundle, world, &lattice, &mut prover, &mut findings);
    let findings = findings.finish();
    Verification {
        passed: !findings.iter().any(|finding| finding.blocking),
        proven: Coverage {
            classes: prover.regions,
            not_proven: prover.given_up,
            ..decided.coverage
        },
        findings,
    }
}

/// What the evaluator itself says of everything seen.
fn decided(bundle: &Bundle, world: &World, findings: &mut Findings) -> Decided {
    match Compiled::new(bundle) {
        Ok(compiled) => complete::seen(&compiled, world, findings),
        Err(conflicts) => {
            for conflict in conflicts {
                let item = Item { section: "", slug: "" };
                findings.block(conflict_code(&conflict), item, conflict.to_string());
            }
            complete::not_decided(world, findings);
            Decided::default()
        }
    }
}

fn conflict_code(conflict: &Conflict) -> FindingCode {
    match conflict {
        Conflict::Entries { .. } => FindingCode::ContradictoryEntries,
        Conflict::OwnerRules { .. } => FindingCode::ContradictoryOwnerRules,
        Conflict::Defect(Defect { .. }) => FindingCode::Defect,
        Conflict::NotCanonical(_) => FindingCode::NotCanonical,
    }
}

#[cfg(test)]
mod tests;
