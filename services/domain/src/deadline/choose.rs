//! Which windows are open for a claim, and which one ranks it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::compute::{Assumption, Dated, Deadline, NoDeadline, date, share_window};
use super::rule::{Basis, Fit, Path, PayerType, Rule};
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

impl<'a> Situation<'a> {
    /// What of it decides which rules may bound the claim.
    pub fn coverage(&self) -> Coverage<'a> {
        Coverage { lob: self.lob, payer: self.payer, network: self.network }
    }
}

/// What of a claim decides which rules may bound it, whatever the days; unknown is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coverage<'a> {
    /// The line of business.
    pub lob: Option<Lob>,
    /// The payer's slug.
    pub payer: Option<&'a str>,
    /// Whether we have a contract with the payer.
    pub network: Option<Network>,
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

    /// Whether a rule may bound this path of a claim with that coverage.
    pub fn admits(&self, rule: &Rule, coverage: Coverage<'_>) -> bool {
        let network_fits = match (rule.network, coverage.network) {
            (Some(needed), Some(known)) => needed == known,
            _ => true,
        };
        rule.path == self.path
            && (self.rules.is_empty() || self.rules.contains(&rule.slug.as_str()))
            && rule.payer.as_deref().is_none_or(|payer| coverage.payer == Some(payer))
            && network_fits
            && rule.payer_type.fit(coverage.lob) != Fit::No
    }
}

/// The rules that may bound one path of a claim; which of them does depends on the days.
#[derive(Clone, Debug)]
pub struct Bounds<'r> {
    path: Path,
    /// The rules of each regime that may govern, the strongest first.
    regimes: Vec<Vec<&'r Rule>>,
}

impl Bounds<'_> {
    /// The path.
    pub fn path(&self) -> Path {
        self.path
    }
}

/// A deadline without its words. Compares by the last day first, so the least ranks the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window<'r> {
    /// The last day, which still counts.
    pub last_day: NaiveDate,
    /// What must be done.
    pub path: Path,
    /// The rule, by slug.
    pub rule: &'r str,
}

impl Window<'_> {
    /// Whether there is still time: the last day itself counts.
    pub fn is_open(&self, today: NaiveDate) -> bool {
        today <= self.last_day
    }
}

/// A rule that gives a date.
#[derive(Clone, Copy, Debug)]
struct Candidate<'r> {
    rule: &'r Rule,
    /// Of the rule itself, or of the one whose window it shares.
    dated: Dated<'r>,
    /// Whether a stronger rule, or an equally strong one, lacks its contract.
    contract_missing: bool,
}

impl<'r> Candidate<'r> {
    fn window(&self) -> Window<'r> {
        let (last_day, rule) = (self.dated.last_day, self.rule);
        Window { last_day, path: rule.path, rule: &rule.slug }
    }

    /// The one of two that counts: the earlier of those still open, else the later.
    fn or(self, other: Self, today: NaiveDate) -> Self {
        let (window, another) = (self.window(), other.window());
        let better = match (window.is_open(today), another.is_open(today)) {
            (true, true) => another < window,
            (false, false) => another > window,
            (_, open) => open,
        };
        if better { other } else { self }
    }

    fn deadline(&self, situation: &Situation<'_>) -> Deadline {
        let mut deadline = self.dated.deadline(situation.zone);
        if !std::ptr::eq(self.dated.rule, self.rule) {
            deadline = share_window(self.rule, deadline);
        }
        mark(&mut deadline, self.rule, situation);
        if self.contract_missing {
            deadline.assume(Assumption::ContractNotOnFile);
        }
        deadline
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
        let dated = self.date(rule, starts)?;
        let deadline = dated.deadline(zone);
        let own = std::ptr::eq(dated.rule, rule);
        Ok(if own { deadline } else { share_window(rule, deadline) })
    }

    fn date<'r>(&self, rule: &'r Rule, starts: &ClockStarts) -> Result<Dated<'r>, NoDeadline>
    where
        'a: 'r,
    {
        match date(rule, starts) {
            Err(NoDeadline::NeedsWindow { of }) => {
                // One step only: a shared window of a shared window could be a circle.
                let other = self.get(&of).ok_or(NoDeadline::NeedsWindow { of })?;
                date(other, starts)
            }
            dated => dated,
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
        let (starts, today) = (situation.starts, situation.today);
        for wanted in wanted.iter().filter(|wanted| wanted.path.is_ours()) {
            let bounds = self.bounds(wanted, situation.coverage());
            if bounds.regimes.is_empty() {
                unavailable.push(Unavailable { path: bounds.path, rule: None, why: None });
            }
            let candidate = self.candidate(&bounds, starts, today, |rule, why| {
                let rule = Some(rule.slug.clone());
                unavailable.push(Unavailable { path: bounds.path, rule, why: Some(why) });
            });
            let Some(candidate) = candidate else { continue };
            let to = if candidate.window().is_open(today) { &mut open } else { &mut passed };
            to.push(candidate.deadline(situation));
        }
        open.sort_by(|a, b| order(a).cmp(&order(b)));
        passed.sort_by(|a, b| order(b).cmp(&order(a)));
        let why = why(&open, &passed, &unavailable);
        Choice { open, passed, unavailable, why }
    }

    /// The rules that may bound a path of a claim with that coverage.
    pub fn bounds(&self, wanted: &Wanted<'_>, coverage: Coverage<'_>) -> Bounds<'a> {
        let mut regimes: BTreeMap<PayerType, Vec<&'a Rule>> = BTreeMap::new();
        for rule in self.0.values().filter(|rule| wanted.admits(rule, coverage)) {
            regimes.entry(rule.payer_type).or_default().push(rule);
        }
        let mut regimes: Vec<_> = regimes.into_values().collect();
        for rules in &mut regimes {
            rules.sort_by(|a, b| strength(b).cmp(&strength(a)).then_with(|| a.slug.cmp(&b.slug)));
        }
        Bounds { path: wanted.path, regimes }
    }

    /// The window that [`RuleBook::choose`] finds for a path, without its words.
    pub fn window(
        &self,
        bounds: &Bounds<'a>,
        starts: &ClockStarts,
        today: NaiveDate,
    ) -> Option<Window<'a>> {
        Some(self.candidate(bounds, starts, today, |_, _| ())?.window())
    }

    /// Of the strongest word of each regime that may govern the claim, the one that counts.
    fn candidate(
        &self,
        bounds: &Bounds<'a>,
        starts: &ClockStarts,
        today: NaiveDate,
        mut missing: impl FnMut(&Rule, NoDeadline),
    ) -> Option<Candidate<'a>> {
        let regimes = bounds.regimes.iter();
        regimes
            .filter_map(|rules| self.strongest(rules, starts, today, &mut missing))
            .reduce(|held, other| held.or(other, today))
    }

    /// The one that counts of the strongest rules that give a date.
    fn strongest(
        &self,
        rules: &[&'a Rule],
        starts: &ClockStarts,
        today: NaiveDate,
        missing: &mut impl FnMut(&Rule, NoDeadline),
    ) -> Option<Candidate<'a>> {
        let mut contract_missing = false;
        for tier in rules.chunk_by(|a, b| strength(a) == strength(b)) {
            let mut found: Option<Candidate<'a>> = None;
            for rule in tier {
                match self.date(rule, starts) {
                    Ok(dated) => {
                        let other = Candidate { rule, dated, contract_missing: false };
                        found = Some(found.map_or(other, |held| held.or(other, today)));
                    }
                    Err(why) => {
                        contract_missing |= matches!(why, NoDeadline::NeedsContract { .. });
                        missing(rule, why);
                    }
                }
            }
            if let Some(candidate) = found {
                return Some(Candidate { contract_missing, ..candidate });
            }
        }
        None
    }
}

/// How much a rule's word weighs within its regime.
fn strength(rule: &Rule) -> (Basis, bool) {
    (rule.basis, rule.payer.is_some())
}

fn order(deadline: &Deadline) -> (NaiveDate, Path, &str) {
    (deadline.last_day, deadline.path, &deadline.rule)
}

fn mark(deadline: &mut Deadline, rule: &Rule, situation: &Situation<'_>) {
    if situation.lob.is_none() {
        deadline.assume(Assumption::LineOfBusinessUnknown);
    } else if rule.payer_type.fit(situation.lob) == Fit::Possible {
        deadline.assume(Assumption::RegimeUnsettled);
    }
    if rule.network.is_some() && situation.network.is_none() {
        deadline.assume(Assumption::NetworkUnknown);
    }
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
