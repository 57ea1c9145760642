//! Completeness: what of the code space, and of what was seen, no entry answers.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use domain::codes::{Carc, Code, Group};
use domain::dictionary::vocabulary::ExceptionKind;
use domain::dictionary::{Bundle, Compiled};
use domain::money::Cents;

use super::Coverage;
use super::denial::{self, Example};
use super::finding::{FindingCode, Findings, Item, LISTED_MAX, counted, listed};
use super::lattice::Lattice;
use super::prove::{Proof, Prover};
use super::region::Region;
use super::space::{CARC, GROUP, OTHER, Shape};
use super::world::{Seen, World};

const ENTRIES: Item<'static> = Item { section: "entries", slug: "" };

/// Who has what no entry answers.
#[derive(Debug)]
pub(super) struct Rest {
    pub(super) words: String,
    /// Whether it is a team that exists.
    pub(super) owned: bool,
}

impl Rest {
    pub(super) fn of(bundle: &Bundle, world: &World, kind: ExceptionKind) -> Self {
        let policy = bundle.exception_policies.iter().find(|policy| policy.kind == kind);
        match policy.filter(|policy| world.teams.contains(policy.team.as_str())) {
            Some(policy) => Self {
                words: format!("exception `{}` of team `{}` has it", policy.slug, policy.team),
                owned: true,
            },
            None => Self { words: format!("no team that exists owns {kind}"), owned: false },
        }
    }
}

/// What the evaluator says of everything that was seen.
#[derive(Debug, Default)]
pub(super) struct Decided {
    /// Denials of 12 months that an entry answered, by its slug; `None` when none were decided.
    pub(super) answered: Option<BTreeMap<String, u64>>,
    pub(super) coverage: Coverage,
}

/// Says that what was seen could not be decided.
pub(super) fn not_decided(world: &World, findings: &mut Findings) {
    if !world.seen.is_empty() {
        let words = format!(
            "{} of 12 months not decided: the bundle does not compile",
            counted(world.seen.len() as u64, "combination")
        );
        findings.advise(FindingCode::SeenNotDecided, ENTRIES, words);
    }
}

/// Decides everything that was seen and lists what no entry answers, the largest first.
pub(super) fn seen(compiled: &Compiled, world: &World, findings: &mut Findings) -> Decided {
    let mut answered: BTreeMap<&str, u64> = BTreeMap::new();
    let mut coverage = Coverage::default();
    let mut unmapped: Vec<(&Seen, ExceptionKind)> = Vec::new();
    for seen in &world.seen {
        coverage.seen += 1;
        coverage.seen_denials = coverage.seen_denials.saturating_add(seen.denials);
        match compiled.decide(&seen.facts.facts()).outcome {
            Ok(entry) => {
                let denials = answered.entry(entry.slug.as_str()).or_default();
                *denials = denials.saturating_add(seen.denials);
            }
            Err(reason) => unmapped.push((seen, reason.kind())),
        }
    }
    coverage.unmapped = unmapped.len() as u64;
    (coverage.unmapped_denials, coverage.unmapped_cents) = volume(&unmapped);
    // Stable, so that equals keep the caller's order.
    unmapped.sort_by_key(|(seen, _)| Reverse((seen.denials, seen.cents.unsigned_abs())));
    list(compiled.bundle(), world, &unmapped, findings);
    let answered = answered.into_iter().map(|(slug, denials)| (slug.to_owned(), denials));
    Decided { answered: Some(answered.collect()), coverage }
}

fn volume(unmapped: &[(&Seen, ExceptionKind)]) -> (u64, i64) {
    unmapped.iter().fold((0, 0), |(denials, cents), (seen, _)| {
        (denials.saturating_add(seen.denials), cents.saturating_add(seen.cents))
    })
}

fn list(
    bundle: &Bundle,
    world: &World,
    unmapped: &[(&Seen, ExceptionKind)],
    findings: &mut Findings,
) {
    let rest = |kind: &ExceptionKind| (*kind, Rest::of(bundle, world, *kind));
    let rests: BTreeMap<ExceptionKind, Rest> = ExceptionKind::ALL.iter().map(rest).collect();
    // The last place says what the others leave out.
    let (shown, hidden) = unmapped.split_at(unmapped.len().min(LISTED_MAX - 1));
    for (seen, kind) in shown {
        let rest = &rests[kind];
        let words = format!(
            "{}: {} of 12 months, {}; no entry answers it, {}",
            denial::words(&seen.facts),
            counted(seen.denials, "denial"),
            Cents::new(seen.cents),
            rest.words
        );
        findings.add(FindingCode::UnmappedCombination, !rest.owned, ENTRIES, words);
    }
    if !hidden.is_empty() {
        let owned = hidden.iter().all(|(_, kind)| rests[kind].owned);
        let (denials, cents) = volume(hidden);
        let words = format!(
            "{} that no entry answers: {} of 12 months, {}",
            counted(hidden.len() as u64, "smaller combination"),
            counted(denials, "denial"),
            Cents::new(cents)
        );
        findings.add(FindingCode::UnmappedCombination, !owned, ENTRIES, words);
    }
}

/// What of one reason code no entry answers.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    /// Groups under which no entry answers anything.
    pub(super) unanswered: Vec<Group>,
    /// Denials under groups that are answered in part.
    pub(super) examples: Vec<Example>,
    /// Groups for which the proof was given up.
    not_proven: Vec<Group>,
    /// Whether every group is unanswered.
    nothing: bool,
}

/// Proves that every current reason code is answered under every group X12 allows for it.
pub(super) fn codes(
    bundle: &Bundle,
    world: &World,
    lattice: &Lattice<'_>,
    prover: &mut Prover,
    findings: &mut Findings,
) {
    let unknown = Rest::of(bundle, world, ExceptionKind::UnknownCode);
    let unmapped = Rest::of(bundle, world, ExceptionKind::UnmappedCombination);
    let mut unanswered: [Vec<Carc>; 2] = Default::default();
    for (carc, code) in world.carcs.iter().filter(|(_, code)| code.is_valid_on(world.day)) {
        let named = lattice.space.carcs.binary_search(carc).ok().map(|at| at as u32);
        let gaps = gaps(*carc, code, named, lattice, prover);
        let rest = if named.is_some() { &unmapped } else { &unknown };
        if !gaps.not_proven.is_empty() {
            let words = format!(
                "too many entries overlap to prove that all of CARC {carc} is answered under {}",
                listed(&gaps.not_proven, 4)
            );
            findings.block(FindingCode::NotProven, ENTRIES, words);
        }
        if gaps.nothing {
            unanswered[usize::from(named.is_some())].push(*carc);
        } else if !gaps.unanswered.is_empty() || !gaps.examples.is_empty() {
            let words = format!("{}; {}", gaps.words(*carc), rest.words);
            findings.add(FindingCode::PartlyAnsweredCode, !rest.owned, ENTRIES, words);
        }
    }
    for (carcs, rest) in unanswered.iter().zip([&unknown, &unmapped]) {
        if !carcs.is_empty() {
            let words = format!(
                "no entry answers {}: {}; {}",
                counted(carcs.len() as u64, "current reason code"),
                listed(carcs, carcs.len()),
                rest.words
            );
            findings.add(FindingCode::UnansweredCodes, !rest.owned, ENTRIES, words);
        }
    }
}

pub(super) fn gaps(
    carc: Carc,
    code: &Code,
    named: Option<u32>,
    lattice: &Lattice<'_>,
    prover: &mut Prover,
) -> Gaps {
    let mut gaps = Gaps { nothing: true, ..Gaps::default() };
    let everything = Shape::everything();
    for (at, group) in (0u32..).zip(Group::VALID) {
        if !code.allows_group(group) {
            continue;
        }
        let answers = |place: &u32| {
            let shape = lattice.shapes[*place as usize].as_ref();
            shape.is_some_and(|shape| shape.fields[GROUP].admits(at))
        };
        let candidates: Vec<u32> = lattice.under(named).filter(answers).collect();
        if candidates.is_empty() {
            gaps.unanswered.push(group);
            continue;
        }
        gaps.nothing = false;
        // What asks for more than the codes never covers what nobody names.
        let covers = |place: &u32| {
            let shape = lattice.shapes[*place as usize].as_ref();
            shape.is_some_and(|shape| shape.asks & !(1 << CARC) == 0)
        };
        let covering = candidates.into_iter().filter(covers).collect();
        let region = Region::of(&everything).with(CARC, named.unwrap_or(OTHER)).with(GROUP, at);
        match prover.prove(&lattice.shapes, region, covering) {
            Proof::Covered(_) => {}
            Proof::Open(open) => {
                gaps.examples.push(Example::of(&lattice.space, &open).about(carc));
            }
            Proof::TooLarge => gaps.not_proven.push(group),
        }
    }
    gaps
}

impl Gaps {
    fn words(&self, carc: Carc) -> String {
        let mut words = vec![format!("CARC {carc} is answered in part")];
        if !self.unanswered.is_empty() {
            words.push(format!("nothing under {}", listed(&self.unanswered, 4)));
        }
        if !self.examples.is_empty() {
            words.push(format!(
                "not, for instance, {}",
                listed(self.examples.iter().map(Example::words), 4)
            ));
        }
        words.join(": ")
    }
}
