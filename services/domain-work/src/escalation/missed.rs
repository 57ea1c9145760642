//! What is written down when a date was missed.

use chrono::{DateTime, NaiveDate, Utc};
use domain::deadline::Deadline;

use crate::UserId;
use crate::hold::{State, WaitingFor};
use domain::words;

words! {
    /// Why a date was missed.
    Cause {
        /// The denial came, or was decided, when the window had closed.
        DecidedTooLate = "DECIDED_TOO_LATE",
        /// A person held it.
        Held = "HELD",
        /// It waited for the payer.
        WaitingForPayer = "WAITING_FOR_PAYER",
        /// It waited for another department's answer.
        WaitingForClarification = "WAITING_FOR_CLARIFICATION",
        /// It waited for documents.
        WaitingForDocuments = "WAITING_FOR_DOCUMENTS",
        /// It waited for the claim to be sent again.
        WaitingForResubmission = "WAITING_FOR_RESUBMISSION",
        /// Its checklist was incomplete.
        EvidenceMissing = "EVIDENCE_MISSING",
        /// Nobody ever claimed it.
        NeverClaimed = "NEVER_CLAIMED",
        /// It was claimed before, given back or lost, and nobody took it again.
        LeftOpen = "LEFT_OPEN",
    }
}

/// What is known of an item whose window closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct History {
    /// How it was held when the window closed.
    pub state: State,
    /// The number of its latest claim by then; 0 when it was never claimed.
    pub fencing_number: i64,
    /// The day on which it came to us, in the payer's zone.
    pub received_on: NaiveDate,
    /// How many items of its checklist were missing then.
    pub evidence_missing: u32,
}

/// A date that was missed. It is written once and stays, also when the deadline moves later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// The last day, in the payer's zone.
    pub last_day: NaiveDate,
    /// The rule it came from, by slug.
    pub rule: String,
    /// The first instant at which it was too late.
    pub missed_at: DateTime<Utc>,
    /// Why: the weightiest cause first.
    pub causes: Vec<Cause>,
    /// Who held it, if somebody did.
    pub holder: Option<UserId>,
    /// What happened, in a sentence.
    pub words: String,
}

/// The record of a missed date; `None` while the window is open at `now`, or when the work was over
/// before it closed.
///
/// Causes are of the instant at which the window closed, however late anybody looks.
pub fn missed(deadline: &Deadline, history: &History, now: DateTime<Utc>) -> Option<Missed> {
    let missed_at = deadline.ends_at().filter(|ends_at| *ends_at <= now)?;
    if matches!(history.state, State::Resolved | State::Superseded) {
        return None;
    }
    let mut causes = Vec::new();
    let mut holder = None;
    if history.received_on > deadline.last_day {
        causes.push(Cause::DecidedTooLate);
    }
    match history.state {
        State::Claimed(lease) => {
            causes.push(Cause::Held);
            holder = Some(lease.holder);
        }
        State::Waiting(wait) => causes.push(match wait.waiting_for {
            WaitingFor::Payer => Cause::WaitingForPayer,
            WaitingFor::Clarification => Cause::WaitingForClarification,
            WaitingFor::Documents => Cause::WaitingForDocuments,
            WaitingFor::Resubmission => Cause::WaitingForResubmission,
        }),
        State::Open(_) | State::Resolved | State::Superseded => {}
    }
    if history.evidence_missing > 0 {
        causes.push(Cause::EvidenceMissing);
    }
    // What came too late could not be claimed in time.
    if matches!(history.state, State::Open(_)) && causes.first() != Some(&Cause::DecidedTooLate) {
        let never = history.fencing_number == 0;
        causes.push(if never { Cause::NeverClaimed } else { Cause::LeftOpen });
    }
    let said: Vec<String> = causes.iter().map(|cause| words_of(*cause, holder, history)).collect();
    let words = format!(
        "the window of `{}` closed with {}: {}",
        deadline.rule,
        deadline.last_day,
        said.join("; ")
    );
    let (last_day, rule) = (deadline.last_day, deadline.rule.clone());
    Some(Missed { last_day, rule, missed_at, causes, holder, words })
}

fn words_of(cause: Cause, holder: Option<UserId>, history: &History) -> String {
    match cause {
        Cause::DecidedTooLate => {
            format!("it came to us on {}, when it was too late already", history.received_on)
        }
        Cause::Held => match holder {
            Some(holder) => format!("{holder} held it"),
            None => "it was held".to_owned(),
        },
        Cause::WaitingForPayer => "it waited for the payer".to_owned(),
        Cause::WaitingForClarification => "it waited for an answer to a clarification".to_owned(),
        Cause::WaitingForDocuments => "it waited for documents".to_owned(),
        Cause::WaitingForResubmission => "it waited for its claim to be sent again".to_owned(),
        Cause::EvidenceMissing => {
            format!("{} of its checklist was missing", history.evidence_missing)
        }
        Cause::NeverClaimed => "nobody ever claimed it".to_owned(),
        Cause::LeftOpen => "it was claimed before, and nobody took it again".to_owned(),
    }
}
