//! One signature under both revisions.

use chrono::NaiveDate;
use domain::deadline::{Bounds, ClockStarts, Coverage, Path, RuleBook, Window};
use domain::dictionary::{Decision, Facts};
use sha2::{Digest as _, Sha256};

use super::run::Denial;
use super::side::{Revision, Side};
use super::signature::Signature;
use super::summary::{Both, Field};

/// The decisions a denial gets under both revisions.
#[derive(Debug)]
pub(super) struct Pair<'c> {
    pub(super) sides: Both<Side<'c>>,
    /// What differs between them but deadlines: before, and after.
    pub(super) changes: Vec<(Field, &'c str, &'c str)>,
    /// The rules that bound its deadlines; `None` when both revisions give the same ones.
    pub(super) bounds: Option<Both<Vec<Bounds<'c>>>>,
    /// The signature and both decisions in a canonical form.
    pub(super) decided: Vec<u8>,
}

/// The days of a denial.
#[derive(Clone, Copy, Debug)]
pub(super) struct Days<'d> {
    pub(super) decided_on: NaiveDate,
    pub(super) today: NaiveDate,
    pub(super) starts: &'d ClockStarts,
}

/// The deadlines of a denial whose bounds differ.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Deadlines<'c> {
    /// What ranks it on the day it was decided.
    pub(super) ranking: Both<Option<Window<'c>>>,
    /// Whether a path is open today under the active revision and has passed under the draft.
    pub(super) missed: bool,
}

impl<'c> Pair<'c> {
    pub(super) fn of(
        revisions: &Both<Revision<'c>>,
        signature: &Signature,
        decisions: Both<Decision<'c>>,
    ) -> Self {
        let sides = Both {
            active: Side::of(&revisions.active, decisions.active),
            draft: Side::of(&revisions.draft, decisions.draft),
        };
        let facts = signature.facts();
        let coverage = Coverage { lob: facts.lob, payer: facts.payer, network: facts.network };
        let values = sides.active.values().into_iter().zip(sides.draft.values());
        let changes = Field::ALL
            .into_iter()
            .zip(values)
            .filter(|(_, (from, to))| from != to)
            .map(|(field, (from, to))| (field, from, to))
            .collect();
        let encoded = signature.encoded();
        let mut decided = Vec::with_capacity(encoded.len() + 384);
        decided.extend_from_slice(&(encoded.len() as u64).to_be_bytes());
        decided.extend_from_slice(encoded);
        sides.active.put(&mut decided);
        sides.draft.put(&mut decided);
        let bounds = differing_bounds(revisions, &sides, coverage);
        Self { sides, changes, bounds, decided }
    }

    pub(super) fn deadlines(
        &self,
        revisions: &Both<Revision<'c>>,
        days: Days<'_>,
    ) -> Option<Deadlines<'c>> {
        let bounds = self.bounds.as_ref()?;
        let active = Windows { rules: &revisions.active.rules, bounds: &bounds.active };
        let draft = Windows { rules: &revisions.draft.rules, bounds: &bounds.draft };
        Some(Deadlines {
            ranking: Both { active: active.ranking(days), draft: draft.ranking(days) },
            missed: active.is_missed_in(&draft, days),
        })
    }
}

/// The bounds under both revisions; `None` when the same rules give the same days under both.
fn differing_bounds<'c>(
    revisions: &Both<Revision<'c>>,
    sides: &Both<Side<'c>>,
    coverage: Coverage<'_>,
) -> Option<Both<Vec<Bounds<'c>>>> {
    let touched =
        |revision: &Revision<'c>, side: &Side<'c>| revision.touches(&side.wanted, coverage);
    let same = sides.active.wanted == sides.draft.wanted
        && !touched(&revisions.active, &sides.active)
        && !touched(&revisions.draft, &sides.draft);
    let bounds = |revision: &Revision<'c>, side: &Side<'c>| {
        side.wanted.iter().map(|wanted| revision.rules.bounds(wanted, coverage)).collect()
    };
    (!same).then(|| Both {
        active: bounds(&revisions.active, &sides.active),
        draft: bounds(&revisions.draft, &sides.draft),
    })
}

/// The windows of a denial under one revision.
struct Windows<'a, 'c> {
    rules: &'a RuleBook<'c>,
    bounds: &'a [Bounds<'c>],
}

impl<'c> Windows<'_, 'c> {
    /// The earliest that was open on the day it was decided, or the last to close where none was.
    fn ranking(&self, days: Days<'_>) -> Option<Window<'c>> {
        let on = days.decided_on;
        let windows =
            || self.bounds.iter().filter_map(|one| self.rules.window(one, days.starts, on));
        windows().filter(|window| window.is_open(on)).min().or_else(|| windows().max())
    }

    fn is_missed_in(&self, draft: &Self, days: Days<'_>) -> bool {
        self.bounds.iter().map(Bounds::path).any(|path| {
            self.is_open(path, days) == Some(true) && draft.is_open(path, days) == Some(false)
        })
    }

    /// Whether a path is open today; `None` when it has no date.
    fn is_open(&self, path: Path, days: Days<'_>) -> Option<bool> {
        let bounds = self.bounds.iter().find(|bounds| bounds.path() == path)?;
        let window = self.rules.window(bounds, days.starts, days.today)?;
        Some(window.is_open(days.today))
    }
}

/// A residual signature while its denials come in.
#[derive(Debug)]
pub(super) struct Case<'c> {
    pub(super) signature: Signature,
    /// What a revision decides whatever the amount and date of service.
    fixed: Both<Option<Decision<'c>>>,
    /// Every pair of decisions met so far, of which there are few, and the hash of what it says.
    pairs: Vec<(Pair<'c>, [u8; 32])>,
}

impl<'c> Case<'c> {
    pub(super) fn open(revisions: &Both<Revision<'c>>, signature: Signature) -> Self {
        let facts = signature.facts();
        let fixed = Both {
            active: revisions.active.coarse.decide(&facts),
            draft: revisions.draft.coarse.decide(&facts),
        };
        Self { fixed, pairs: Vec::new(), signature }
    }

    /// What a denial of the signature gets.
    pub(super) fn pair(
        &mut self,
        revisions: &Both<Revision<'c>>,
        denial: &Denial<'_>,
    ) -> &(Pair<'c>, [u8; 32]) {
        let facts = Facts {
            amount: Some(denial.amount),
            service_on: denial.service_on,
            ..self.signature.facts()
        };
        let decisions = Both {
            active: self.fixed.active.unwrap_or_else(|| revisions.active.decide(&facts)),
            draft: self.fixed.draft.unwrap_or_else(|| revisions.draft.decide(&facts)),
        };
        // The entry settles the rest of a decision: a signature's remarks and place are given.
        let met = self.pairs.iter().position(|(pair, _)| {
            same_outcome(&pair.sides.active.decision, &decisions.active)
                && same_outcome(&pair.sides.draft.decision, &decisions.draft)
        });
        let at = met.unwrap_or_else(|| {
            let pair = Pair::of(revisions, &self.signature, decisions);
            let hash = Sha256::digest(&pair.decided).into();
            self.pairs.push((pair, hash));
            self.pairs.len() - 1
        });
        &self.pairs[at]
    }
}

fn same_outcome(a: &Decision<'_>, b: &Decision<'_>) -> bool {
    match (a.outcome, b.outcome) {
        (Ok(a), Ok(b)) => std::ptr::eq(a, b),
        (Err(a), Err(b)) => a == b,
        (Ok(_), Err(_)) | (Err(_), Ok(_)) => false,
    }
}
