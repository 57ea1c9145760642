//! What reading a file found.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Column `report` of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Report {
    /// `835`, `277` and so on, sorted.
    pub(crate) kinds: Vec<String>,
    /// What was counted.
    pub(crate) counts: Counts,
    /// The first findings, in file order; see [`Report::FINDINGS`].
    pub(crate) findings: Vec<FindingRecord>,
    /// All findings.
    pub(crate) finding_count: i64,
    /// The first transactions; see [`Report::TRANSACTIONS`].
    pub(crate) transactions: Vec<TransactionReport>,
    /// Whether the file may be read again with better facts: its payee was nobody's facility.
    pub(crate) retriable: bool,
}

impl Report {
    /// Findings kept one by one.
    pub(crate) const FINDINGS: usize = 1_000;
    /// Transactions kept one by one.
    pub(crate) const TRANSACTIONS: usize = 1_000;
}

/// As `RemittanceCounts` of the contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Counts {
    pub(crate) transactions: i64,
    pub(crate) duplicate_transactions: i64,
    pub(crate) claims: i64,
    pub(crate) service_lines: i64,
    pub(crate) adjustments: i64,
    pub(crate) remarks: i64,
    pub(crate) claim_remarks: i64,
    pub(crate) provider_adjustments: i64,
    pub(crate) reversals: i64,
    pub(crate) denials: i64,
    pub(crate) exceptions: i64,
    pub(crate) work_items: i64,
}

/// One finding; no content of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FindingRecord {
    /// Such as `se-count-mismatch`: the reader's own code, or one of intake's.
    pub(crate) code: String,
    /// `NOTE`, `WARNING` or `ERROR`.
    pub(crate) severity: String,
    /// Byte of the original.
    pub(crate) offset: i64,
    /// Id of the segment; may be empty.
    pub(crate) segment: String,
    /// In words.
    pub(crate) message: String,
}

/// As `RemittanceTransaction` of the contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct TransactionReport {
    /// Place in the file, from 1.
    pub(crate) index: i64,
    /// `835`, `277` or `other`.
    pub(crate) kind: String,
    /// ST02.
    pub(crate) control_number: String,
    /// Nil when none matched.
    pub(crate) payer_id: Uuid,
    /// As sent.
    pub(crate) payer_name: String,
    /// Nil when none matched.
    pub(crate) facility_id: Uuid,
    /// TRN02.
    pub(crate) trace: String,
    /// BPR16.
    pub(crate) paid_on: Option<NaiveDate>,
    /// BPR02.
    pub(crate) payment_cents: i64,
    /// Whether it adds up; false where a sum is unknown.
    pub(crate) balanced: bool,
    /// Zero when balanced or unknown.
    pub(crate) difference_cents: i64,
    /// SHA-256 of the canonical form.
    pub(crate) content_hash: String,
    /// The file that posted the same content before; nil when none.
    pub(crate) duplicate_of: Uuid,
}
