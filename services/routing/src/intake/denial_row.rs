//! A denial's row, with the proof of its decision.

use domain::denial::{Denial, Extent, Level};
use domain::dictionary::receipt::RecordedFacts;
use domain::dictionary::{Decision, Facts};
use domain_governance::replay::Signature;
use history::Denied;
use remitted::{cents, line_day};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use x12::model::{ClaimPart, LineValue};

use super::Desk;
use super::collect::Ready;
use super::deadlines::days;
use super::draft::Known;
use ledger::adjudications;
use ledger::claim_document::normalized;
use ledger::document::{Proof, to_json};
use ledger::entity::denial;
use originals::hex;

/// The rows of a part's denials, in their order, and what history keeps of each; lineage and work
/// item are still open.
pub(super) fn rows(
    desk: &Desk<'_>,
    ready: &Ready,
    known: &Known<'_>,
    denials: &[Denial<'_>],
) -> (Vec<denial::Model>, Vec<Denied>) {
    let days = days(ready, known);
    let row = |denial| {
        let facts = facts(known, denial, line(&ready.part, denial));
        let row = row(desk, ready, denial, &facts);
        let denied = Denied {
            id: row.id,
            signature: Signature::of(&facts),
            amount: denial.denied,
            service_on: facts.service_on,
            days,
        };
        (row, denied)
    };
    denials.iter().map(row).unzip()
}

/// The place of a denial's line in the occurrence; -1 for the claim as a whole.
pub(super) fn place(part: &ClaimPart, denial: &Denial<'_>) -> i64 {
    line(part, denial).map_or(-1, |line| i64::try_from(line.index).unwrap_or(i64::MAX))
}

fn line<'a>(part: &'a ClaimPart, denial: &Denial<'_>) -> Option<&'a LineValue> {
    match denial.level {
        Level::Claim => None,
        Level::Line(at) => part.lines.get(at),
    }
}

fn row(desk: &Desk<'_>, ready: &Ready, denial: &Denial<'_>, facts: &Facts<'_>) -> denial::Model {
    let (part, governing, decision) = (&ready.part, &*ready.governing, &denial.decision);
    let line = line(part, denial);
    let row = denial::Model {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        claim_id: ready.claim_id.unwrap_or_default(),
        case_id: Uuid::nil(),
        file_id: desk.file.id,
        work_item_id: Uuid::nil(),
        patient_control_number: normalized(part.number.reveal()),
        payer_claim_number: normalized(part.payer_control.reveal()),
        payer_id: governing.payer_id(),
        payer_slug: governing.payer_slug().to_owned(),
        payer_name: governing.payer_name.clone(),
        facility_id: governing.facility_id(),
        facility_slug: governing.facility_slug().to_owned(),
        line: place(part, denial),
        line_key: line.map(line_key).unwrap_or_default(),
        group_code: denial.group.as_str().to_owned(),
        carc: denial.carc.as_str().to_owned(),
        rarcs: joined(denial.rarcs.iter().map(|rarc| rarc.as_str())),
        denied_cents: denial.denied.as_i64(),
        charge_cents: line.map_or(cents(&part.charge), |line| cents(&line.charge)).as_i64(),
        extent: if denial.extent == Extent::Full { "FULL" } else { "PARTIAL" }.to_owned(),
        state: adjudications::DENIAL_OPEN.to_owned(),
        lineage: "INITIAL".to_owned(),
        repeat_of: Uuid::nil(),
        repeats: 0,
        settled_by: None,
        recovered_cents: 0,
        record_class: String::new(),
        category: String::new(),
        owner_function: String::new(),
        owner_team: String::new(),
        next_action: String::new(),
        entry: String::new(),
        revision: String::new(),
        receipt: Vec::new(),
        service_line: facts.service_line.unwrap_or_default().to_owned(),
        procedure_code: line.map(|line| line.procedure.clone()).unwrap_or_default(),
        modifiers: line
            .map(|line| joined(line.modifiers.iter().map(String::as_str)))
            .unwrap_or_default(),
        revenue_code: line.map(|line| line.revenue.clone()).unwrap_or_default(),
        service_on: facts.service_on,
        remit_on: governing.remit_on,
        purpose: desk.file.purpose.clone(),
        posted_at: desk.now(),
    };
    decided(desk, decision, facts, row)
}

/// The row with what the desk's revision says of its denial, and the proof of that.
pub(super) fn decided(
    desk: &Desk<'_>,
    decision: &Decision<'_>,
    facts: &Facts<'_>,
    row: denial::Model,
) -> denial::Model {
    let word = |word: Option<&'static str>| word.unwrap_or_default().to_owned();
    let meaning = decision.entry().map(|entry| &entry.meaning);
    denial::Model {
        record_class: word(meaning.map(|meaning| meaning.record_class.as_str())),
        category: word(meaning.map(|meaning| meaning.category.as_str())),
        owner_function: decision.owner_function.as_str().to_owned(),
        owner_team: decision.team.slug.to_owned(),
        next_action: decision.next_action.as_str().to_owned(),
        entry: decision.entry().map(|entry| entry.slug.to_string()).unwrap_or_default(),
        revision: desk.revision.hash().to_owned(),
        receipt: proof(desk, facts),
        ..row
    }
}

/// That of the line, or the one that all lines of the claim share.
fn service_line<'a>(known: &Known<'a>, denial: &Denial<'_>) -> Option<&'a str> {
    match denial.level {
        Level::Claim => known.facts.service_line,
        Level::Line(at) => known.service_lines.get(at).copied().flatten(),
    }
}

/// The facts that `domain::denial` decided on.
fn facts<'f>(known: &Known<'f>, denial: &'f Denial<'_>, line: Option<&'f LineValue>) -> Facts<'f> {
    let claim = &known.facts;
    let procedure = line.map(|line| line.procedure.as_str()).filter(|code| !code.is_empty());
    Facts {
        group: denial.group,
        carc: denial.carc,
        rarcs: &denial.rarcs,
        payer: claim.payer,
        lob: claim.lob,
        network: claim.network,
        facility: claim.facility,
        service_line: service_line(known, denial),
        claim_type: claim.claim_type,
        authorization: claim.authorization,
        eligibility: claim.eligibility,
        filing_proof: claim.filing_proof,
        procedure,
        amount: Some(denial.denied),
        service_on: line.and_then(line_day).or(claim.service_on),
    }
}

/// Decides again with reasons.
fn proof(desk: &Desk<'_>, facts: &Facts<'_>) -> Vec<u8> {
    let receipt = desk.revision.compiled().explain(facts);
    to_json(&Proof { receipt, facts: RecordedFacts::of(facts) })
}

/// What recognizes a line on a later remittance: the provider's own number of it, else what was
/// billed. Hashed, because the number may say more than it should.
fn line_key(line: &LineValue) -> String {
    let mut hasher = Sha256::new();
    match line.reference("6R") {
        Some(number) if !number.trim().is_empty() => {
            hasher.update(b"6R\0");
            hasher.update(normalized(number).as_bytes());
        }
        _ => {
            let billed = if line.submitted_procedure.is_empty() {
                &line.procedure
            } else {
                &line.submitted_procedure
            };
            hasher.update(billed.as_bytes());
            for modifier in &line.modifiers {
                hasher.update([0]);
                hasher.update(modifier.as_bytes());
            }
            hasher.update(line.date("472").or_else(|| line.date("150")).unwrap_or_default());
            hasher.update(cents(&line.charge).as_i64().unsigned_abs().to_be_bytes());
        }
    }
    hex(&hasher.finalize()[..12])
}

fn joined<'a>(codes: impl Iterator<Item = &'a str>) -> String {
    codes.collect::<Vec<_>>().join(" ")
}
