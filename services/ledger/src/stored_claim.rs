//! A claim part out of its row: the way back from [`crate::claim_document`].
//!
//! What the rules of denials see of it is what they saw at intake; names and the references that
//! name a person stand in the original alone.

use platform::rejection::Fault;
use prost::Message;
use x12::model::{
    AdjustmentValue, ClaimPart, DatedValue, LineValue, Money, QualifiedAmount, QualifiedQuantity,
    ReferenceValue, RemarkValue,
};
use x12::{Balance, GroupCode, RemarkSource};

use crate::document::{
    AdjustmentDocument, AmountDocument, ClaimDocument, DatedDocument, LineDocument,
    QuantityDocument, ReferenceDocument, RemarkDocument,
};
use crate::entity::{claim, claim_part};

/// The parts of a claim, in their order, each decoded when it is asked for; an error where one does
/// not decode.
pub fn parts<'a>(
    claim: &'a claim::Model,
    later: &'a [claim_part::Model],
) -> impl Iterator<Item = Result<ClaimPart, Fault>> + 'a {
    let documents: Vec<&[u8]> = std::iter::once(&claim.document)
        .chain(later.iter().map(|part| &part.document))
        .map(Vec::as_slice)
        .collect();
    (0..documents.len()).map(move |at| {
        let document = decode(documents[at])?;
        // A line that the next part goes on with has not ended in this one.
        let goes_on = match documents.get(at + 1) {
            Some(next) => decode(next)?.lines.first().is_some_and(|line| line.continued),
            None => false,
        };
        let number = u32::try_from(at).unwrap_or(u32::MAX);
        Ok(part(claim, document, (number, at + 1 == documents.len()), goes_on))
    })
}

fn decode(document: &[u8]) -> Result<ClaimDocument, Fault> {
    ClaimDocument::decode(document)
        .map_err(|_| Fault::Broken("the document of a claim does not decode"))
}

fn part(
    claim: &claim::Model,
    document: ClaimDocument,
    (part, last): (u32, bool),
    goes_on: bool,
) -> ClaimPart {
    let mut lines: Vec<LineValue> = document.lines.into_iter().map(line).collect();
    if goes_on && let Some(open) = lines.last_mut() {
        open.balance = None;
    }
    ClaimPart {
        index: claim.ordinal.unsigned_abs(),
        part,
        last,
        offset: claim.byte_offset.unsigned_abs(),
        end: claim.byte_offset.unsigned_abs(),
        number: or(document.number_raw, &claim.patient_control_number).into(),
        status: claim.status.clone(),
        charge: Money::Cents(claim.charge_cents),
        paid: Money::Cents(claim.paid_cents),
        patient_responsibility: Money::Cents(claim.patient_cents),
        filing: document.filing,
        payer_control: or(document.payer_number_raw, &claim.payer_claim_number).into(),
        facility: document.facility_code,
        frequency: document.frequency,
        drg: document.drg,
        adjustments: document.adjustments.into_iter().map(adjustment).collect(),
        remarks: document.remarks.into_iter().map(remark).collect(),
        names: Vec::new(),
        references: document.references.into_iter().map(reference).collect(),
        dates: document.dates.into_iter().map(dated).collect(),
        amounts: document.amounts.into_iter().map(amount).collect(),
        quantities: document.quantities.into_iter().map(quantity).collect(),
        lines,
        balance: None,
    }
}

fn or(stated: String, column: &str) -> String {
    if stated.is_empty() { column.to_owned() } else { stated }
}

fn line(line: LineDocument) -> LineValue {
    LineValue {
        index: line.index,
        continued: line.continued,
        offset: line.offset,
        procedure_kind: line.procedure_kind,
        procedure: line.procedure,
        modifiers: line.modifiers,
        charge: money(line.charge_cents, String::new()),
        paid: money(line.paid_cents, String::new()),
        revenue: line.revenue,
        units: line.units,
        submitted_procedure: line.submitted_procedure,
        adjustments: line.adjustments.into_iter().map(adjustment).collect(),
        remarks: line.remarks.into_iter().map(remark).collect(),
        references: line.references.into_iter().map(reference).collect(),
        dates: line.dates.into_iter().map(dated).collect(),
        amounts: line.amounts.into_iter().map(amount).collect(),
        quantities: line.quantities.into_iter().map(quantity).collect(),
        // Whether it comes out was the reader's to say; that it ended is what counts here.
        balance: Some(Balance::Unknown),
    }
}

fn money(cents: Option<i64>, unreadable: String) -> Money {
    match cents {
        Some(cents) => Money::Cents(cents),
        None if unreadable.is_empty() => Money::Missing,
        None => Money::Unreadable(unreadable),
    }
}

fn adjustment(value: AdjustmentDocument) -> AdjustmentValue {
    AdjustmentValue {
        offset: 0,
        group: GroupCode::read(value.group.as_bytes()),
        group_raw: value.group,
        reason_raw: or(value.reason_raw, &value.reason),
        reason: value.reason,
        amount: money(value.amount_cents, value.unreadable),
        quantity: value.quantity,
    }
}

fn remark(value: RemarkDocument) -> RemarkValue {
    let source = match value.list.as_str() {
        "HE" => RemarkSource::LineRemark,
        "RX" => RemarkSource::PharmacyReject,
        "MIA" => RemarkSource::Inpatient,
        "MOA" => RemarkSource::Outpatient,
        _ => RemarkSource::OtherList,
    };
    RemarkValue { offset: 0, source, code: value.code }
}

fn reference(value: ReferenceDocument) -> ReferenceValue {
    ReferenceValue { offset: 0, qualifier: value.qualifier, value: value.value.into() }
}

fn dated(value: DatedDocument) -> DatedValue {
    DatedValue { offset: 0, qualifier: value.qualifier, value: value.value }
}

fn amount(value: AmountDocument) -> QualifiedAmount {
    QualifiedAmount {
        offset: 0,
        qualifier: value.qualifier,
        amount: money(value.cents, value.unreadable),
    }
}

fn quantity(value: QuantityDocument) -> QualifiedQuantity {
    QualifiedQuantity { offset: 0, qualifier: value.qualifier, value: value.value }
}
