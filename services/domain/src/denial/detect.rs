//! From an adjudicated claim to its denials, stated non-denials and exceptions.

use super::classify;
use super::occurrence::{Level, Occurrence};
use crate::codes::{Carc, Group, Rarc};
use crate::dictionary::vocabulary::{ExceptionKind, RecordClass};
use crate::dictionary::{Compiled, Decision};
use crate::money::Cents;

/// One refusal of the payer: a level of a claim, a group and a CARC.
#[derive(Clone, Debug)]
pub struct Denial<'c> {
    /// The claim or one of its lines.
    pub level: Level,
    /// Group code.
    pub group: Group,
    /// Reason code.
    pub carc: Carc,
    /// The level's remarks, sorted: LQ of the line, MIA and MOA of the claim.
    pub rarcs: Vec<Rarc>,
    /// What the payer refused; always positive, never above what the adjustments state.
    pub denied: Cents,
    /// Whether the level was refused as a whole.
    pub extent: Extent,
    /// What the dictionary says of it.
    pub decision: Decision<'c>,
}

/// How much of a level or a claim was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// Nothing.
    None,
    /// A part.
    Partial,
    /// Nothing was paid, and the refusal takes all but contractual and patient shares.
    Full,
}

/// An adjustment that is no denial, and why.
#[derive(Clone, Debug)]
pub struct Stated<'c> {
    /// The claim or one of its lines.
    pub level: Level,
    /// Group code.
    pub group: Group,
    /// Reason code.
    pub carc: Carc,
    /// The amount; positive takes from the charge.
    pub amount: Cents,
    /// Why it is no denial.
    pub reason: StatedReason,
    /// What the dictionary says of it; `None` when it was not asked.
    pub decision: Option<Decision<'c>>,
}

/// Why an adjustment is no denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatedReason {
    /// The dictionary gives it this class.
    Class(RecordClass),
    /// The claim is a reversal (CLP02 22): it undoes an earlier adjudication.
    Reversal,
    /// The claim is a predetermination (CLP02 25): nothing was billed.
    Predetermination,
    /// Adjustments of one code cancel out or add to the payment.
    NothingTaken,
}

/// Something a person must look at.
#[derive(Clone, Debug)]
pub struct Exception<'c> {
    /// What kind of exception it is.
    pub kind: ExceptionKind,
    /// The claim or one of its lines.
    pub level: Level,
    /// Group and reason code, shown raw; `None` when no adjustment is behind it.
    pub code: Option<(Group, Carc)>,
    /// The level's remarks, sorted.
    pub rarcs: Vec<Rarc>,
    /// The money in question.
    pub amount: Cents,
    /// What the dictionary says of it; `None` when no adjustment is behind it.
    pub decision: Option<Decision<'c>>,
}

/// A claim in sums; each is the sum of what stands in [`Findings`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RollUp {
    /// Refused.
    pub denied: Cents,
    /// Taken by the contract.
    pub contractual: Cents,
    /// Owed by the patient.
    pub patient: Cents,
    /// Stated, taking nothing we could claim.
    pub informational: Cents,
    /// Not decided yet.
    pub pending: Cents,
    /// Left to a contract review, or to an exception that names an adjustment.
    pub exceptional: Cents,
    /// How much of the claim was refused.
    pub extent: Extent,
    /// Charge less payment and adjustments; zero when the claim balances.
    pub unexplained: Cents,
}

/// Everything found on one claim.
#[derive(Clone, Debug)]
pub struct Findings<'c> {
    /// The denials, by level, group and code.
    pub denials: Vec<Denial<'c>>,
    /// The adjustments that are no denial, by level, group and code.
    pub stated: Vec<Stated<'c>>,
    /// What a person must look at, by level and code.
    pub exceptions: Vec<Exception<'c>>,
    /// The claim in sums.
    pub roll_up: RollUp,
}

/// Finds what on a claim is a denial.
///
/// Depends on the claim's content alone: the order of adjustments and remarks does not matter.
pub fn detect<'c>(occurrence: &Occurrence<'_>, dictionary: &'c Compiled) -> Findings<'c> {
    let mut findings = Findings {
        denials: Vec::new(),
        stated: Vec::new(),
        exceptions: Vec::new(),
        roll_up: RollUp {
            denied: Cents::ZERO,
            contractual: Cents::ZERO,
            patient: Cents::ZERO,
            informational: Cents::ZERO,
            pending: Cents::ZERO,
            exceptional: Cents::ZERO,
            extent: Extent::None,
            unexplained: Cents::ZERO,
        },
    };
    classify::adjustments(occurrence, dictionary, &mut findings);
    classify::unexplained(occurrence, &mut findings);
    classify::roll_up(occurrence, &mut findings);
    findings
}
