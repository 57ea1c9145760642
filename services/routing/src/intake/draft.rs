//! One part of a claim, decided: everything about it that needs no look into the ledger.

use chrono::NaiveDate;
use claim_context::OnRecord;
use domain::codes::Lob;
use domain::denial::detect;
use domain::denial::occurrence::ClaimFacts;
use domain::dictionary::vocabulary::ClaimType;
use domain_governance::preview::Tally;
use history::Denied;
use remitted::{claim_type, occurrence};
use uuid::Uuid;
use x12::model::ClaimPart;

use super::collect::{Head, Ready};
use super::facts::Governing;
use super::underpaid::{Judged, Money, item};
use super::{Desk, claim_row, denial_row, work};
use ledger::claim_document::{self, normalized};
use ledger::entity::{claim, denial, subject};
use ledger::files;

/// A part ready to be woven into the ledger; its case and lineage are still open.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) transaction: Uuid,
    pub(super) number: i64,
    pub(super) ordinal: i64,
    pub(super) claim_id: Option<Uuid>,
    /// The payer's part of the case's identity.
    pub(super) payer_key: String,
    pub(super) payer_id: Uuid,
    pub(super) patient_control_number: String,
    /// CLP07; empty when the payer gave none.
    pub(super) payer_claim_number: String,
    /// REF F8: the payer's number of the claim that it replaces or takes back; may be empty.
    pub(super) original_number: String,
    /// Whether it says that it follows another claim: it names one, replaces one (CLP09 7), voids
    /// one (8) or takes one back.
    pub(super) follows: bool,
    /// The case; nil before it is woven in.
    pub(super) case_id: Uuid,
    /// Version of the claim context it was decided under; 0 where there was none.
    pub(super) context_version: i64,
    /// Whether it takes back what was adjudicated before (CLP02 22).
    pub(super) reversal: bool,
    pub(super) remit_on: NaiveDate,
    /// The occurrence's row, of its first part.
    pub(super) row: Option<claim::Model>,
    pub(super) subject: Option<subject::Model>,
    /// What a later part adds.
    pub(super) later: Option<Later>,
    pub(super) denials: Vec<denial::Model>,
    /// What history keeps of them.
    pub(super) denied: Vec<Denied>,
    pub(super) items: Vec<work::Item>,
    /// The item about what is missing of its claim; until it is woven in, as if nothing else was
    /// said of that.
    pub(super) underpaid: Option<work::Item>,
    pub(super) money: Money,
    pub(super) exceptions: i64,
    /// What a change on trial would do to it.
    pub(super) trial: Tally,
    /// The part's content, encoded: of the occurrence's row, or of what a later part adds.
    pub(super) document: Vec<u8>,
}

/// What a later part adds to its occurrence.
#[derive(Debug)]
pub(super) struct Later {
    pub(super) part: i64,
    pub(super) denied_cents: i64,
    pub(super) contractual_cents: i64,
    /// Said by the last part.
    pub(super) balanced: Option<bool>,
}

/// What is known of the claim beside its adjudication.
pub(super) struct Known<'a> {
    pub(super) facts: ClaimFacts<'a>,
    pub(super) lob: Option<Lob>,
    pub(super) claim_type: Option<ClaimType>,
    pub(super) service_on: Option<NaiveDate>,
    /// The service line of each line of the part.
    pub(super) service_lines: Vec<Option<&'a str>>,
}

impl<'a> Known<'a> {
    /// What is known of the claim of a part.
    pub(super) fn of(
        desk: &Desk<'a>,
        part: &ClaimPart,
        governing: &'a Governing,
        head: &Head,
        on_record: &OnRecord,
    ) -> Self {
        let lob = governing.payer.as_ref().and_then(|payer| payer.lob);
        let lob = lob.or_else(|| Lob::from_filing_indicator(&part.filing));
        let claim_type = claim_type(part);
        let bill_type = format!("{}{}", part.facility, part.frequency);
        let service_line = |line| desk.context.service_line(line, &bill_type);
        let service_lines: Vec<Option<&str>> = part.lines.iter().map(service_line).collect();
        Self {
            lob,
            claim_type,
            service_on: head.service_on,
            facts: ClaimFacts {
                payer: governing.payer.as_ref().map(|payer| payer.slug.as_str()),
                lob,
                network: governing.payer.as_ref().and_then(|payer| payer.network),
                facility: governing.facility.as_ref().map(|facility| facility.slug.as_str()),
                service_line: shared(&service_lines),
                claim_type,
                authorization: on_record.authorization,
                eligibility: on_record.eligibility,
                filing_proof: on_record.filing_proof,
                service_on: head.service_on,
            },
            service_lines,
        }
    }
}

/// Decides one part.
pub(super) fn draft(desk: &Desk<'_>, ready: Ready) -> Draft {
    let (part, governing) = (&ready.part, &*ready.governing);
    let known = Known::of(desk, part, governing, &ready.head, &ready.on_record);
    let occurrence = occurrence(part, &ready.head.remarks, known.facts, &known.service_lines);
    let findings = detect(&occurrence, desk.revision.compiled());
    let claim_id = ready.claim_id.unwrap_or_default();
    let (mut denials, denied) = denial_row::rows(desk, &ready, &known, &findings.denials);
    let live = desk.file.purpose == files::LIVE && !part.is_reversal();
    let items =
        if live { work::items(desk, &ready, &known, &findings, &mut denials) } else { Vec::new() };
    let underpaid = if live { item(desk, &ready, &known, &findings, Judged::Alone) } else { None };
    let number = normalized(part.number.reveal());
    let patient_control_number = match (number.is_empty(), part.payer_control.is_empty()) {
        (false, _) => number,
        (true, false) => format!("~{}", normalized(part.payer_control.reveal())),
        // Nothing names the claim: a case of its own.
        (true, true) => format!("~{}/{}", desk.file.id, ready.ordinal),
    };
    let first = part.part == 0;
    Draft {
        transaction: ready.transaction,
        number: ready.number,
        ordinal: ready.ordinal,
        claim_id: ready.claim_id,
        payer_key: governing.payer_key.clone(),
        payer_id: governing.payer_id(),
        patient_control_number,
        payer_claim_number: normalized(part.payer_control.reveal()),
        follows: part.is_reversal()
            || part.reference("F8").is_some()
            || ["7", "8"].contains(&part.frequency.as_str()),
        original_number: part.reference("F8").map(normalized).unwrap_or_default(),
        case_id: Uuid::nil(),
        context_version: ready.on_record.version,
        reversal: part.is_reversal(),
        remit_on: governing.remit_on,
        row: first.then(|| claim_row::row(desk, &ready, &known, &findings)),
        subject: first.then(|| claim_row::subject(part, claim_id)),
        later: (!first).then(|| claim_row::later(&ready, &findings)),
        trial: Tally::default(),
        underpaid,
        money: Money::of(&ready, &findings),
        exceptions: i64::try_from(findings.exceptions.len()).unwrap_or(i64::MAX),
        denials,
        denied,
        items,
        document: claim_document::encode(ready.sent.unwrap_or(ready.part), &known.service_lines),
    }
}

/// The value that all of a claim's lines have; none where they differ.
fn shared<'a>(values: &[Option<&'a str>]) -> Option<&'a str> {
    let (first, rest) = values.split_first()?;
    first.filter(|_| rest.iter().all(|other| other == first))
}
