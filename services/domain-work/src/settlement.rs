//! What a later remittance of a claim makes of its earlier denials.
//!
//! The caller has found that the later occurrence is of the same claim (payer and CLP01, else CLP07
//! or REF F8, else member, day of service and charge) and says whether that is sure. Lines match by
//! their control number (REF 6R), else by procedure, modifiers, day of service and charge. On each
//! line, with *more* the amount paid beyond what was paid before:
//!
//! ```text
//! on the later line                                      the earlier denial is
//! its code is gone, no other took its place, more > 0    overturned, or corrected when a corrected
//!                                                        claim was sent
//! refused again for less than before, more > 0           partially overturned, the rest a repeat
//! refused again, or under another code                   repeated
//! neither refused nor paid                               closed: contract or patient took it
//! the line is not there                                  untouched: a split claim says nothing of
//!                                                        other lines
//! ```
//!
//! A reversal (CLP02 = 22) takes the adjudication back that it names: its denials are netted, never
//! deleted, and denials that it had settled are open again. The corrected adjudication that follows
//! settles what was netted as it does what is open: payers overturn denials that way.
//!
//! Invariants: what comes back on a line is never more than was paid beyond before, nor more for a
//! denial than was refused; a match that is not sure settles nothing; every later denial of a sure
//! match has its lineage. Absent on purpose: provider-level take-backs (PLB WO, FB), which move
//! money and decide nothing ([`crate::take_back`]).

mod case;
mod line;
mod lines;
#[cfg(test)]
mod tests;

use domain::codes::{Carc, Group};
use domain::money::Cents;
use uuid::Uuid;

pub use case::{AdjudicatedLine, Doubt, Folded, Occurrence, Refused, Said, Standing, fold};
pub use line::LineKey;

use domain::words;

/// From this denial of one claim and line on, the process in which the root cause lives is told:
/// whoever resubmitted it twice will not help by doing so again.
pub const PROCESS_OWNER_FROM: u32 = 3;

words! {
    /// Where an earlier denial stands.
    EarlierState {
        /// Not settled.
        Open = "OPEN",
        /// Settled by a later adjudication.
        Settled = "SETTLED",
        /// Taken back by the payer with its adjudication; the corrected one has not come.
        Netted = "NETTED",
    }
}

words! {
    /// What becomes of an earlier denial.
    Outcome {
        /// Paid after all.
        Overturned = "OVERTURNED",
        /// Paid after all, on a corrected claim.
        Corrected = "CORRECTED",
        /// Paid in part, refused again in part.
        PartiallyOverturned = "PARTIALLY_OVERTURNED",
        /// Refused again.
        Repeated = "REPEATED",
        /// Taken back by the payer with its adjudication.
        Netted = "NETTED",
        /// Open again: what settled it was taken back.
        Reopened = "REOPENED",
        /// Settled without payment.
        Closed = "CLOSED",
        /// A person must look.
        Unsure = "UNSURE",
        /// The later remittance says nothing of it.
        Untouched = "UNTOUCHED",
    }
}

/// An earlier denial of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earlier<'a> {
    /// Which.
    pub id: Uuid,
    /// The claim occurrence it is of.
    pub occurrence: Uuid,
    /// Its line; `None` for the claim as a whole.
    pub line: Option<LineKey<'a>>,
    /// Group code.
    pub group: Group,
    /// Reason code.
    pub carc: Carc,
    /// What was refused.
    pub denied: Cents,
    /// What the line, or the claim, was paid by the adjudication that refused it, or by a later one
    /// that was not taken back.
    pub paid: Cents,
    /// Where it stands.
    pub state: EarlierState,
    /// The occurrence that settled it; `None` unless one did.
    pub settled_by: Option<Uuid>,
    /// The how manieth denial of its claim and line it is; 1 for the first.
    pub times: u32,
}

/// A later occurrence of the same claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Later<'a> {
    /// The claim was adjudicated.
    Adjudicated {
        /// The claim as a whole, then its lines, in any order.
        lines: Vec<LaterLine<'a>>,
        /// What was sent before it.
        sent: Sent,
    },
    /// An adjudication was taken back.
    Reversed {
        /// The occurrence that is taken back; `None` when it was not found.
        occurrence: Option<Uuid>,
    },
}

/// What was sent to the payer before it answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// A corrected claim (CLM05-3 and CLP09 = 7).
    CorrectedClaim,
    /// An appeal, documents, a call, or nothing that is known of.
    Other,
}

/// One line of a later occurrence, or the claim as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaterLine<'a> {
    /// The line; `None` for the claim as a whole.
    pub line: Option<LineKey<'a>>,
    /// What it was paid.
    pub paid: Cents,
    /// What was refused.
    pub denials: Vec<LaterDenial>,
}

/// A denial of a later occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaterDenial {
    /// Group code.
    pub group: Group,
    /// Reason code.
    pub carc: Carc,
    /// What was refused.
    pub denied: Cents,
}

/// How sure it is that the later occurrence is of the same claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match<'a> {
    /// By payer and claim number.
    Sure,
    /// Not sure, and why: "the control number changed".
    Unsure(&'a str),
}

/// What becomes of one earlier denial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    /// The earlier denial.
    pub id: Uuid,
    /// What becomes of it.
    pub outcome: Outcome,
    /// What came back.
    pub recovered: Cents,
    /// It in a sentence.
    pub words: String,
}

/// Who should see a denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoesTo {
    /// Its owner, as any denial.
    Owner,
    /// The process in which the root cause lives, too.
    ProcessOwner,
}

/// Where a later denial comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lineage {
    /// Place of its line in the later occurrence.
    pub line: usize,
    /// Its place on that line.
    pub denial: usize,
    /// The earlier denial it repeats; `None` for an initial one.
    pub repeat_of: Option<Uuid>,
    /// The how manieth of its claim and line it is; 1 for an initial one.
    pub times: u32,
    /// Who should see it.
    pub goes_to: GoesTo,
}

/// What a later occurrence makes of earlier denials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// One of every earlier denial, in their order.
    pub fates: Vec<Fate>,
    /// One of every later denial, by line and place.
    pub lineages: Vec<Lineage>,
}

/// Settles earlier denials of one claim by a later occurrence of it.
pub fn settle(earlier: &[Earlier<'_>], later: &Later<'_>, sure: Match<'_>) -> Settlement {
    match (later, sure) {
        (_, Match::Unsure(why)) => Settlement {
            fates: earlier.iter().map(|denial| unsure(denial, why)).collect(),
            lineages: Vec::new(),
        },
        (Later::Reversed { occurrence }, Match::Sure) => Settlement {
            fates: earlier.iter().map(|denial| reversed(denial, *occurrence)).collect(),
            lineages: Vec::new(),
        },
        (Later::Adjudicated { lines, sent }, Match::Sure) => lines::settle(earlier, lines, *sent),
    }
}

fn fate(denial: &Earlier<'_>, outcome: Outcome, recovered: Cents, words: String) -> Fate {
    Fate { id: denial.id, outcome, recovered, words }
}

fn untouched(denial: &Earlier<'_>, words: &str) -> Fate {
    fate(denial, Outcome::Untouched, Cents::ZERO, words.to_owned())
}

fn unsure(denial: &Earlier<'_>, why: &str) -> Fate {
    if denial.state != EarlierState::Settled {
        let words = format!("the later remittance may be of this claim: {why}");
        fate(denial, Outcome::Unsure, Cents::ZERO, words)
    } else {
        untouched(denial, "it is settled already")
    }
}

fn reversed(denial: &Earlier<'_>, taken_back: Option<Uuid>) -> Fate {
    if denial.state == EarlierState::Netted {
        return untouched(denial, "it was taken back before");
    }
    let Some(taken_back) = taken_back else {
        return unsure(denial, "it takes back an adjudication that was not found");
    };
    if denial.occurrence == taken_back {
        let words = format!(
            "the payer took back the adjudication that refused {}; a corrected one follows",
            denial.denied
        );
        fate(denial, Outcome::Netted, Cents::ZERO, words)
    } else if denial.state == EarlierState::Settled && denial.settled_by == Some(taken_back) {
        let words = "the payer took back the adjudication that had settled it".to_owned();
        fate(denial, Outcome::Reopened, Cents::ZERO, words)
    } else {
        untouched(denial, "another adjudication was taken back")
    }
}
