use contracts::dictionary::v1 as dictionary;
use contracts::routing::v1 as pb;
use domain::codes::CodeSet;
use platform::rejection::Fault;

use super::labels::{code, codes};
use super::receipt::{ApproversOf, facts, receipt};
use super::values::{date, id, money, small, timestamp};
use super::words::listed;
use ledger::document::Proof;
use ledger::reading::denials::Denial;

/// A denial without its receipt, which lists leave out.
pub(crate) fn denial(row: &Denial) -> pb::Denial {
    pb::Denial {
        id: id(row.id),
        claim_occurrence_id: id(row.claim_id),
        case_id: id(row.case_id),
        remittance_file_id: id(row.file_id),
        work_item_id: id(row.work_item_id),
        patient_control_number: row.patient_control_number.clone(),
        payer_claim_number: row.payer_claim_number.clone(),
        line_number: line_number(row.line),
        group: Some(code(CodeSet::Cagc, &row.group_code)),
        reason: Some(code(CodeSet::Carc, &row.carc)),
        remarks: codes(CodeSet::Rarc, &row.rarcs),
        denied: Some(money(row.denied_cents)),
        charge: Some(money(row.charge_cents)),
        extent: listed::<pb::DenialExtent>(&row.extent),
        state: listed::<pb::DenialState>(&row.state),
        lineage: listed::<pb::DenialLineage>(&row.lineage),
        repeat_of: id(row.repeat_of),
        times: small(row.repeats + 1),
        settled_by: id(row.settled_by.unwrap_or_default()),
        recovered: Some(money(row.recovered_cents)),
        record_class: listed::<dictionary::RecordClass>(&row.record_class),
        category: listed::<dictionary::Category>(&row.category),
        payer_id: id(row.payer_id),
        payer_name: row.payer_name.clone(),
        facility_id: id(row.facility_id),
        service_line: row.service_line.clone(),
        procedure_code: row.procedure_code.clone(),
        modifiers: row.modifiers.split_ascii_whitespace().map(str::to_owned).collect(),
        revenue_code: row.revenue_code.clone(),
        service_on: row.service_on.map(date),
        remitted_on: Some(date(row.remit_on)),
        receipt: None,
        facts: None,
        posted_at: Some(timestamp(row.posted_at)),
    }
}

/// A denial with how it was decided, and on what.
pub(crate) fn denial_with_receipt(
    row: &Denial,
    approvers: &ApproversOf,
) -> Result<pb::Denial, Fault> {
    let proof = proven(row)?;
    Ok(pb::Denial {
        receipt: Some(receipt(&proof.receipt, approvers)),
        facts: Some(facts(&proof.facts)),
        ..denial(row)
    })
}

/// How a denial was decided.
pub(super) fn proven(row: &Denial) -> Result<Proof, Fault> {
    serde_json::from_slice(&row.receipt)
        .map_err(|_| Fault::Broken("the receipt of a denial does not read"))
}

/// The place of a line from 1, and 0 for the claim as a whole; rows count from 0 and -1.
pub(super) fn line_number(line: i64) -> i32 {
    small(line.saturating_add(1))
}
