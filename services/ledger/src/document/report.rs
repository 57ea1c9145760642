//! What reading a file found.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Column `report` of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// `835`, `277` and so on, sorted.
    pub kinds: Vec<String>,
    /// What was counted.
    pub counts: Counts,
    /// The first findings, in file order; see [`Report::FINDINGS`].
    pub findings: Vec<FindingRecord>,
    /// All findings.
    pub finding_count: i64,
    /// The first transactions; see [`Report::TRANSACTIONS`].
    pub transactions: Vec<TransactionReport>,
    /// Whether the file may be read again with better facts: its payee was nobody's facility.
    pub retriable: bool,
}

impl Report {
    /// Findings kept one by one.
    pub const FINDINGS: usize = 1_000;
    /// Transactions kept one by one.
    pub const TRANSACTIONS: usize = 1_000;
}

/// As `RemittanceCounts` of the contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    pub transactions: i64,
    pub duplicate_transactions: i64,
    pub claims: i64,
    pub service_lines: i64,
    pub adjustments: i64,
    pub remarks: i64,
    pub claim_remarks: i64,
    pub provider_adjustments: i64,
    pub reversals: i64,
    pub denials: i64,
    pub exceptions: i64,
    pub work_items: i64,
}

/// One finding; no content of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingRecord {
    /// Such as `se-count-mismatch`: the reader's own code, or one of intake's.
    pub code: String,
    /// `NOTE`, `WARNING` or `ERROR`.
    pub severity: String,
    /// Byte of the original.
    pub offset: i64,
    /// Id of the segment; may be empty.
    pub segment: String,
    /// In words.
    pub message: String,
}

/// As `RemittanceTransaction` of the contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TransactionReport {
    /// Place in the file, from 1.
    pub index: i64,
    /// `835`, `277` or `other`.
    pub kind: String,
    /// ST02.
    pub control_number: String,
    /// Nil when none matched.
    pub payer_id: Uuid,
    /// As sent.
    pub payer_name: String,
    /// Nil when none matched.
    pub facility_id: Uuid,
    /// TRN02.
    pub trace: String,
    /// BPR16.
    pub paid_on: Option<NaiveDate>,
    /// BPR02.
    pub payment_cents: i64,
    /// Whether it adds up; false where a sum is unknown.
    pub balanced: bool,
    /// Zero when balanced or unknown.
    pub difference_cents: i64,
    /// SHA-256 of the canonical form.
    pub content_hash: String,
    /// The file that posted the same content before; nil when none.
    pub duplicate_of: Uuid,
}
