//! Files and what reading them found.

use contracts::routing::v1 as pb;
use platform::rejection::Fault;

use super::values::{date, id, money, small, timestamp};
use super::words::listed;
use ledger::document::{Counts, FindingRecord, Report, TransactionReport};
use ledger::reading::files::FileRow;

/// A file with its findings and its balance report.
pub(crate) fn remittance_file(row: FileRow) -> Result<pb::RemittanceFile, Fault> {
    let report: Report = serde_json::from_slice(&row.report)
        .map_err(|_| Fault::Broken("the report of a file does not read"))?;
    let posted = row.state == "POSTED";
    Ok(pb::RemittanceFile {
        id: id(row.id),
        file_name: row.name,
        purpose: listed::<pb::RemittancePurpose>(&row.purpose),
        state: listed::<pb::RemittanceFileState>(&row.state),
        size_bytes: row.size_bytes,
        sha256: row.sha256,
        transaction_kinds: report.kinds,
        counts: Some(counts(report.counts)),
        findings: report.findings.into_iter().map(finding).collect(),
        finding_count: report.finding_count,
        transactions: report.transactions.into_iter().map(transaction).collect(),
        dictionary_revision: if posted { row.revision } else { String::new() },
        uploaded_by: row.uploaded_by,
        received_at: Some(timestamp(row.received_at)),
        finished_at: row.finished_at.map(timestamp),
    })
}

/// A file without its findings and its balance report.
pub(crate) fn file_in_list(row: FileRow) -> Result<pb::RemittanceFile, Fault> {
    let (findings, transactions) = (Vec::new(), Vec::new());
    Ok(pb::RemittanceFile { findings, transactions, ..remittance_file(row)? })
}

fn counts(counts: Counts) -> pb::RemittanceCounts {
    pb::RemittanceCounts {
        transactions: counts.transactions,
        duplicate_transactions: counts.duplicate_transactions,
        claims: counts.claims,
        service_lines: counts.service_lines,
        adjustments: counts.adjustments,
        remarks: counts.remarks,
        claim_remarks: counts.claim_remarks,
        provider_adjustments: counts.provider_adjustments,
        reversals: counts.reversals,
        denials: counts.denials,
        exceptions: counts.exceptions,
        work_items: counts.work_items,
    }
}

fn finding(finding: FindingRecord) -> pb::Finding {
    pb::Finding {
        code: finding.code,
        severity: listed::<pb::FindingSeverity>(&finding.severity),
        offset: finding.offset,
        segment: finding.segment,
        message: finding.message,
    }
}

fn transaction(report: TransactionReport) -> pb::RemittanceTransaction {
    pb::RemittanceTransaction {
        index: small(report.index),
        kind: report.kind,
        control_number: report.control_number,
        payer_id: id(report.payer_id),
        payer_name: report.payer_name,
        facility_id: id(report.facility_id),
        trace_number: report.trace,
        paid_on: report.paid_on.map(date),
        payment: Some(money(report.payment_cents)),
        balanced: report.balanced,
        difference: Some(money(report.difference_cents)),
        content_hash: report.content_hash,
        duplicate_of: id(report.duplicate_of),
    }
}
