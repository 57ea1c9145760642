//! How work ends: what each end needs, and how an end is taken back.
//!
//! [`check`] finds everything that is wrong with an end at once. Money always adds up in words:
//! what came back and what was given up never exceed what was at stake, and what is neither is
//! returned as [`Accepted::left`], so that no remainder disappears unseen.
//!
//! Invariants: money given up always has a write-off code; above the limit another person agreed
//! to at least that amount; a claim that no payer adjudicated is never ended by an appeal.
//! Absent on purpose: whether the checklist is complete (see [`crate::checklist`]), who holds the
//! item (see [`crate::hold`]), and the posting of money, which happens in the billing system.

mod denials;
mod needs;
#[cfg(test)]
mod tests;
mod undo;

use chrono::{DateTime, Utc};
use domain::codes::Group;
use domain::money::Cents;
use serde::{Deserialize, Serialize};

pub use denials::{Settled, settles};
pub use undo::{CannotUndo, Standing, UNDO_WINDOW, undo};

use crate::{UserId, Violation, WorkKind};
use domain::words;

/// The most characters a claim number may have: REF02 of X12 005010X221A1.
pub const CLAIM_NUMBER_MAX: usize = 50;

/// The most characters a write-off code may have; billing systems use 3 to 10.
pub const WRITE_OFF_CODE_MAX: usize = 32;

words! {
    /// How an item ends.
    ResolutionKind {
        /// A corrected claim was sent (frequency 7).
        Correction = "CORRECTION",
        /// An appeal was decided.
        Appeal = "APPEAL",
        /// A new claim was sent.
        Resubmission = "RESUBMISSION",
        /// It was written off.
        Adjustment = "ADJUSTMENT",
        /// It was escalated out of the queue.
        Escalation = "ESCALATION",
        /// The patient was billed.
        PatientBill = "PATIENT_BILL",
        /// Another payer was billed.
        OtherPayer = "OTHER_PAYER",
        /// Closed without further work.
        Closed = "CLOSED",
    }
}

/// An end that somebody states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stated<'a> {
    /// How.
    pub kind: ResolutionKind,
    /// What came back; zero when nothing did.
    pub recovered: Cents,
    /// What was given up; zero when nothing was.
    pub written_off: Cents,
    /// The number of the corrected or new claim; empty when none.
    pub corrected_claim_number: &'a str,
    /// The transaction code of the write-off; empty when none.
    pub write_off_code: &'a str,
    /// Why; may be empty where the kind needs no reason.
    pub reason: &'a str,
    /// Who states it.
    pub by: UserId,
}

/// What is known of the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// What sort of work it is.
    pub work: WorkKind,
    /// What was refused.
    pub at_stake: Cents,
    /// The group codes of its denials; empty when no adjustment is behind it.
    pub groups: &'a [Group],
    /// Whether an appeal is possible or was made.
    pub appeal: Appealing,
    /// The most that may be given up without another person's agreement.
    pub write_off_limit: Cents,
    /// The agreement of another person, if there is one.
    pub approval: Option<&'a Approval>,
}

/// Whether an appeal is possible or was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appealing {
    /// An appeal is on record.
    OnRecord,
    /// None is on record, and a path of appeal is open.
    Open,
    /// None is on record, and no path is open.
    Closed,
}

/// That somebody agrees to give money up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Who.
    pub by: UserId,
    /// Up to which amount.
    pub up_to: Cents,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// An end that may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What is neither back nor given up: still the payer's, the patient's or nobody's.
    pub left: Cents,
    /// Who agreed to the write-off; `None` when nobody had to.
    pub approved_by: Option<UserId>,
}

/// Why an end may not stand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Fields do not say what they must; every one is named.
    #[error("{}", listed(.0))]
    Invalid(Vec<Violation>),
    /// Nobody agreed to give so much up.
    #[error(
        "{amount} is more than the {limit} that may be written off without approval: ask another \
         person to approve it"
    )]
    ApprovalNeeded {
        /// What should be given up.
        amount: Cents,
        /// The most without approval.
        limit: Cents,
    },
    /// Somebody agreed to less.
    #[error("{amount} was to be written off, and only {up_to} is approved")]
    ApprovalTooLow {
        /// What should be given up.
        amount: Cents,
        /// What was agreed to.
        up_to: Cents,
    },
    /// The one who agreed is the one who asks.
    #[error("{amount} needs the approval of another person than the one who writes it off")]
    OwnApproval {
        /// What should be given up.
        amount: Cents,
    },
}

impl Refusal {
    /// The reason code; it stays what it is.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "INVALID",
            Self::ApprovalNeeded { .. }
            | Self::ApprovalTooLow { .. }
            | Self::OwnApproval { .. } => "APPROVAL_NEEDED",
        }
    }
}

/// Judges an end.
///
/// # Errors
/// Every field at fault; when none is, the approval that is missing.
pub fn check(stated: &Stated<'_>, known: &Known<'_>) -> Result<Accepted, Refusal> {
    let violations = needs::violations(stated, known);
    if !violations.is_empty() {
        return Err(Refusal::Invalid(violations));
    }
    Ok(Accepted { left: needs::left(stated, known), approved_by: approved(stated, known)? })
}

/// Who agreed to the write-off, where somebody must.
fn approved(stated: &Stated<'_>, known: &Known<'_>) -> Result<Option<UserId>, Refusal> {
    let (amount, limit) = (stated.written_off, known.write_off_limit);
    if amount <= limit {
        return Ok(None);
    }
    match known.approval {
        None => Err(Refusal::ApprovalNeeded { amount, limit }),
        Some(approval) if approval.by == stated.by => Err(Refusal::OwnApproval { amount }),
        Some(approval) if approval.up_to < amount => {
            Err(Refusal::ApprovalTooLow { amount, up_to: approval.up_to })
        }
        Some(approval) => Ok(Some(approval.by)),
    }
}

fn listed(violations: &[Violation]) -> String {
    let words = |violation: &Violation| format!("{} {}", violation.field, violation.words);
    violations.iter().map(words).collect::<Vec<_>>().join("; ")
}
