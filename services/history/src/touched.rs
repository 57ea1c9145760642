//! Open work whose denials a draft would change.

use std::collections::BTreeMap;

use domain::deadline::{Coverage, RuleBook, Wanted, Window};
use domain::dictionary::vocabulary::RecordClass;
use domain::dictionary::{Coarse, Compiled, Decision, Facts};
use domain::money::Cents;
use domain_governance::replay::{Both, Signature};
use uuid::Uuid;

use crate::fold::Days;
use crate::store::entity::denial;

/// Verdicts on signatures that are remembered at most.
const KNOWN_MAX: usize = 50_000;

/// Compares the decisions of single denials, in the respects in which a replay counts changes.
pub(crate) struct Touch<'c> {
    rules: Both<Rules<'c>>,
    /// Whether the same deadline rules stand in both revisions.
    same_deadlines: bool,
    /// Whether every denial of a signature changes; `None` where each must be looked at.
    known: BTreeMap<Uuid, Option<bool>>,
}

struct Rules<'c> {
    coarse: Coarse<'c>,
    book: RuleBook<'c>,
}

impl<'c> Touch<'c> {
    pub(crate) fn new(active: &'c Compiled, draft: &'c Compiled) -> Self {
        let rules = |compiled: &'c Compiled| Rules {
            coarse: Coarse::of(compiled),
            book: RuleBook::new(&compiled.bundle().deadline_rules),
        };
        let same = active.bundle().deadline_rules == draft.bundle().deadline_rules;
        Self {
            rules: Both { active: rules(active), draft: rules(draft) },
            same_deadlines: same,
            known: BTreeMap::new(),
        }
    }

    /// Whether a denial's class, owner, team, next action or deadline changes.
    pub(crate) fn changes(&mut self, signature: &Signature, denial: &denial::Model) -> bool {
        if self.known.len() == KNOWN_MAX {
            self.known.clear();
        }
        let verdict = match self.known.get(&denial.signature) {
            Some(known) => *known,
            None => {
                let verdict = self.verdict(signature);
                self.known.insert(denial.signature, verdict);
                verdict
            }
        };
        verdict.unwrap_or_else(|| self.changes_itself(signature, denial))
    }

    fn verdict(&self, signature: &Signature) -> Option<bool> {
        let facts = signature.facts();
        let active = self.rules.active.coarse.decide(&facts)?;
        let draft = self.rules.draft.coarse.decide(&facts)?;
        if values(&active) != values(&draft) {
            return Some(true);
        }
        self.has_same_windows(&active, &draft).then_some(false)
    }

    fn changes_itself(&self, signature: &Signature, denial: &denial::Model) -> bool {
        let facts = Facts {
            amount: Some(Cents::new(denial.denied_cents)),
            service_on: denial.service_on,
            ..signature.facts()
        };
        let Both { active, draft } = &self.rules;
        let decisions = [active.decide(&facts), draft.decide(&facts)];
        if values(&decisions[0]) != values(&decisions[1]) {
            return true;
        }
        let same = self.has_same_windows(&decisions[0], &decisions[1]);
        let days = Days::from(denial);
        !same
            && active.ranking(&decisions[0], &facts, days)
                != draft.ranking(&decisions[1], &facts, days)
    }

    fn has_same_windows(&self, active: &Decision<'c>, draft: &Decision<'c>) -> bool {
        self.same_deadlines && wanted(active) == wanted(draft)
    }
}

impl<'c> Rules<'c> {
    fn decide(&self, facts: &Facts<'_>) -> Decision<'c> {
        self.coarse.compiled().decide(facts)
    }

    /// The window that ranks it on the day of its remittance: the earliest that is open, or the
    /// last to close where none is.
    fn ranking(
        &self,
        decision: &Decision<'c>,
        facts: &Facts<'_>,
        days: Days,
    ) -> Option<Window<'c>> {
        let (on, starts) = (days.remit_on, days.starts());
        let coverage = Coverage { lob: facts.lob, payer: facts.payer, network: facts.network };
        let window =
            |one: &Wanted<'c>| self.book.window(&self.book.bounds(one, coverage), &starts, on);
        let windows: Vec<Window<'c>> = wanted(decision).iter().filter_map(window).collect();
        let open = windows.iter().filter(|window| window.is_open(on)).min();
        open.or_else(|| windows.iter().max()).copied()
    }
}

fn values<'c>(decision: &Decision<'c>) -> (Option<RecordClass>, [&'c str; 3]) {
    let words =
        [decision.owner_function.as_str(), decision.team.slug, decision.next_action.as_str()];
    (decision.record_class(), words)
}

/// The paths whose windows count: those of a denial that are ours to take.
fn wanted<'c>(decision: &Decision<'c>) -> Vec<Wanted<'c>> {
    if decision.record_class() != Some(RecordClass::Denial) {
        return Vec::new();
    }
    let mut wanted = decision.wanted();
    wanted.retain(|wanted| wanted.path.is_ours());
    wanted
}
