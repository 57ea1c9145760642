//! A claim part as its row keeps it: an encoded document. The part's texts move into it.

use prost::Message;
use x12::RemarkSource;
use x12::model::{
    AdjustmentValue, ClaimPart, DatedValue, LineValue, Money, QualifiedAmount, QualifiedQuantity,
    ReferenceValue, RemarkValue,
};

use crate::document::{
    AdjustmentDocument, AmountDocument, ClaimDocument, DatedDocument, LineDocument,
    QuantityDocument, ReferenceDocument, RemarkDocument,
};

/// References (REF01 of loops 2100 and 2110) that name a claim, an authorization, a contract, a
/// provider or a line, and no person. Any other stays in the original alone: policy, employee,
/// member, record and social security numbers among them.
const IMPERSONAL: [&str; 30] = [
    "0B", "0K", "1A", "1B", "1C", "1D", "1G", "1H", "1J", "1L", "1S", "6P", "6R", "9A", "9C",
    "APC", "BB", "CE", "D3", "E9", "F8", "G1", "G2", "G3", "HPI", "LU", "NF", "RB", "TJ", "2U",
];

/// Encodes a part; `service_lines` has a slug, or nothing, for each of its lines.
#[must_use]
pub fn encode(part: ClaimPart, service_lines: &[Option<&str>]) -> Vec<u8> {
    let lines = part.lines.into_iter().zip(service_lines);
    ClaimDocument {
        unreadable: unreadable([&part.charge, &part.paid, &part.patient_responsibility]),
        number_raw: differing(part.number.into_inner()),
        payer_number_raw: differing(part.payer_control.into_inner()),
        filing: part.filing,
        facility_code: part.facility,
        frequency: part.frequency,
        drg: part.drg,
        adjustments: part.adjustments.into_iter().map(adjustment).collect(),
        remarks: part.remarks.into_iter().map(remark).collect(),
        references: references(part.references),
        dates: part.dates.into_iter().map(dated).collect(),
        amounts: part.amounts.into_iter().map(amount).collect(),
        quantities: part.quantities.into_iter().map(quantity).collect(),
        lines: lines.map(|(line, service_line)| self::line(line, *service_line)).collect(),
    }
    .encode_to_vec()
}

/// The most characters of a patient control number: a CLM01 has 38 at most (TR3 837).
pub const CONTROL_NUMBER_MAX: usize = 38;

/// How claim numbers are compared: without blanks around them, and without regard to case.
#[must_use]
pub fn normalized(number: &str) -> String {
    number.trim().to_uppercase()
}

/// A number as sent, where the column that holds it says something else.
fn differing(raw: String) -> String {
    if normalized(&raw) == raw { String::new() } else { raw }
}

fn line(line: LineValue, service_line: Option<&str>) -> LineDocument {
    LineDocument {
        unreadable: unreadable([&line.charge, &line.paid]),
        index: line.index,
        continued: line.continued,
        offset: line.offset,
        procedure_kind: line.procedure_kind,
        procedure: line.procedure,
        modifiers: line.modifiers,
        revenue: line.revenue,
        units: line.units,
        submitted_procedure: line.submitted_procedure,
        charge_cents: line.charge.cents(),
        paid_cents: line.paid.cents(),
        adjustments: line.adjustments.into_iter().map(adjustment).collect(),
        remarks: line.remarks.into_iter().map(remark).collect(),
        references: references(line.references),
        dates: line.dates.into_iter().map(dated).collect(),
        amounts: line.amounts.into_iter().map(amount).collect(),
        quantities: line.quantities.into_iter().map(quantity).collect(),
        service_line: service_line.unwrap_or_default().to_owned(),
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

fn adjustment(value: AdjustmentValue) -> AdjustmentDocument {
    let same = value.reason_raw == value.reason;
    AdjustmentDocument {
        group: value.group_raw,
        reason: value.reason,
        reason_raw: if same { String::new() } else { value.reason_raw },
        amount_cents: value.amount.cents(),
        unreadable: raw(&value.amount).unwrap_or_default(),
        quantity: value.quantity,
    }
}

fn remark(value: RemarkValue) -> RemarkDocument {
    let list = match value.source {
        RemarkSource::LineRemark => "HE",
        RemarkSource::PharmacyReject => "RX",
        RemarkSource::Inpatient => "MIA",
        RemarkSource::Outpatient => "MOA",
        RemarkSource::OtherList => "",
    };
    RemarkDocument { code: value.code, list: list.to_owned() }
}

fn references(values: Vec<ReferenceValue>) -> Vec<ReferenceDocument> {
    let impersonal =
        values.into_iter().filter(|value| IMPERSONAL.contains(&value.qualifier.as_str()));
    impersonal
        .map(|value| ReferenceDocument {
            qualifier: value.qualifier,
            value: value.value.into_inner(),
        })
        .collect()
}

fn dated(value: DatedValue) -> DatedDocument {
    DatedDocument { qualifier: value.qualifier, value: value.value }
}

fn amount(value: QualifiedAmount) -> AmountDocument {
    AmountDocument {
        qualifier: value.qualifier,
        cents: value.amount.cents(),
        unreadable: raw(&value.amount).unwrap_or_default(),
    }
}

fn quantity(value: QualifiedQuantity) -> QuantityDocument {
    QuantityDocument { qualifier: value.qualifier, value: value.value }
}
