//! What one revision says of one denial, as far as a replay compares it.

use std::collections::BTreeSet;

use domain::deadline::{Coverage, FiledWhen, Rule, RuleBook, Wanted};
use domain::dictionary::vocabulary::{ExceptionKind, Likelihood, RecordClass};
use domain::dictionary::{Coarse, Compiled, Decision, Facts};

use super::signature::put;
use super::summary::{Both, UNMAPPED};

/// Minutes an exception is expected to take: someone reads the claim and decides.
pub const EXCEPTION_MINUTES: u32 = 15;

/// One of the two revisions, prepared.
#[derive(Debug)]
pub(super) struct Revision<'c> {
    pub(super) coarse: Coarse<'c>,
    pub(super) rules: RuleBook<'c>,
    /// The deadline rules that give other days in the other revision, or are not in it.
    changed: Vec<&'c Rule>,
}

impl<'c> Revision<'c> {
    pub(super) fn pair(compiled: Both<&'c Compiled>) -> Both<Self> {
        let changed = changed_rules(&compiled);
        compiled.map(|compiled| {
            let rules = &compiled.bundle().deadline_rules;
            Self {
                coarse: Coarse::of(compiled),
                rules: RuleBook::new(rules),
                changed: rules.iter().filter(|rule| changed.contains(rule.slug.as_str())).collect(),
            }
        })
    }

    pub(super) fn decide(&self, facts: &Facts<'_>) -> Decision<'c> {
        self.coarse.compiled().decide(facts)
    }

    /// Whether a changed rule may bound one of these paths.
    pub(super) fn touches(&self, wanted: &[Wanted<'_>], coverage: Coverage<'_>) -> bool {
        let admitted = |rule: &&Rule| wanted.iter().any(|wanted| wanted.admits(rule, coverage));
        self.changed.iter().any(admitted)
    }
}

/// The slugs of the rules that differ in what they make of a claim's days.
fn changed_rules<'c>(compiled: &Both<&'c Compiled>) -> BTreeSet<&'c str> {
    let [active, draft] = compiled.as_array().map(|one| &one.bundle().deadline_rules);
    let other = RuleBook::new(draft);
    let kept: BTreeSet<&str> = active
        .iter()
        .filter(|rule| other.get(&rule.slug).is_some_and(|same| days_of(rule) == days_of(same)))
        .map(|rule| rule.slug.as_str())
        .collect();
    let changes = |rule: &&Rule| {
        // A shared window ends elsewhere when the other rule does.
        let window = rule.shares_window_of.as_deref();
        !kept.contains(rule.slug.as_str()) || window.is_some_and(|of| !kept.contains(of))
    };
    active.iter().chain(draft).filter(changes).map(|rule| rule.slug.as_str()).collect()
}

/// A rule without what never moves a last day; a field this does not name does.
fn days_of(rule: &Rule) -> Rule {
    Rule {
        payer_words: String::new(),
        level: String::new(),
        counted_from_words: String::new(),
        decision_words: String::new(),
        decision_days: None,
        threshold: String::new(),
        notes: String::new(),
        guess: false,
        source: String::new(),
        filed_when: FiledWhen::Received,
        ..rule.clone()
    }
}

/// Who spends how many minutes on a denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Work<'c> {
    pub(super) team: &'c str,
    pub(super) minutes: u32,
}

/// A decision, and what comes of it.
#[derive(Debug)]
pub(super) struct Side<'c> {
    pub(super) decision: Decision<'c>,
    /// `None` when nobody works it.
    pub(super) work: Option<Work<'c>>,
    /// The paths whose windows count: those of a denial, which an exception has not.
    pub(super) wanted: Vec<Wanted<'c>>,
}

impl<'c> Side<'c> {
    pub(super) fn of(revision: &Revision<'c>, decision: Decision<'c>) -> Self {
        let class = decision.record_class();
        let exception = |team| Some(Work { team, minutes: EXCEPTION_MINUTES });
        let work = match (decision.entry(), class) {
            (Some(entry), Some(RecordClass::Denial)) => {
                let minutes = entry.meaning.effort_minutes;
                Some(Work { team: decision.team.slug, minutes })
            }
            (Some(_), Some(RecordClass::Context)) if decision.appealable != Likelihood::No => {
                let policy = revision.coarse.compiled().policy(ExceptionKind::ContractReview);
                exception(policy.team.as_str())
            }
            (Some(_), _) => None,
            (None, _) => exception(decision.team.slug),
        };
        let mut wanted = Vec::new();
        if class == Some(RecordClass::Denial) {
            wanted = decision.wanted();
            wanted.retain(|wanted| wanted.path.is_ours());
        }
        Self { decision, work, wanted }
    }

    pub(super) fn is_denial(&self) -> bool {
        self.decision.record_class() == Some(RecordClass::Denial)
    }

    /// Class, owner function, team and next action, in the order of [`Field::ALL`].
    ///
    /// [`Field::ALL`]: super::summary::Field::ALL
    pub(super) fn values(&self) -> [&'c str; 4] {
        let decision = &self.decision;
        [
            decision.record_class().map_or(UNMAPPED, RecordClass::as_str),
            decision.owner_function.as_str(),
            decision.team.slug,
            decision.next_action.as_str(),
        ]
    }

    /// Writes the decision in its canonical form.
    pub(super) fn put(&self, out: &mut Vec<u8>) {
        let decision = &self.decision;
        put(out, decision.entry().map(|entry| entry.slug.as_str()));
        put(out, decision.outcome.err().map(|unmapped| unmapped.as_str()));
        for value in self.values() {
            put(out, Some(value));
        }
        put(out, decision.team.rule);
        put(out, Some(decision.appealable.as_str()));
        put(out, decision.overridden_by.map(|rule| rule.slug.as_str()));
        for effect in decision.effects.iter() {
            put(out, Some(effect.as_str()));
        }
        put(out, None);
        for path in decision.paths() {
            put(out, Some(path.as_str()));
        }
        put(out, None);
    }
}
