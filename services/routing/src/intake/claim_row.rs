//! An occurrence's row and its subject.

use domain::denial::Findings;
use ledger::claim_document::normalized;
use remitted::{cents, day, line_day};
use uuid::Uuid;
use x12::model::ClaimPart;

use super::Desk;
use super::collect::Ready;
use super::draft::{Known, Later};
use ledger::entity::{claim, subject};

/// The row of an occurrence, from its first part; its document is the draft's.
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
        document: Vec::new(),
        posted_at: desk.now(),
    }
}

/// What a later part adds.
pub(super) fn later(ready: &Ready, findings: &Findings<'_>) -> Later {
    Later {
        part: i64::from(ready.part.part),
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
