//! An occurrence's row, its document and its subject.

use domain::denial::Findings;
use prost::Message;
use remitted::{cents, day, line_day};
use uuid::Uuid;
use x12::RemarkSource;
use x12::model::{
    AdjustmentValue, ClaimPart, DatedValue, LineValue, Money, QualifiedAmount, QualifiedQuantity,
    ReferenceValue, RemarkValue,
};

use super::Desk;
use super::collect::Ready;
use super::draft::{Known, Later};
use crate::document::{
    AdjustmentDocument, AmountDocument, ClaimDocument, DatedDocument, LineDocument,
    QuantityDocument, ReferenceDocument, RemarkDocument,
};
use crate::store::entity::{claim, subject};

/// How claim numbers are compared: without blanks around them, and without regard to case.
pub(crate) fn normalized(number: &str) -> String {
    number.trim().to_uppercase()
}

/// The row of an occurrence, from its first part.
pub(super) fn row(
    desk: &Desk<'_>,
    ready: &Ready,
    known: &Known<'_>,
    findings: &Findings<'_>,
) -> claim::Model {
    let (part, governing) = (&ready.part, &*ready.governing);
    let ends_on = part.date("233").and_then(day);
    claim::Model {
        tenant_id: Uuid::nil(),
        id: ready.claim_id.unwrap_or_default(),
        case_id: Uuid::nil(),
        file_id: desk.file.id,
        transaction_id: ready.transaction,
        ordinal: ready.ordinal,
        byte_offset: i64::try_from(part.offset).unwrap_or(i64::MAX),
        patient_control_number: normalized(part.number.reveal()),
        payer_claim_number: normalized(part.payer_control.reveal()),
        payer_id: governing.payer_id(),
        payer_slug: governing.payer_slug().to_owned(),
        payer_name: governing.payer_name.clone(),
        facility_id: governing.facility_id(),
        facility_slug: governing.facility_slug().to_owned(),
        facility_name: governing.facility.as_ref().map(|f| f.name.clone()).unwrap_or_default(),
        line_of_business: known.lob.map_or("", |lob| lob.as_str()).to_owned(),
        claim_type: known.claim_type.map_or("", |form| form.as_str()).to_owned(),
        status: part.status.clone(),
        reversal: part.is_reversal(),
        charge_cents: cents(&part.charge).as_i64(),
        paid_cents: cents(&part.paid).as_i64(),
        patient_cents: cents(&part.patient_responsibility).as_i64(),
        denied_cents: findings.roll_up.denied.as_i64(),
        contractual_cents: findings.roll_up.contractual.as_i64(),
        balanced: part.balance.is_some_and(|balance| balance.is_balanced()),
        service_starts_on: known.service_on,
        service_ends_on: ends_on.or_else(|| part.lines.iter().filter_map(line_day).max()),
        remit_on: governing.remit_on,
        document: document(desk, part),
        posted_at: desk.now(),
    }
}

/// What a later part adds.
pub(super) fn later(desk: &Desk<'_>, ready: &Ready, findings: &Findings<'_>) -> Later {
    Later {
        part: i64::from(ready.part.part),
        document: document(desk, &ready.part),
        denied_cents: findings.roll_up.denied.as_i64(),
        contractual_cents: findings.roll_up.contractual.as_i64(),
        balanced: ready.part.balance.map(|balance| balance.is_balanced()),
    }
}

/// Who the claim is about.
pub(super) fn subject(part: &ClaimPart, claim_id: Uuid) -> subject::Model {
    let (patient, insured) = (part.name("QC"), part.name("IL"));
    let patient_name = patient.map(|name| {
        let given = [name.first.reveal(), name.middle.reveal()].join(" ");
        [name.last.reveal(), given.trim()].join(", ").trim_matches([',', ' ']).to_owned()
    });
    let member = [insured, patient].into_iter().flatten().map(|name| name.id.reveal());
    let member = member.chain(part.reference("1W")).find(|id| !id.is_empty());
    subject::Model {
        tenant_id: Uuid::nil(),
        claim_id,
        patient_name: patient_name.unwrap_or_default(),
        member_id: member.unwrap_or_default().to_owned(),
        medical_record_number: part.reference("EA").unwrap_or_default().to_owned(),
    }
}

fn document(desk: &Desk<'_>, part: &ClaimPart) -> Vec<u8> {
    let bill_type = format!("{}{}", part.facility, part.frequency);
    let differs = |raw: &str| if normalized(raw) == raw { String::new() } else { raw.to_owned() };
    ClaimDocument {
        number_raw: differs(part.number.reveal()),
        payer_number_raw: differs(part.payer_control.reveal()),
        filing: part.filing.clone(),
        facility_code: part.facility.clone(),
        frequency: part.frequency.clone(),
        drg: part.drg.clone(),
        adjustments: part.adjustments.iter().map(adjustment).collect(),
        remarks: part.remarks.iter().map(remark).collect(),
        references: references(&part.references),
        dates: part.dates.iter().map(dated).collect(),
        amounts: part.amounts.iter().map(amount).collect(),
        quantities: part.quantities.iter().map(quantity).collect(),
        lines: part.lines.iter().map(|line| self::line(desk, line, &bill_type)).collect(),
        unreadable: unreadable([&part.charge, &part.paid, &part.patient_responsibility]),
    }
    .encode_to_vec()
}

fn line(desk: &Desk<'_>, line: &LineValue, bill_type: &str) -> LineDocument {
    LineDocument {
        index: line.index,
        continued: line.continued,
        offset: line.offset,
        procedure_kind: line.procedure_kind.clone(),
        procedure: line.procedure.clone(),
        modifiers: line.modifiers.clone(),
        revenue: line.revenue.clone(),
        units: line.units.clone(),
        submitted_procedure: line.submitted_procedure.clone(),
        charge_cents: line.charge.cents(),
        paid_cents: line.paid.cents(),
        adjustments: line.adjustments.iter().map(adjustment).collect(),
        remarks: line.remarks.iter().map(remark).collect(),
        references: references(&line.references),
        dates: line.dates.iter().map(dated).collect(),
        amounts: line.amounts.iter().map(amount).collect(),
        quantities: line.quantities.iter().map(quantity).collect(),
        service_line: desk.context.service_line(line, bill_type).unwrap_or_default().to_owned(),
        unreadable: unreadable([&line.charge, &line.paid]),
    }
}

fn unreadable<const N: usize>(amounts: [&Money; N]) -> Vec<String> {
    amounts.into_iter().filter_map(raw).collect()
}

fn raw(money: &Money) -> Option<String> {
    match money {
        Money::Unreadable(raw) => Some(raw.clone()),
        Money::Cents(_) | Money::Missing => None,
    }
}

fn adjustment(value: &AdjustmentValue) -> AdjustmentDocument {
    let same = value.reason_raw == value.reason;
    AdjustmentDocument {
        group: value.group_raw.clone(),
        reason: value.reason.clone(),
        reason_raw: if same { String::new() } else { value.reason_raw.clone() },
        amount_cents: value.amount.cents(),
        unreadable: raw(&value.amount).unwrap_or_default(),
        quantity: value.quantity.clone(),
    }
}

fn remark(value: &RemarkValue) -> RemarkDocument {
    let list = match value.source {
        RemarkSource::LineRemark => "HE",
        RemarkSource::PharmacyReject => "RX",
        RemarkSource::Inpatient => "MIA",
        RemarkSource::Outpatient => "MOA",
        RemarkSource::OtherList => "",
    };
    RemarkDocument { code: value.code.clone(), list: list.to_owned() }
}

/// References (REF01 of loops 2100 and 2110) that name a claim, an authorization, a contract, a
/// provider or a line, and no person. Any other stays in the original alone: policy, employee,
/// member, record and social security numbers among them.
const IMPERSONAL: [&str; 30] = [
    "0B", "0K", "1A", "1B", "1C", "1D", "1G", "1H", "1J", "1L", "1S", "6P", "6R", "9A", "9C",
    "APC", "BB", "CE", "D3", "E9", "F8", "G1", "G2", "G3", "HPI", "LU", "NF", "RB", "TJ", "2U",
];

fn references(values: &[ReferenceValue]) -> Vec<ReferenceDocument> {
    let impersonal = values.iter().filter(|value| IMPERSONAL.contains(&&*value.qualifier));
    impersonal
        .map(|value| ReferenceDocument {
            qualifier: value.qualifier.clone(),
            value: value.value.reveal().to_owned(),
        })
        .collect()
}

fn dated(value: &DatedValue) -> DatedDocument {
    DatedDocument { qualifier: value.qualifier.clone(), value: value.value.clone() }
}

fn amount(value: &QualifiedAmount) -> AmountDocument {
    AmountDocument {
        qualifier: value.qualifier.clone(),
        cents: value.amount.cents(),
        unreadable: raw(&value.amount).unwrap_or_default(),
    }
}

fn quantity(value: &QualifiedQuantity) -> QuantityDocument {
    QuantityDocument { qualifier: value.qualifier.clone(), value: value.value.clone() }
}
