//! The replay itself.

use chrono::{Datelike, NaiveDate};
use domain::deadline::ClockStarts;
use domain::dictionary::{Compiled, ContentHash};
use domain::money::Cents;
use uuid::Uuid;

use super::case::{Case, Days, Deadlines, Pair};
use super::count::Counts;
use super::month::History;
use super::side::Revision;
use super::signature::{Signature, put};
use super::summary::{Both, Example, Summary};
use super::tally::Tally;

/// What becomes of a signature that was handed in.
#[must_use = "the denials of a residual signature must be handed in one by one"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is counted; its denials need not be looked at.
    Counted,
    /// Its denials must be handed to [`Replay::add_denial`], every one of the span.
    Residual,
}

/// One denial of a residual signature.
#[derive(Clone, Copy, Debug)]
pub struct Denial<'a> {
    /// Its id in the ledger.
    pub id: Uuid,
    /// What was refused.
    pub amount: Cents,
    /// The date of service that entries are asked for.
    pub service_on: Option<NaiveDate>,
    /// The day from which its windows are looked at: the remittance's.
    pub decided_on: NaiveDate,
    /// The clocks that started.
    pub starts: &'a ClockStarts,
}

/// Why a replay has no result: fold and ledger do not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "residual signatures count {} denials over {} cents, handed in were {} over {}",
    .expected.denials, .expected.cents, .given.denials, .given.cents
)]
pub struct Unbalanced {
    /// What the residual signatures counted.
    pub expected: Tally,
    /// The denials that were handed in.
    pub given: Tally,
}

/// A draft against the active revision, over history that is handed in piece by piece.
#[derive(Debug)]
pub struct Replay<'c> {
    revisions: Both<Revision<'c>>,
    compared: [ContentHash; 2],
    today: NaiveDate,
    counts: Counts<'c>,
    expected: Tally,
    given: Tally,
    /// The residual signature of the last denial: denials best come signature by signature.
    case: Option<Case<'c>>,
}

impl<'c> Replay<'c> {
    /// Prepares to decide under both revisions; `today` tells which deadlines have passed.
    pub fn new(active: &'c Compiled, draft: &'c Compiled, today: NaiveDate) -> Self {
        Self {
            revisions: Revision::pair(Both { active, draft }),
            compared: [active.revision(), draft.revision()],
            today,
            counts: Counts::default(),
            expected: Tally::ZERO,
            given: Tally::ZERO,
            case: None,
        }
    }

    /// Hands in a signature with all its denials of the span; each signature once.
    pub fn add(&mut self, signature: &Signature, tally: Tally) -> Answer {
        if tally.denials == 0 {
            return Answer::Counted;
        }
        let Some(mut pair) = self.settled(signature) else {
            self.expected += tally;
            return Answer::Residual;
        };
        pair.decided.extend_from_slice(&tally.denials.to_be_bytes());
        pair.decided.extend_from_slice(&tally.cents.to_be_bytes());
        self.counts.add_decided(&pair.decided);
        self.counts.add(&pair, None, tally, || Example::Signature(signature.key()));
        Answer::Counted
    }

    /// What every denial of the signature gets; `None` when that is up to each denial.
    fn settled(&self, signature: &Signature) -> Option<Pair<'c>> {
        let facts = signature.facts();
        let decisions = Both {
            active: self.revisions.active.coarse.decide(&facts)?,
            draft: self.revisions.draft.coarse.decide(&facts)?,
        };
        let pair = Pair::of(&self.revisions, signature, decisions);
        pair.bounds.is_none().then_some(pair)
    }

    /// Hands in one denial of a residual signature, in any order; signature by signature is
    /// fastest.
    pub fn add_denial(&mut self, signature: &Signature, denial: &Denial<'_>) {
        let mut case = self.case_of(signature);
        let tally = Tally::one(denial.amount);
        self.given += tally;
        let (pair, hash) = case.pair(&self.revisions, denial);
        let deadlines = pair.deadlines(&self.revisions, self.days(denial));
        self.counts.add(pair, deadlines.as_ref(), tally, || Example::Denial(denial.id));
        self.counts.add_decided(&decided(hash, denial, deadlines.as_ref()));
        self.case = Some(case);
    }

    /// Whether a denial changes in any respect, without counting it: for what is asked beside
    /// history.
    pub fn changes(&mut self, signature: &Signature, denial: &Denial<'_>) -> bool {
        let mut case = self.case_of(signature);
        let (pair, _) = case.pair(&self.revisions, denial);
        let changes = !pair.changes.is_empty()
            || pair
                .deadlines(&self.revisions, self.days(denial))
                .is_some_and(|deadlines| deadlines.ranking.active != deadlines.ranking.draft);
        self.case = Some(case);
        changes
    }

    fn case_of(&mut self, signature: &Signature) -> Case<'c> {
        match self.case.take() {
            Some(case) if case.signature == *signature => case,
            _ => Case::open(&self.revisions, signature.clone()),
        }
    }

    fn days<'d>(&self, denial: &Denial<'d>) -> Days<'d> {
        Days { decided_on: denial.decided_on, today: self.today, starts: denial.starts }
    }

    /// Sums up.
    ///
    /// # Errors
    /// When the denials handed in are not those that residual signatures counted.
    pub fn finish(self, history: History) -> Result<Summary, Unbalanced> {
        if self.expected == self.given {
            Ok(self.counts.summary(history, self.compared))
        } else {
            Err(Unbalanced { expected: self.expected, given: self.given })
        }
    }
}

/// One denial and what it got, in a canonical form; the hash is of its signature and decisions.
fn decided(hash: &[u8], denial: &Denial<'_>, deadlines: Option<&Deadlines<'_>>) -> Vec<u8> {
    let day = |day: Option<NaiveDate>| day.map_or(0, |day| day.num_days_from_ce()).to_be_bytes();
    let mut out = Vec::with_capacity(160);
    out.extend_from_slice(hash);
    out.extend_from_slice(denial.id.as_bytes());
    out.extend_from_slice(&denial.amount.as_i64().to_be_bytes());
    out.extend_from_slice(&day(denial.service_on));
    out.extend_from_slice(&day(Some(denial.decided_on)));
    for window in deadlines.iter().flat_map(|deadlines| deadlines.ranking.as_array()) {
        out.extend_from_slice(&day(window.map(|window| window.last_day)));
        put(&mut out, window.map(|window| window.rule));
    }
    out
}
