//! One part of a claim, decided: everything about it that needs no look into the ledger.

use chrono::NaiveDate;
use domain::codes::{Carc, ClaimStatus, Group, Lob, Rarc};
use domain::denial::occurrence::ClaimFacts;
use domain::denial::{Adjustment, Line, Occurrence, detect};
use domain::dictionary::vocabulary::ClaimType;
use domain::money::Cents;
use uuid::Uuid;
use x12::RemarkSource;
use x12::model::{AdjustmentValue, ClaimPart, LineValue, Money, RemarkValue};

use super::collect::Ready;
use super::facts::day;
use super::{Desk, claim_row, denial_row, work};
use crate::store::entity::{claim, denial, subject};
use crate::store::files;

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
    pub(super) reversal: Option<Reversal>,
    pub(super) remit_on: NaiveDate,
    /// The occurrence's row, of its first part.
    pub(super) row: Option<claim::Model>,
    pub(super) subject: Option<subject::Model>,
    /// What a later part adds.
    pub(super) later: Option<Later>,
    pub(super) denials: Vec<denial::Model>,
    pub(super) items: Vec<work::Item>,
    pub(super) exceptions: i64,
}

/// What a reversal (CLP02 22) says of the claim it takes back.
#[derive(Debug)]
pub(super) struct Reversal {
    /// The payer's numbers that may name it: CLP07, and REF F8.
    pub(super) names: Vec<String>,
}

/// What a later part adds to its occurrence.
#[derive(Debug)]
pub(super) struct Later {
    pub(super) part: i64,
    pub(super) document: Vec<u8>,
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

/// Decides one part.
pub(super) fn draft(desk: &Desk<'_>, ready: Ready) -> Draft {
    let (part, governing) = (&ready.part, &*ready.governing);
    let lob = governing.payer.as_ref().and_then(|payer| payer.lob);
    let lob = lob.or_else(|| Lob::from_filing_indicator(&part.filing));
    let claim_type = claim_type(part);
    let bill_type = format!("{}{}", part.facility, part.frequency);
    let service_line = |line| desk.context.service_line(line, &bill_type);
    let service_lines: Vec<Option<&str>> = part.lines.iter().map(service_line).collect();
    let known = Known {
        lob,
        claim_type,
        service_on: ready.head.service_on,
        facts: ClaimFacts {
            payer: governing.payer.as_ref().map(|payer| payer.slug.as_str()),
            lob,
            network: governing.payer.as_ref().and_then(|payer| payer.network),
            facility: governing.facility.as_ref().map(|facility| facility.slug.as_str()),
            service_line: shared(&service_lines),
            claim_type,
            service_on: ready.head.service_on,
            ..ClaimFacts::default()
        },
        service_lines,
    };
    let occurrence = occurrence(part, &ready.head.remarks, known.facts, &known.service_lines);
    let findings = detect(&occurrence, desk.revision.compiled());
    let claim_id = ready.claim_id.unwrap_or_default();
    let mut denials = denial_row::rows(desk, &ready, &known, &findings.denials);
    let live = desk.file.purpose == files::LIVE && !part.is_reversal();
    let items =
        if live { work::items(desk, &ready, &known, &findings, &mut denials) } else { Vec::new() };
    let number = claim_row::normalized(part.number.reveal());
    let patient_control_number = match (number.is_empty(), part.payer_control.is_empty()) {
        (false, _) => number,
        (true, false) => format!("~{}", claim_row::normalized(part.payer_control.reveal())),
        // Nothing names the claim: a case of its own.
        (true, true) => format!("~{}/{}", desk.file.id, ready.ordinal),
    };
    let (row, subject, later) = if part.part == 0 {
        let row = claim_row::row(desk, &ready, &known, &findings);
        (Some(row), Some(claim_row::subject(part, claim_id)), None)
    } else {
        (None, None, Some(claim_row::later(desk, &ready, &findings)))
    };
    Draft {
        transaction: ready.transaction,
        number: ready.number,
        ordinal: ready.ordinal,
        claim_id: ready.claim_id,
        payer_key: governing.payer_key.clone(),
        payer_id: governing.payer_id(),
        patient_control_number,
        payer_claim_number: claim_row::normalized(part.payer_control.reveal()),
        reversal: part.is_reversal().then(|| Reversal::of(part)),
        remit_on: governing.remit_on,
        row,
        subject,
        later,
        exceptions: i64::try_from(findings.exceptions.len()).unwrap_or(i64::MAX),
        denials,
        items,
    }
}

/// The value that all of a claim's lines have; none where they differ.
fn shared<'a>(values: &[Option<&'a str>]) -> Option<&'a str> {
    let (first, rest) = values.split_first()?;
    first.filter(|_| rest.iter().all(|other| other == first))
}

impl Reversal {
    fn of(part: &ClaimPart) -> Self {
        let original = part.reference("F8").unwrap_or_default();
        let names = [part.payer_control.reveal(), original].map(claim_row::normalized);
        Self { names: names.into_iter().filter(|name| !name.is_empty()).collect() }
    }
}

/// A claim part as the rules of denials see it when nothing but the file is known: for whoever
/// reads a file without a ledger.
#[must_use]
pub fn read_alone(part: &ClaimPart) -> Occurrence<'_> {
    let facts = ClaimFacts {
        lob: Lob::from_filing_indicator(&part.filing),
        claim_type: claim_type(part),
        service_on: service_day(part),
        ..ClaimFacts::default()
    };
    occurrence(part, &rarcs(&part.remarks), facts, &[])
}

/// The claim as the rules of denials see it; of a claim in parts, this part, made to come out: only
/// the reader has seen all of its sums.
fn occurrence<'a>(
    part: &'a ClaimPart,
    remarks: &[Rarc],
    facts: ClaimFacts<'a>,
    service_lines: &[Option<&'a str>],
) -> Occurrence<'a> {
    let whole = part.part == 0 && part.last;
    let service_lines = service_lines.iter().copied().chain(std::iter::repeat(None));
    let lines = part.lines.iter().zip(service_lines);
    let lines: Vec<Line<'a>> =
        lines.map(|(line, service_line)| Line { service_line, ..self::line(line) }).collect();
    let adjustments = adjustments(&part.adjustments);
    let (mut charge, mut paid) = (cents(&part.charge), cents(&part.paid));
    if !whole {
        let taken = lines.iter().flat_map(|line| &line.adjustments).chain(&adjustments);
        paid = total(lines.iter().map(|line| line.paid));
        charge = total(taken.map(|adjustment| adjustment.amount).chain([paid]));
    }
    Occurrence {
        status: ClaimStatus::parse(&part.status).unwrap_or(ClaimStatus::Primary),
        charge,
        paid,
        patient_responsibility: cents(&part.patient_responsibility),
        adjustments,
        remarks: remarks.to_vec(),
        lines,
        claim: facts,
    }
}

fn line(line: &LineValue) -> Line<'_> {
    let adjustments = adjustments(&line.adjustments);
    let paid = cents(&line.paid);
    // A line that goes on in another part has adjustments there; it is not unexplained here.
    let charge = if line.continued || line.balance.is_none() {
        total(adjustments.iter().map(|adjustment| adjustment.amount).chain([paid]))
    } else {
        cents(&line.charge)
    };
    Line {
        charge,
        paid,
        adjustments,
        remarks: rarcs(&line.remarks),
        procedure: text(&line.procedure),
        modifiers: line.modifiers.iter().map(String::as_str).collect(),
        revenue: text(&line.revenue),
        units_milli: milli(&line.units),
        service_line: None,
        service_on: line_day(line),
    }
}

/// The adjustments that read; one that does not is a finding of the reader and stays in the
/// document as it came.
fn adjustments(values: &[AdjustmentValue]) -> Vec<Adjustment> {
    let read = |value: &AdjustmentValue| {
        let amount = value.amount.cents()?;
        Some(Adjustment {
            group: Group::from_raw(&value.group_raw),
            carc: carc(&value.reason),
            amount: Cents::new(amount),
        })
    };
    values.iter().filter_map(read).collect()
}

/// A reason that can be no code is kept as one nobody knows: the exception queue owns it.
fn carc(reason: &str) -> Carc {
    let plain = || {
        let letters: String = reason.chars().filter(char::is_ascii_alphanumeric).take(7).collect();
        Carc::new(&format!("X{letters}"))
    };
    Carc::new(reason)
        .or_else(|_| plain())
        .expect("a letter and at most seven letters and digits are a code")
}

/// The remark codes; pharmacy reject codes are another list.
pub(super) fn rarcs(remarks: &[RemarkValue]) -> Vec<Rarc> {
    let ours = remarks.iter().filter(|remark| {
        matches!(
            remark.source,
            RemarkSource::LineRemark | RemarkSource::Inpatient | RemarkSource::Outpatient
        )
    });
    ours.filter_map(|remark| Rarc::new(&remark.code).ok()).collect()
}

/// The first day of service: DTM 232, else the earliest of the lines.
pub(super) fn service_day(part: &ClaimPart) -> Option<NaiveDate> {
    part.date("232").and_then(day).or_else(|| part.lines.iter().filter_map(line_day).min())
}

/// The day of a line: DTM 472, else 150.
pub(super) fn line_day(line: &LineValue) -> Option<NaiveDate> {
    line.date("472").or_else(|| line.date("150")).and_then(day)
}

/// The form of the claim, as far as a remittance shows it.
fn claim_type(part: &ClaimPart) -> Option<ClaimType> {
    let inpatient = !part.drg.is_empty()
        || part.remarks.iter().any(|remark| remark.source == RemarkSource::Inpatient);
    if inpatient {
        return Some(ClaimType::InstitutionalInpatient);
    }
    if part.lines.iter().any(|line| !line.revenue.is_empty() || line.procedure_kind == "NU") {
        let bed = ["11", "12", "18", "21", "41"].contains(&part.facility.as_str());
        return Some(if bed {
            ClaimType::InstitutionalInpatient
        } else {
            ClaimType::InstitutionalOutpatient
        });
    }
    match part.lines.first().map(|line| line.procedure_kind.as_str()) {
        Some("AD") => Some(ClaimType::Dental),
        Some("N4") => Some(ClaimType::Pharmacy),
        Some("HC" | "HP") => Some(ClaimType::Professional),
        _ => None,
    }
}

pub(super) fn cents(money: &Money) -> Cents {
    Cents::new(money.cents().unwrap_or_default())
}

fn total(amounts: impl Iterator<Item = Cents>) -> Cents {
    Cents::new(amounts.fold(0, |sum: i64, amount| sum.saturating_add(amount.as_i64())))
}

fn text(value: &str) -> Option<&str> {
    (!value.is_empty()).then_some(value)
}

/// A decimal of at most three places, in thousandths.
fn milli(units: &str) -> Option<i64> {
    let (whole, part) = units.split_once('.').unwrap_or((units, ""));
    if part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part: i64 = format!("{part:0<3}").parse().ok()?;
    let whole: i64 = whole.parse().ok()?;
    whole.checked_mul(1_000)?.checked_add(if whole < 0 { -part } else { part })
}
