//! What a file holds, in numbers.

use std::io::{self, Read};

use crate::event::{Event, SetKind, TransactionEnd};
use crate::finding::{Finding, Severity};
use crate::reader::Reader;

/// Findings kept one by one; more are only counted.
pub const MAX_FINDINGS: usize = 1_000;

/// The numbers of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// ST, of any set.
    pub transactions: u64,
    /// Transactions that are an 835 or a 277.
    pub readable_transactions: u64,
    /// CLP.
    pub claims: u64,
    /// SVC.
    pub service_lines: u64,
    /// CAS triplets, whether they read or not.
    pub adjustments: u64,
    /// CAS triplets whose amount does not read.
    pub unreadable_adjustments: u64,
    /// LQ codes.
    pub remarks: u64,
    /// MIA and MOA codes.
    pub claim_remarks: u64,
    /// PLB pairs.
    pub provider_adjustments: u64,
    /// PLB segments.
    pub provider_segments: u64,
    /// Claims with CLP02 22.
    pub reversals: u64,
    /// STC of 277 transactions.
    pub statuses: u64,
    /// Whether every line, claim and 835 transaction comes out; false where a sum is unknown.
    pub balanced: bool,
    /// The first [`MAX_FINDINGS`] findings, in file order.
    pub findings: Vec<Finding>,
    /// All findings.
    pub findings_total: u64,
    /// The gravest finding.
    pub severity: Option<Severity>,
    /// Bytes read.
    pub bytes: u64,
}

impl Default for Summary {
    fn default() -> Self {
        Self {
            transactions: 0,
            readable_transactions: 0,
            claims: 0,
            service_lines: 0,
            adjustments: 0,
            unreadable_adjustments: 0,
            remarks: 0,
            claim_remarks: 0,
            provider_adjustments: 0,
            provider_segments: 0,
            reversals: 0,
            statuses: 0,
            balanced: true,
            findings: Vec::new(),
            findings_total: 0,
            severity: None,
            bytes: 0,
        }
    }
}

impl Summary {
    /// Counts one event.
    pub fn add(&mut self, event: Event<'_>) {
        match event {
            Event::Finding(finding) => {
                self.findings_total += 1;
                self.severity = self.severity.max(Some(finding.code.severity()));
                if self.findings.len() < MAX_FINDINGS {
                    self.findings.push(finding);
                }
            }
            Event::LineEnd(end) => self.balanced &= end.balance.is_balanced(),
            Event::ClaimEnd(end) => self.balanced &= end.balance.is_balanced(),
            Event::TransactionEnd(end) => self.transaction(&end),
            _ => {}
        }
    }

    fn transaction(&mut self, end: &TransactionEnd) {
        let counts = &end.counts;
        self.transactions += 1;
        self.readable_transactions += u64::from(end.kind != SetKind::Other);
        self.claims += counts.claims;
        self.service_lines += counts.service_lines;
        self.adjustments += counts.adjustments;
        self.unreadable_adjustments += counts.unreadable_adjustments;
        self.remarks += counts.remarks;
        self.claim_remarks += counts.claim_remarks;
        self.provider_adjustments += counts.provider_adjustments;
        self.provider_segments += counts.provider_segments;
        self.reversals += counts.reversals;
        self.statuses += counts.statuses;
        self.balanced &= end.kind != SetKind::Remittance || end.balance.is_balanced();
    }
}

/// Counts what `bytes` hold.
pub fn summary(bytes: &[u8]) -> Summary {
    let mut summary = Summary::default();
    crate::read(bytes, &mut |event| summary.add(event));
    summary.bytes = bytes.len() as u64;
    summary
}

/// Counts what `input` holds, in bounded memory.
///
/// # Errors
///
/// What reading `input` says.
pub fn summary_of(input: &mut impl Read) -> io::Result<Summary> {
    let mut summary = Summary::default();
    let mut reader = Reader::new();
    let mut buffer = vec![0; 256 << 10];
    loop {
        let read = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        summary.bytes += read as u64;
        reader.push(&buffer[..read], &mut |event| summary.add(event));
    }
    reader.finish(&mut |event| summary.add(event));
    Ok(summary)
}
