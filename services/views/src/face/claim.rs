//! Claim occurrences: the ledger as the payer said it.

use chrono::NaiveDate;
use contracts::dictionary::v1 as dictionary;
use contracts::routing::v1 as pb;
use domain::codes::CodeSet;
use platform::rejection::Fault;
use prost::Message;

use super::labels::{code, code_as_sent, label};
use super::values::{date, id, money, small, timestamp};
use super::words::listed;
use ledger::document::{
    AdjustmentDocument, ClaimDocument, DatedDocument, LineDocument, RemarkDocument,
};
use ledger::reading::claims::{Claim, Subject};

/// Lines a claim occurrence shows at most.
const LINES_MAX: usize = 9_999;

/// A claim occurrence without its lines and without who it is about.
pub(crate) fn claim_occurrence(row: &Claim) -> Result<pb::ClaimOccurrence, Fault> {
    Ok(occurrence(row, &decoded(&row.document)?))
}

/// A claim occurrence with its lines, out of all its parts, and with `subject` where the caller
/// needs it.
pub(crate) fn claim_occurrence_in_full(
    row: &Claim,
    further_parts: &[Vec<u8>],
    subject: Option<Subject>,
) -> Result<pb::ClaimOccurrence, Fault> {
    let mut whole = decoded(&row.document)?;
    for part in further_parts {
        join(&mut whole, decoded(part)?);
    }
    let lines = whole.lines.iter().take(LINES_MAX).map(line).collect();
    let subject = subject.map(|subject| pb::Subject {
        patient_name: subject.patient_name,
        member_id: subject.member_id,
        medical_record_number: subject.medical_record_number,
    });
    Ok(pb::ClaimOccurrence { lines, subject, ..occurrence(row, &whole) })
}

fn decoded(document: &[u8]) -> Result<ClaimDocument, Fault> {
    ClaimDocument::decode(document)
        .map_err(|_| Fault::Broken("a claim of the ledger does not read"))
}

/// Adds a later part; a line that was begun before goes on where it stopped.
fn join(whole: &mut ClaimDocument, part: ClaimDocument) {
    whole.adjustments.extend(part.adjustments);
    whole.remarks.extend(part.remarks);
    whole.references.extend(part.references);
    whole.dates.extend(part.dates);
    whole.amounts.extend(part.amounts);
    for line in part.lines {
        let begun = whole.lines.last_mut().filter(|_| line.continued);
        match begun {
            Some(begun) => {
                begun.adjustments.extend(line.adjustments);
                begun.remarks.extend(line.remarks);
                begun.references.extend(line.references);
                begun.dates.extend(line.dates);
                begun.amounts.extend(line.amounts);
            }
            None => whole.lines.push(line),
        }
    }
}

fn occurrence(row: &Claim, document: &ClaimDocument) -> pb::ClaimOccurrence {
    pb::ClaimOccurrence {
        id: id(row.id),
        case_id: id(row.case_id),
        remittance_file_id: id(row.file_id),
        offset: row.byte_offset,
        patient_control_number: as_sent(&row.patient_control_number, &document.number_raw),
        payer_claim_number: as_sent(&row.payer_claim_number, &document.payer_number_raw),
        payer_id: id(row.payer_id),
        payer_name: row.payer_name.clone(),
        line_of_business: listed::<dictionary::LineOfBusiness>(&row.line_of_business),
        facility_id: id(row.facility_id),
        facility_name: row.facility_name.clone(),
        claim_type: listed::<dictionary::ClaimType>(&row.claim_type),
        status: row.status.clone(),
        status_label: label(CodeSet::Clp02, &row.status),
        reversal: row.reversal,
        charge: Some(money(row.charge_cents)),
        paid: Some(money(row.paid_cents)),
        patient_responsibility: Some(money(row.patient_cents)),
        denied: Some(money(row.denied_cents)),
        contractual: Some(money(row.contractual_cents)),
        balanced: row.balanced,
        service_starts_on: row.service_starts_on.map(date),
        service_ends_on: row.service_ends_on.map(date),
        remitted_on: Some(date(row.remit_on)),
        adjustments: document.adjustments.iter().map(adjustment).collect(),
        remarks: document.remarks.iter().map(remark).collect(),
        lines: Vec::new(),
        subject: None,
        posted_at: Some(timestamp(row.posted_at)),
    }
}

/// What was sent, which a document holds only where the column differs.
fn as_sent(column: &str, raw: &str) -> String {
    if raw.is_empty() { column.to_owned() } else { raw.to_owned() }
}

fn line(line: &LineDocument) -> pb::ClaimLine {
    let allowed = line.amounts.iter().find(|amount| amount.qualifier == "B6");
    let number = line.references.iter().find(|reference| reference.qualifier == "6R");
    let service = dated(&line.dates, "472");
    pb::ClaimLine {
        number: small(line.index.saturating_add(1)),
        procedure_qualifier: line.procedure_kind.clone(),
        procedure_code: line.procedure.clone(),
        modifiers: line.modifiers.clone(),
        revenue_code: line.revenue.clone(),
        units: line.units.clone(),
        charge: line.charge_cents.map(money),
        paid: line.paid_cents.map(money),
        allowed_cents: allowed.and_then(|amount| amount.cents),
        service_starts_on: dated(&line.dates, "150").or(service).map(date),
        service_ends_on: dated(&line.dates, "151").or(service).map(date),
        line_control_number: number.map(|number| number.value.clone()).unwrap_or_default(),
        service_line: line.service_line.clone(),
        adjustments: line.adjustments.iter().map(adjustment).collect(),
        remarks: line.remarks.iter().map(remark).collect(),
    }
}

/// The first day under a DTM qualifier.
fn dated(dates: &[DatedDocument], qualifier: &str) -> Option<NaiveDate> {
    let sent = dates.iter().find(|dated| dated.qualifier == qualifier)?;
    NaiveDate::parse_from_str(&sent.value, "%Y%m%d").ok()
}

fn adjustment(adjustment: &AdjustmentDocument) -> pb::Adjustment {
    pb::Adjustment {
        group: Some(code(CodeSet::Cagc, &adjustment.group)),
        reason: Some(code_as_sent(CodeSet::Carc, &adjustment.reason, &adjustment.reason_raw)),
        amount: adjustment.amount_cents.map(money),
        quantity: adjustment.quantity.clone(),
    }
}

/// A remark; pharmacy codes (`RX`) are of another list, whose labels are not ours.
fn remark(remark: &RemarkDocument) -> pb::CodeLabel {
    match remark.list.as_str() {
        "HE" | "MIA" | "MOA" => code(CodeSet::Rarc, &remark.code),
        _ => pb::CodeLabel { code: remark.code.clone(), ..pb::CodeLabel::default() },
    }
}

#[cfg(test)]
mod tests;
