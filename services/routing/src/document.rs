//! What rows keep in one encoded column, because nothing is searched in it.
//!
//! [`ClaimDocument`] is protobuf without a contract: compact, and fields can be added. The others
//! are JSON of the domain's own types. Neither holds a name, a member number or a record number.

use chrono::NaiveDate;
use domain::deadline::Deadline;
use domain::dictionary::receipt::{Receipt, RecordedFacts};
use domain::dictionary::vocabulary::EscalationLevel;
use domain::money::BasisPoints;
use domain::priority::{Expectation, Priority};
use serde::{Deserialize, Serialize};

mod claim;
mod report;

pub(crate) use claim::{
    AdjustmentDocument, AmountDocument, ClaimDocument, DatedDocument, LineDocument,
    QuantityDocument, ReferenceDocument, RemarkDocument,
};
pub(crate) use report::{Counts, FindingRecord, Report, TransactionReport};

/// Column `receipt` of a denial: what was decided and on which facts; enough to verify it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proof {
    /// What was decided.
    pub(crate) receipt: Receipt,
    /// On which facts.
    pub(crate) facts: RecordedFacts,
}

/// Column `document` of a work item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WorkDocument {
    /// What people called the owner team; empty in documents of an earlier release.
    #[serde(default)]
    pub(crate) team_name: String,
    /// The code combinations of its denials, each once.
    pub(crate) codes: Vec<WorkCode>,
    /// The next thing to do, in words.
    pub(crate) action_words: String,
    /// Why a person must look first; empty when none must.
    pub(crate) review_reason: String,
    /// What must be on file. At intake nothing is.
    pub(crate) evidence: Vec<Evidence>,
    /// Every open path, the earliest first; the first one ranks.
    pub(crate) deadlines: Vec<Deadline>,
    /// Every path whose windows have closed, the latest first.
    pub(crate) passed: Vec<Deadline>,
    /// Paths and rules without a date, in words.
    pub(crate) unavailable: Vec<String>,
    /// Why the ranking deadline ranks, in words.
    pub(crate) why: String,
    /// Whom to tell while the window runs out.
    pub(crate) escalation: Vec<Escalation>,
    /// The rank as it was when the item last changed.
    pub(crate) priority: Priority,
    /// Share expected to be overturned, in basis points.
    pub(crate) expected_overturn_bps: u32,
    /// Minutes of work expected.
    pub(crate) effort_minutes: u32,
    /// Days until the payer is expected to answer.
    pub(crate) expected_days: u32,
    /// Slug of the exception policy whose day `due_on` is; empty unless it is an exception.
    pub(crate) policy: String,
}

impl WorkDocument {
    /// What the work is expected to bring: of an exception nobody knows.
    pub(crate) fn expectation(&self) -> Expectation {
        if self.policy.is_empty() {
            Expectation::Stated(BasisPoints::new(self.expected_overturn_bps))
        } else {
            Expectation::Unknown
        }
    }
}

/// One code combination of a work item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WorkCode {
    /// Group code; empty when no adjustment is behind it.
    pub(crate) group: String,
    /// Reason code; empty when no adjustment is behind it.
    pub(crate) carc: String,
    /// Remark codes.
    pub(crate) rarcs: Vec<String>,
    /// What the dictionary calls the combination; empty when unknown.
    pub(crate) label: String,
    /// How many denials or exceptions have it.
    pub(crate) count: u32,
    /// What was refused under it.
    pub(crate) denied_cents: i64,
}

/// One item of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Evidence {
    /// Slug of the documentation standard.
    pub(crate) standard: String,
    /// What must be on file, in words.
    pub(crate) title: String,
}

/// One step of the escalation path, as a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Escalation {
    /// How much of the window has passed then, in percent.
    pub(crate) at_percent: u8,
    /// The day.
    pub(crate) on: NaiveDate,
    /// Whom to tell.
    pub(crate) tell: EscalationLevel,
}

/// Encodes a document; the types above hold nothing that JSON cannot.
pub(crate) fn to_json<T: Serialize>(document: &T) -> Vec<u8> {
    serde_json::to_vec(document).expect("string keys and plain values always encode")
}
