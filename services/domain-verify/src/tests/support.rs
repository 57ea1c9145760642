use std::sync::OnceLock;

use domain::codes::{Carc, Group, Rarc};
use domain::dictionary::selector::{RarcMatch, Selector};
use domain::dictionary::{Bundle, Entry, Facts, Match, Meaning, RecordedFacts, Slug};
use domain::starter;

use super::super::{Finding, FindingCode, Seen, Verification, World, verify};

pub(super) fn carc(code: &str) -> Carc {
    Carc::new(code).unwrap()
}

pub(super) fn rarcs(codes: &[&str]) -> Vec<Rarc> {
    codes.iter().map(|code| Rarc::new(code).unwrap()).collect()
}

pub(super) fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

pub(super) fn slugs(texts: &[&str]) -> Selector<Slug> {
    Selector::of(texts.iter().map(|text| slug(text)))
}

fn starter() -> &'static (Bundle, World) {
    static STARTER: OnceLock<(Bundle, World)> = OnceLock::new();
    STARTER.get_or_init(|| {
        let day = "2026-11-01".parse().unwrap();
        let mut world = World::new(day, &starter::codes()).unwrap();
        world.teams = starter::TEAMS.iter().map(|team| team.slug.to_owned()).collect();
        for (known, names) in [
            (&mut world.payers, ["aetna", "cigna", "humana"]),
            (&mut world.facilities, ["north", "south", "west"]),
            (&mut world.service_lines, ["cardiology", "imaging", "surgery"]),
        ] {
            known.extend(names.map(str::to_owned));
        }
        (starter::bundle(), world)
    })
}

/// The world of the starter dictionary, three payers, facilities and service lines.
pub(super) fn starter_world() -> World {
    starter().1.clone()
}

/// The starter dictionary with these entries after its own.
pub(super) fn with(entries: Vec<Entry>) -> Bundle {
    let mut bundle = starter().0.clone();
    bundle.entries.extend(entries);
    bundle
}

/// The starter dictionary with these entries alone.
pub(super) fn only(entries: Vec<Entry>) -> Bundle {
    Bundle { entries, ..starter().0.clone() }
}

/// An entry on a reason code; what it means is that of the starter's CARC 50, but for its letter,
/// which not every bundle has.
pub(super) fn entry(name: &str, code: &str, change: impl FnOnce(&mut Match)) -> Entry {
    static MEANING: OnceLock<Meaning> = OnceLock::new();
    let model = |entry: &&Entry| entry.slug.as_str() == "carc-50";
    let meaning = MEANING.get_or_init(|| {
        let meaning = starter().0.entries.iter().find(model).unwrap().meaning.clone();
        Meaning { template: None, ..meaning }
    });
    let mut matches = Match { carc: Selector::Exact(carc(code)), ..Match::default() };
    change(&mut matches);
    Entry { slug: slug(name), matches, meaning: meaning.clone() }
}

pub(super) fn groups(groups: &[Group]) -> Selector<Group> {
    Selector::of(groups.iter().copied())
}

pub(super) fn all(codes: &[&str]) -> RarcMatch {
    RarcMatch { all: rarcs(codes), ..RarcMatch::default() }
}

pub(super) fn any(codes: &[&str]) -> RarcMatch {
    RarcMatch { any: rarcs(codes), ..RarcMatch::default() }
}

pub(super) fn none(codes: &[&str]) -> RarcMatch {
    RarcMatch { none: rarcs(codes), ..RarcMatch::default() }
}

pub(super) fn seen(group: Group, code: &str, denials: u64, cents: i64) -> Seen {
    let facts = RecordedFacts::of(&Facts::of_codes(group, carc(code), &[]));
    Seen { facts, denials, cents }
}

/// The findings of one code, as blocking, slug and words.
pub(super) fn of(verification: &Verification, code: FindingCode) -> Vec<(bool, &str, &str)> {
    let found = verification.findings.iter().filter(|finding| finding.code == code);
    found.map(|found: &Finding| (found.blocking, &*found.slug, &*found.words)).collect()
}

/// Asserts that the first bundle has no finding of this code and the second exactly this one.
#[track_caller]
pub(super) fn finds(
    (without, with): (&Bundle, &Bundle),
    world: &World,
    code: FindingCode,
    expected: (bool, &str, &str),
) {
    let control = verify(without, world);
    assert_eq!(of(&control, code), [], "the control has none");
    let verification = verify(with, world);
    assert_eq!(of(&verification, code), [expected]);
    assert_eq!(verification.passed, !verification.findings.iter().any(|found| found.blocking));
    assert!(!expected.0 || !verification.passed);
}
