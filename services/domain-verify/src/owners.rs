//! Owner rules against each other, and functions that have none.

use std::collections::BTreeSet;

use domain::dictionary::vocabulary::{ExceptionKind, OwnerFunction};
use domain::dictionary::{Bundle, Conflict, Match, OwnerRule};

use super::complete::Rest;
use super::denial::Example;
use super::finding::{FindingCode, Findings, Item, LISTED_MAX, listed};
use super::lattice::Lattice;
use super::prove::{Proof, Prover};
use super::region::Region;
use super::space::Shape;
use super::world::World;

const SECTION: &str = "owner_rules";

/// The rules of one function, each as a match on places: they compare in the same order.
fn places(rules: &[&OwnerRule]) -> Vec<Match> {
    let place = |rule: &&OwnerRule| Match {
        payer: rule.payer.clone(),
        facility: rule.facility.clone(),
        service_line: rule.service_line.clone(),
        ..Match::default()
    };
    rules.iter().map(place).collect()
}

fn of_function(bundle: &Bundle, function: OwnerFunction) -> Vec<&OwnerRule> {
    bundle.owner_rules.iter().filter(|rule| rule.owner_function == function).collect()
}

/// Finds owner rules that are equally specific and overlap; tells whether there are any.
pub(super) fn contradictions(bundle: &Bundle, findings: &mut Findings) -> bool {
    let mut found = false;
    for function in OwnerFunction::ALL {
        let rules = of_function(bundle, *function);
        let places = places(&rules);
        let lattice = Lattice::of(&places.iter().collect::<Vec<_>>());
        for clash in lattice.clashes(LISTED_MAX + 1) {
            found = true;
            let [first, second] = [clash.first, clash.second].map(|at| rules[at].slug.to_string());
            let item = Item { section: SECTION, slug: &first.clone() };
            let words = Conflict::OwnerRules { first, second }.to_string();
            findings.block(FindingCode::ContradictoryOwnerRules, item, words);
        }
    }
    found
}

/// Finds owner rules that never name a team, and places where none does.
pub(super) fn check(bundle: &Bundle, world: &World, prover: &mut Prover, findings: &mut Findings) {
    let used: BTreeSet<OwnerFunction> =
        bundle.entries.iter().map(|entry| entry.meaning.owner_function).collect();
    let rest = Rest::of(bundle, world, ExceptionKind::MissingOwner).words;
    for function in OwnerFunction::ALL {
        let rules = of_function(bundle, *function);
        let places = places(&rules);
        let lattice = Lattice::of(&places.iter().collect::<Vec<_>>());
        shadows(&rules, &lattice, prover, findings);
        if !used.contains(function) {
            continue;
        }
        if rules.is_empty() {
            let item = Item { section: SECTION, slug: function.as_str() };
            let words = format!("entries name {function}, no owner rule does: {rest}");
            findings.advise(FindingCode::OwnerFunctionWithoutRule, item, words);
        } else {
            everywhere(*function, &lattice, &rest, prover, findings);
        }
    }
}

fn shadows(
    rules: &[&OwnerRule],
    lattice: &Lattice<'_>,
    prover: &mut Prover,
    findings: &mut Findings,
) {
    for (place, rule) in rules.iter().enumerate() {
        let item = Item { section: SECTION, slug: rule.slug.as_str() };
        match lattice.shadows(place, prover) {
            Some(Proof::Covered(by)) => {
                let slugs = by.iter().map(|at| format!("`{}`", rules[*at as usize].slug));
                let words = format!(
                    "more specific rules name a team wherever it does: {}",
                    listed(slugs, 8)
                );
                findings.block(FindingCode::ShadowedOwnerRule, item, words);
            }
            Some(Proof::TooLarge) => {
                let words = "too many owner rules overlap it to prove that it ever names a team";
                findings.block(FindingCode::NotProven, item, words);
            }
            Some(Proof::Open(_)) | None => {}
        }
    }
}

fn everywhere(
    function: OwnerFunction,
    lattice: &Lattice<'_>,
    rest: &str,
    prover: &mut Prover,
    findings: &mut Findings,
) {
    let item = Item { section: SECTION, slug: function.as_str() };
    let everything = Shape::everything();
    let all = lattice.under(None).collect();
    match prover.prove(&lattice.shapes, Region::of(&everything), all) {
        Proof::Covered(_) => {}
        Proof::Open(at) => {
            let example = Example::of(&lattice.space, &at);
            let place = example.place_words();
            let words = format!("no owner rule names a team for {function} {place}: {rest}");
            findings.advise(FindingCode::OwnerFunctionNotEverywhere, item, words);
        }
        Proof::TooLarge => {
            let words =
                format!("too many owner rules to prove that {function} has a team anywhere");
            findings.block(FindingCode::NotProven, item, words);
        }
    }
}
