//! What a payer says of a claim between claim and remittance, and what that does to work.
//!
//! A status never settles anything: only a remittance does. It opens work where somebody must act,
//! wakes what waited for it, and answers the check of a silent payer. Where a check is done and
//! brought no word of the payer, and another usual time has passed, asking again is not enough: the
//! account is followed up, with the money that waits ([`after_silence`]).
//!
//! The codes are X12's external code list 507, claim status categories, carried in STC01-1 of a
//! 277CA (005010X214) and a 277 (005010X212):
//!
//! ```text
//! A0 forwarded, A1 received (X12: "does not mean that the claim has been accepted")   PENDING
//! A2 accepted into adjudication, A5 accepted as split claims                          ACCEPTED
//! A3 returned as unprocessable, A4 not found, A6 information missing,
//! A7 invalid information, A8 relational field in error                                REJECTED
//! P0 P1 P2 P4 P5 in process, under review, waiting for the patient, on hold           PENDING
//! P3 waiting for what the provider was asked for, R0 to R17 requests        DOCUMENTS_WANTED
//! F1 paid                                                                       FINALIZED_PAID
//! F2 denied                                                                   FINALIZED_DENIED
//! F0 F3 F3F F3N F4 finalized, and the code does not say paid or denied               FINALIZED
//! D0 E0 to E4 no answer about the claim, and every other code                          UNKNOWN
//! ```

use chrono::{DateTime, TimeDelta, Utc};
use domain::dictionary::vocabulary::NextAction;
use domain::words;

use crate::hold::{State, WaitingFor};
use crate::{Violation, WorkKind};

/// Days a payer usually takes where the dictionary does not say it of the item's denials.
///
/// The 30 days in which Medicare Advantage plans and Medicaid agencies pay clean claims, 42 CFR
/// 422.520(a)(1) and 447.45(d)(2): who is silent longer has lost it or never had it.
pub const USUAL_DAYS: u32 = 30;

words! {
    /// Where a status comes from.
    Source {
        /// A 277CA acknowledgement.
        X277ca = "X277CA",
        /// A 277 response.
        X277 = "X277",
        /// The payer's portal.
        Portal = "PORTAL",
        /// A call.
        Call = "CALL",
    }
}

impl Source {
    /// Whether a file says it, so that its codes say all there is.
    pub const fn is_file(self) -> bool {
        matches!(self, Self::X277ca | Self::X277)
    }
}

words! {
    /// What a status means for the work.
    Outcome {
        /// Accepted into adjudication.
        Accepted = "ACCEPTED",
        /// Rejected in front of adjudication.
        Rejected = "REJECTED",
        /// Being worked by the payer.
        Pending = "PENDING",
        /// The payer wants documents.
        DocumentsWanted = "DOCUMENTS_WANTED",
        /// Paid.
        FinalizedPaid = "FINALIZED_PAID",
        /// Denied.
        FinalizedDenied = "FINALIZED_DENIED",
        /// Finalized; nobody said whether paid or denied.
        Finalized = "FINALIZED",
        /// Nobody here knows what it means.
        Unknown = "UNKNOWN",
    }
}

impl Outcome {
    /// What a category code (X12 source 507) says, in capitals.
    pub fn of_category(code: &str) -> Self {
        match code {
            "A2" | "A5" => Self::Accepted,
            "A3" | "A4" | "A6" | "A7" | "A8" => Self::Rejected,
            "A0" | "A1" | "P0" | "P1" | "P2" | "P4" | "P5" => Self::Pending,
            "F1" => Self::FinalizedPaid,
            "F2" => Self::FinalizedDenied,
            "F0" | "F3" | "F3F" | "F3N" | "F4" => Self::Finalized,
            "P3" => Self::DocumentsWanted,
            _ if is_request(code) => Self::DocumentsWanted,
            _ => Self::Unknown,
        }
    }

    /// Whether the payer is done with the claim.
    pub const fn is_finalized(self) -> bool {
        matches!(self, Self::FinalizedPaid | Self::FinalizedDenied | Self::Finalized)
    }

    /// What it says, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Accepted => "accepted into adjudication",
            Self::Rejected => "rejected before adjudication",
            Self::Pending => "pending",
            Self::DocumentsWanted => "documents are wanted",
            Self::FinalizedPaid => "finalized as paid; its remittance settles it",
            Self::FinalizedDenied => "finalized as denied; its remittance settles it",
            Self::Finalized => "finalized; its remittance settles it",
            Self::Unknown => "something that nobody here knows the meaning of",
        }
    }
}

/// R0 to R17, without a leading zero.
fn is_request(code: &str) -> bool {
    let number =
        code.strip_prefix('R').filter(|rest| *rest == "0" || !rest.starts_with(['0', '+']));
    number.and_then(|rest| rest.parse::<u8>().ok()).is_some_and(|number| number <= 17)
}

/// What a status means: what its category code says, or what whoever read it states where the code
/// leaves that open. `category` is empty where there is none.
///
/// # Errors
/// When nothing says it, or what is stated is not what the code says.
pub fn outcome(
    source: Source,
    category: &str,
    stated: Option<Outcome>,
) -> Result<Outcome, Violation> {
    let wrong = |words: String| Violation { field: "outcome", words };
    let coded = Some(category).filter(|code| !code.is_empty()).map(Outcome::of_category);
    match (coded, stated) {
        (None, None) => Err(wrong("is required where no category code says it".to_owned())),
        (Some(coded), None) => Ok(coded),
        (None, Some(stated)) => Ok(stated),
        (Some(coded), Some(stated)) if coded == stated => Ok(stated),
        (Some(Outcome::Finalized), Some(stated)) if stated.is_finalized() => Ok(stated),
        // A person who reads a portal knows what stands beside a code that is new.
        (Some(Outcome::Unknown), Some(stated)) if !source.is_file() => Ok(stated),
        (Some(coded), Some(stated)) => Err(wrong(format!(
            "is {stated}, and category code {category} means {coded} (X12 source 507): leave the \
             outcome out, or correct one of them"
        ))),
    }
}

/// What a status does to an item of its claim that is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// People read of it.
    Told,
    /// It waits no more.
    Woken,
    /// It asked for this answer.
    Done,
}

/// What a status does to an item; `state` is where it stands.
pub fn effect(outcome: Outcome, kind: WorkKind, action: &str, state: &State) -> Effect {
    // Whoever follows an account up decides what becomes of it, unless the payer has decided.
    let followed_up = kind == WorkKind::ArFollowUp && outcome.is_finalized();
    if followed_up || kind == WorkKind::ClaimStatus && answers(outcome, action) {
        return Effect::Done;
    }
    let State::Waiting(wait) = state else { return Effect::Told };
    let called_for = match outcome {
        // Whoever waits for another department has what the payer wants told as well.
        Outcome::DocumentsWanted => wait.waiting_for != WaitingFor::Clarification,
        // What was sent again was rejected again.
        Outcome::Rejected => kind == WorkKind::Rejection,
        Outcome::Accepted
        | Outcome::Pending
        | Outcome::FinalizedPaid
        | Outcome::FinalizedDenied
        | Outcome::Finalized
        | Outcome::Unknown => false,
    };
    if called_for { Effect::Woken } else { Effect::Told }
}

/// Whether a check of a claim's status with this next action has its answer: any says that the
/// payer is not silent; documents are wanted until the payer is done.
fn answers(outcome: Outcome, action: &str) -> bool {
    if action == NextAction::PayerInquiry.as_str() {
        outcome != Outcome::Unknown
    } else {
        outcome.is_finalized()
    }
}

/// Work that a status opens, or a payer's silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opens {
    /// Correct a claim and send it again.
    Rejection,
    /// Send documents.
    Documents,
    /// Ask the payer.
    Inquiry,
    /// Follow the account up: asking brought nothing.
    FollowUp,
    /// Find out what the payer means.
    Meaning,
}

/// An item of a claim after a status had its effect on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// What sort of work it is.
    pub kind: WorkKind,
    /// Whether it waits for someone else.
    pub waits: bool,
}

/// What a status opens, where `left` of its claim is not done; `asked` says whether somebody finds
/// out already what the payer means.
pub fn opens(outcome: Outcome, left: &[Left], asked: bool) -> Option<Opens> {
    match outcome {
        Outcome::Rejected => {
            let none = !left.iter().any(|item| item.kind == WorkKind::Rejection);
            none.then_some(Opens::Rejection)
        }
        Outcome::DocumentsWanted => {
            let elsewhere = [WorkKind::Rejection, WorkKind::Exception];
            let seen = |item: &Left| !item.waits && !elsewhere.contains(&item.kind);
            (!left.iter().any(seen)).then_some(Opens::Documents)
        }
        Outcome::Unknown => (!asked).then_some(Opens::Meaning),
        Outcome::Accepted
        | Outcome::Pending
        | Outcome::FinalizedPaid
        | Outcome::FinalizedDenied
        | Outcome::Finalized => None,
    }
}

/// What the silence of a payer opens: `asked_at` says when it was last asked about the claim, or
/// the account followed up, and `heard_at` when it was last heard to say something.
pub fn after_silence(asked_at: Option<DateTime<Utc>>, heard_at: Option<DateTime<Utc>>) -> Opens {
    match asked_at {
        Some(asked_at) if heard_at.is_none_or(|heard_at| heard_at < asked_at) => Opens::FollowUp,
        Some(_) | None => Opens::Inquiry,
    }
}

/// Whether a payer has been silent past its usual time: nothing was heard of the claim since
/// `since`, and an answer is expected after `expected_days`, 0 where nobody says.
pub fn is_silent(since: DateTime<Utc>, expected_days: u32, now: DateTime<Utc>) -> bool {
    now - since >= TimeDelta::days(i64::from(usual_days(expected_days)))
}

/// Days after which a payer is silent past its usual time.
pub const fn usual_days(expected_days: u32) -> u32 {
    if expected_days == 0 { USUAL_DAYS } else { expected_days }
}

#[cfg(test)]
mod tests;
