//! The levels of a payer, and whose word each of them is.
//!
//! A ladder is read out of the dictionary's deadline rules: of each regime that may govern the
//! claim, the strongest word on a level stands (contract, then the payer's manual, then the law,
//! then what is usual; a rule about the payer before one about all), and what it stands over is
//! named. Where the line of business leaves several regimes possible, each has its rungs.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::deadline::{Basis, Confidence, Coverage, Fit, Path, PayerType, Rule, Wanted};

use crate::threshold::Threshold;

/// What may be filed one after another; what comes before an appeal (a talk, a reopening) and what
/// only stops money from being taken are no levels.
pub const LEVELS: [Path; 9] = [
    Path::AppealLevel1,
    Path::AppealLevel2,
    Path::AppealLevel3,
    Path::AppealLevel4,
    Path::AppealLevel5,
    Path::MemberAppeal,
    Path::ExternalReview,
    Path::OpenNegotiation,
    Path::DisputeResolution,
];

/// The levels that the provider takes in its own name, in their order.
const NUMBERED: [Path; 5] = [
    Path::AppealLevel1,
    Path::AppealLevel2,
    Path::AppealLevel3,
    Path::AppealLevel4,
    Path::AppealLevel5,
];

/// One rung: a rule that bounds a level.
#[derive(Clone, Debug)]
pub struct Rung<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// The weaker rules of the same regime and level that it stands over, the strongest first.
    pub beats: Vec<&'r Rule>,
    /// How surely its regime governs.
    pub fit: Fit,
}

impl Rung<'_> {
    /// The least amount in controversy for what is filed in `year`.
    pub fn threshold(&self, year: i32) -> Option<Threshold> {
        Threshold::of(&self.rule.threshold, year)
    }
}

/// The levels of one payer for one kind of coverage, the first one first.
#[derive(Clone, Debug)]
pub struct Ladder<'r>(Vec<Rung<'r>>);

impl<'r> Ladder<'r> {
    /// Reads a ladder out of rules, as they are in force on a day.
    pub fn of(rules: &'r [Rule], coverage: Coverage<'_>, as_of: NaiveDate) -> Self {
        let mut rungs = Vec::new();
        for path in LEVELS {
            let wanted = Wanted::any(path);
            let mut regimes: BTreeMap<PayerType, Vec<&'r Rule>> = BTreeMap::new();
            for rule in rules {
                let used = rule.confidence != Confidence::D && rule.governs(as_of);
                if used && wanted.admits(rule, coverage) {
                    regimes.entry(rule.payer_type).or_default().push(rule);
                }
            }
            let mut of_path: Vec<Rung<'r>> = Vec::new();
            for (regime, rules) in regimes {
                of_path.extend(rungs_of(rules, regime.fit(coverage.lob)));
            }
            // What governs for certain comes first; steps of one level in the order of the events
            // that start them.
            of_path.sort_by(|a, b| {
                let key = |rung: &Rung<'r>| (rung.rule.payer_type, rung.rule.counted_from);
                let (left, right) = (key(a), key(b));
                b.fit.cmp(&a.fit).then(left.cmp(&right)).then(a.rule.slug.cmp(&b.rule.slug))
            });
            rungs.extend(of_path);
        }
        Self(rungs)
    }

    /// The rungs, the first level first.
    pub fn rungs(&self) -> &[Rung<'r>] {
        &self.0
    }

    /// The levels, each once, the first one first.
    pub fn levels(&self) -> Vec<Path> {
        let mut levels: Vec<Path> = self.0.iter().map(|rung| rung.rule.path).collect();
        levels.dedup();
        levels
    }

    /// The rung that speaks for a level: that of the surest regime.
    pub fn rung(&self, level: Path) -> Option<&Rung<'r>> {
        self.0.iter().find(|rung| rung.rule.path == level)
    }

    /// The level that must be decided before this one; `None` for one that stands first.
    pub fn below(&self, level: Path) -> Option<Path> {
        let has = |path: &Path| self.rung(*path).is_some();
        let highest = |below: &[Path]| below.iter().rev().find(|path| has(path)).copied();
        match level {
            Path::AppealLevel2 => highest(&NUMBERED[..1]),
            Path::AppealLevel3 => highest(&NUMBERED[..2]),
            Path::AppealLevel4 => highest(&NUMBERED[..3]),
            Path::AppealLevel5 => highest(&NUMBERED[..4]),
            // Review outside the plan follows its final decision: on the member's own appeal, where
            // that is the plan's way (45 CFR 147.136(b), (d)).
            Path::ExternalReview if has(&Path::MemberAppeal) => Some(Path::MemberAppeal),
            Path::ExternalReview => highest(&NUMBERED),
            Path::DisputeResolution if has(&Path::OpenNegotiation) => Some(Path::OpenNegotiation),
            _ => None,
        }
    }

    /// The level that follows a decision at this one against us.
    pub fn above(&self, level: Path) -> Option<Path> {
        self.levels().into_iter().find(|path| self.below(*path) == Some(level))
    }

    /// Whether the decision that starts this level's clock is the one at the level below it: a
    /// Medicare Advantage plan sends what it upholds to the independent entity by itself (42 CFR
    /// 422.590), so that level 3 counts from a decision that is no appeal of ours.
    pub fn follows_directly(&self, level: Path) -> bool {
        let at = |path: Path| NUMBERED.iter().position(|held| *held == path);
        match (self.below(level).and_then(at), at(level)) {
            (Some(below), Some(level)) => below + 1 == level,
            _ => true,
        }
    }
}

/// The rungs of one regime at one level.
fn rungs_of(mut rules: Vec<&Rule>, fit: Fit) -> Vec<Rung<'_>> {
    rules.sort_by(|a, b| strength(b).cmp(&strength(a)).then_with(|| a.slug.cmp(&b.slug)));
    let Some(strongest) = rules.first().map(|rule| strength(rule)) else { return Vec::new() };
    let stands = rules.iter().take_while(|rule| strength(rule) == strongest).count();
    let (stand, beaten) = rules.split_at(stands);
    stand.iter().map(|rule| Rung { rule, beats: beaten.to_vec(), fit }).collect()
}

/// How much a rule's word weighs within its regime; as deadlines weigh it.
fn strength(rule: &Rule) -> (Basis, bool) {
    (rule.basis, rule.payer.is_some())
}

#[cfg(test)]
mod tests {
    use domain::codes::{Lob, Network};
    use proptest::prelude::*;

    use super::*;
    use crate::samples::{covered, day, rules, slugs};

    #[test]
    fn original_medicare_has_five_levels_each_above_the_other() {
        let rules = rules();
        let ladder = Ladder::of(&rules, covered(Lob::MedicareFfs, None, None), day("2026-06-01"));
        assert_eq!(ladder.levels(), NUMBERED);
        let mut at = Path::AppealLevel1;
        for level in &NUMBERED[1..] {
            assert_eq!((ladder.above(at), ladder.below(*level)), (Some(*level), Some(at)));
            assert!(ladder.follows_directly(*level));
            at = *level;
        }
        assert_eq!((ladder.below(Path::AppealLevel1), ladder.above(at)), (None, None));
        let court = ladder.rung(Path::AppealLevel5).unwrap();
        assert_eq!(court.threshold(2026).unwrap().least.as_i64(), 196_000);
        assert!(ladder.rung(Path::AppealLevel1).unwrap().threshold(2026).is_none());
    }

    #[test]
    fn the_payers_manual_beats_what_is_usual_and_says_so() {
        let rules = rules();
        let aetna = covered(Lob::Commercial, Some("aetna"), Some(Network::InNetwork));
        let ladder = Ladder::of(&rules, aetna, day("2026-06-01"));
        let first = ladder.rung(Path::AppealLevel1).unwrap();
        let beaten: Vec<&str> = first.beats.iter().map(|rule| rule.slug.as_str()).collect();
        assert_eq!(
            (first.rule.slug.as_str(), beaten),
            ("aetna-reconsideration", vec!["commercial-typical-level-1"])
        );
        assert_eq!((first.rule.basis, first.fit), (Basis::Payer, Fit::Certain));
        // A contract beats the manual, whoever else says something.
        let mut rules = rules.clone();
        let mut contract = first.rule.clone();
        (contract.slug, contract.basis) = ("aetna-contract".to_owned(), Basis::Contract);
        rules.push(contract);
        let ladder = Ladder::of(&rules, aetna, day("2026-06-01"));
        assert_eq!(slugs(&ladder, Path::AppealLevel1), ["aetna-contract"]);
        let beaten = &ladder.rung(Path::AppealLevel1).unwrap().beats;
        let beaten: Vec<&str> = beaten.iter().map(|rule| rule.slug.as_str()).collect();
        assert_eq!(beaten, ["aetna-reconsideration", "commercial-typical-level-1"]);
    }

    #[test]
    fn medicare_advantage_skips_the_level_that_the_plan_sends_on() {
        let rules = rules();
        let out = covered(Lob::MedicareAdvantage, None, Some(Network::OutOfNetwork));
        let ladder = Ladder::of(&rules, out, day("2026-06-01"));
        assert_eq!(ladder.below(Path::AppealLevel3), Some(Path::AppealLevel1));
        assert!(!ladder.follows_directly(Path::AppealLevel3));
        assert!(ladder.follows_directly(Path::AppealLevel4));
        assert_eq!(
            slugs(&ladder, Path::AppealLevel1),
            ["ma-reconsideration-not-contracted"],
            "the one that is in force"
        );
        let before = Ladder::of(&rules, out, day("2024-06-01"));
        assert_eq!(
            slugs(&before, Path::AppealLevel1),
            ["ma-reconsideration-not-contracted-before-2025"]
        );
        let inside = covered(Lob::MedicareAdvantage, None, Some(Network::InNetwork));
        let inside = Ladder::of(&rules, inside, day("2026-06-01"));
        assert_eq!(slugs(&inside, Path::AppealLevel1), ["ma-contracted-dispute"]);
    }

    #[test]
    fn a_commercial_plan_may_be_self_funded_and_under_the_no_surprises_act() {
        let rules = rules();
        let ladder = Ladder::of(&rules, covered(Lob::Commercial, None, None), day("2026-06-01"));
        let fit = |path: Path| ladder.rung(path).unwrap().fit;
        assert_eq!(fit(Path::AppealLevel1), Fit::Certain);
        assert_eq!(fit(Path::MemberAppeal), Fit::Possible);
        assert_eq!(ladder.below(Path::ExternalReview), Some(Path::MemberAppeal));
        assert_eq!(ladder.below(Path::DisputeResolution), Some(Path::OpenNegotiation));
        assert_eq!(
            slugs(&ladder, Path::DisputeResolution),
            ["nsa-idr-initiation", "nsa-idr-entity-selection", "nsa-idr-offer"],
            "in the order of their steps"
        );
    }

    proptest! {
        #[test]
        fn a_ladder_is_in_order_and_its_rungs_stand_over_weaker_words_alone(
            lob in prop::sample::select(Lob::ALL),
            payer in prop::sample::select(vec![None, Some("aetna"), Some("cigna"), Some("humana")]),
            network in prop::sample::select(vec![None, Some(Network::InNetwork)]),
            on in 0..4_000i64,
        ) {
            let rules = rules();
            let as_of = day("2020-01-01") + chrono::TimeDelta::days(on);
            let coverage = Coverage { lob: Some(lob), payer, network };
            let ladder = Ladder::of(&rules, coverage, as_of);
            let levels = ladder.levels();
            let order = |path: &Path| LEVELS.iter().position(|held| held == path).unwrap();
            prop_assert!(levels.windows(2).all(|pair| order(&pair[0]) < order(&pair[1])));
            for rung in ladder.rungs() {
                prop_assert!(rung.rule.governs(as_of) && rung.fit != Fit::No);
                prop_assert!(rung.beats.iter().all(|rule| strength(rule) < strength(rung.rule)));
            }
            for level in levels {
                if let Some(below) = ladder.below(level) {
                    prop_assert!(order(&below) < order(&level));
                    prop_assert!(ladder.above(below).is_some());
                }
            }
        }
    }
}
