//! Which windows are open for a claim, and which one ranks it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::compute::{Assumption, Deadline, NoDeadline, compute, share_window};
use super::rule::{Fit, Path, PayerType, Rule};
use super::start::ClockStarts;
use crate::calendar::Zone;
use crate::codes::{Lob, Network};

/// What is known of a claim when its deadlines are looked for; unknown is `None`.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The line of business.
    pub lob: Option<Lob>,
    /// The payer's slug.
    pub payer: Option<&'a str>,
    /// Whether we have a contract with the payer.
    pub network: Option<Network>,
    /// The clocks that started.
    pub starts: &'a ClockStarts,
    /// The payer's time zone.
    pub zone: Zone,
    /// Today in that zone.
    pub today: NaiveDate,
}

/// A path that is open by the dictionary, and the rules it names for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// The path.
    pub path: Path,
    /// Rules by slug; empty means every rule of the path.
    pub rules: Vec<&'a str>,
}

impl<'a> Wanted<'a> {
    /// Every rule of a path.
    pub fn any(path: Path) -> Self {
        Self { path, rules: Vec::new() }
    }

    /// Only the named rules of a path; naming none means every rule.
    pub fn named(path: Path, rules: impl IntoIterator<Item = &'a str>) -> Self {
        Self { path, rules: rules.into_iter().collect() }
    }
}

/// A rule that would apply and gives no date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unavailable {
    /// The path it would bound.
    pub path: Path,
    /// The rule, by slug; `None` when the path has no rule at all for such a claim.
    pub rule: Option<String>,
    /// Why there is no date; `None` when there is no rule.
    pub why: Option<NoDeadline>,
}

/// What is open, what has passed and what cannot be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// One deadline for each open path, the earliest first: it ranks the work.
    pub open: Vec<Deadline>,
    /// One deadline for each path whose windows have all closed, the latest first.
    pub passed: Vec<Deadline>,
    /// Rules that would apply and give no date, and paths without any rule.
    pub unavailable: Vec<Unavailable>,
    /// Why the first one ranks, in words.
    pub why: String,
}

impl Choice {
    /// The deadline that ranks the work: the earliest that is still open, or the last to close
    /// where all have.
    pub fn ranking(&self) -> Option<&Deadline> {
        self.open.first().or(self.passed.first())
    }
}

/// Rules by slug.
#[derive(Clone, Debug)]
pub struct RuleBook<'a>(BTreeMap<&'a str, &'a Rule>);

impl<'a> RuleBook<'a> {
    /// Indexes rules; of two with one slug the later counts.
    pub fn new(rules: &'a [Rule]) -> Self {
        Self(rules.iter().map(|rule| (rule.slug.as_str(), rule)).collect())
    }

    /// A rule by slug.
    pub fn get(&self, slug: &str) -> Option<&'a Rule> {
        self.0.get(slug).copied()
    }

    /// Computes a rule, also one that shares the window of another rule of the book.
    pub fn compute(
        &self,
        rule: &Rule,
        starts: &ClockStarts,
        zone: Zone,
    ) -> Result<Deadline, NoDeadline> {
        match compute(rule, starts, zone) {
            Err(NoDeadline::NeedsWindow { of }) => {
                // One step only: a shared window of a shared window could be a circle.
                let other = self.get(&of).ok_or(NoDeadline::NeedsWindow { of })?;
                compute(other, starts, zone).map(|deadline| share_window(rule, deadline))
            }
            computed => computed,
        }
    }

    /// Finds the windows of every wanted path and ranks them: the earliest still open wins.
    ///
    /// Within one regime a contract beats the payer's manual, that beats the statute, and that
    /// beats usual practice; a rule of one payer beats a rule for all. Where the regime is not
    /// certain, the earliest still open candidate counts and is marked as assumed. Paths that are
    /// not ours to take are left out.
    pub fn choose(&self, wanted: &[Wanted<'_>], situation: &Situation<'_>) -> Choice {
        let (mut open, mut passed, mut unavailable) = (Vec::new(), Vec::new(), Vec::new());
        for path in wanted.iter().filter(|wanted| wanted.path.is_ours()) {
            let candidates = self.candidates(path, situation, &mut unavailable);
            let still_open = candidates
                .iter()
                .filter(|deadline| deadline.is_open(situation.today))
                .min_by(|a, b| order(a).cmp(&order(b)));
            match still_open {
                Some(deadline) => open.push(deadline.clone()),
                None => {
                    passed.extend(candidates.into_iter().max_by(|a, b| order(a).cmp(&order(b))))
                }
            }
        }
        open.sort_by(|a, b| order(a).cmp(&order(b)));
        passed.sort_by(|a, b| order(b).cmp(&order(a)));
        let why = why(&open, &passed, &unavailable);
        Choice { open, passed, unavailable, why }
    }

    /// The strongest word of each regime that may govern the claim.
    fn candidates(
        &self,
        wanted: &Wanted<'_>,
        situation: &Situation<'_>,
        unavailable: &mut Vec<Unavailable>,
    ) -> Vec<Deadline> {
        let mut regimes: BTreeMap<PayerType, Vec<&Rule>> = BTreeMap::new();
        for rule in self.0.values().filter(|rule| applies(rule, wanted, situation)) {
            regimes.entry(rule.payer_type).or_default().push(rule);
        }
        if regimes.is_empty() {
            unavailable.push(Unavailable { path: wanted.path, rule: None, why: None });
        }
        let strongest = |rules| self.strongest(rules, situation, unavailable);
        regimes.into_values().filter_map(strongest).collect()
    }

    /// The earliest still open deadline of the strongest rules that give one.
    fn strongest(
        &self,
        mut rules: Vec<&Rule>,
        situation: &Situation<'_>,
        unavailable: &mut Vec<Unavailable>,
    ) -> Option<Deadline> {
        let strength = |rule: &Rule| (rule.basis, rule.payer.is_some());
        rules.sort_by(|a, b| strength(b).cmp(&strength(a)).then_with(|| a.slug.cmp(&b.slug)));
        let mut contract_missing = false;
        for tier in rules.chunk_by(|a, b| strength(a) == strength(b)) {
            let mut found = Vec::new();
            for rule in tier {
                match self.compute(rule, situation.starts, situation.zone) {
                    Ok(deadline) => found.push(mark(deadline, rule, situation)),
                    Err(why) => {
                        contract_missing |= matches!(why, NoDeadline::NeedsContract { .. });
                        let rule = Some(rule.slug.clone());
                        unavailable.push(Unavailable { path: tier[0].path, rule, why: Some(why) });
                    }
                }
            }
            let open = |deadline: &&Deadline| deadline.is_open(situation.today);
            let by_day = |a: &&Deadline, b: &&Deadline| order(a).cmp(&order(b));
            let earliest = found.iter().filter(open).min_by(by_day);
            if let Some(deadline) = earliest.or_else(|| found.iter().max_by(by_day)) {
                let mut deadline = deadline.clone();
                if contract_missing {
                    deadline.assume(Assumption::ContractNotOnFile);
                }
                return Some(deadline);
            }
        }
        None
    }
}

fn order(deadline: &Deadline) -> (NaiveDate, Path, &str) {
    (deadline.last_day, deadline.path, &deadline.rule)
}

fn applies(rule: &Rule, wanted: &Wanted<'_>, situation: &Situation<'_>) -> bool {
    let network_fits = match (rule.network, situation.network) {
        (Some(needed), Some(known)) => needed == known,
        _ => true,
    };
    rule.path == wanted.path
        && (wanted.rules.is_empty() || wanted.rules.contains(&rule.slug.as_str()))
        && rule.payer.as_deref().is_none_or(|payer| situation.payer == Some(payer))
        && network_fits
        && rule.payer_type.fit(situation.lob) != Fit::No
}

fn mark(mut deadline: Deadline, rule: &Rule, situation: &Situation<'_>) -> Deadline {
    if situation.lob.is_none() {
        deadline.assume(Assumption::LineOfBusinessUnknown);
    } else if rule.payer_type.fit(situation.lob) == Fit::Possible {
        deadline.assume(Assumption::RegimeUnsettled);
    }
    if rule.network.is_some() && situation.network.is_none() {
        deadline.assume(Assumption::NetworkUnknown);
    }
    deadline
}

fn why(open: &[Deadline], passed: &[Deadline], unavailable: &[Unavailable]) -> String {
    let contract = unavailable
        .iter()
        .any(|missing| matches!(missing.why, Some(NoDeadline::NeedsContract { .. })));
    match (open, passed) {
        ([first, rest @ ..], _) => {
            let mut words = format!("`{}` by {}", first.path, first.last_day);
            words.push_str(&match rest.len() {
                0 => " is the only open window known".to_owned(),
                more => format!(" is the earliest of {} open windows", more + 1),
            });
            if !passed.is_empty() {
                words.push_str(&format!("; {} path(s) have closed", passed.len()));
            }
            words
        }
        ([], [latest, ..]) => {
            format!(
                "every known window has closed, the last one (`{}`) on {}",
                latest.path, latest.last_day
            )
        }
        ([], []) if contract => "no deadline: the contract holds the window".to_owned(),
        ([], []) => "no deadline is known".to_owned(),
    }
}
