//! Claims and their lines.

use chrono::NaiveDate;
use domain::codes::{ClaimStatus, Group, Lob, Rarc};
use domain::denial::occurrence::ClaimFacts;
use domain::denial::{Adjustment, Line, Occurrence};
use domain::dictionary::vocabulary::ClaimType;
use domain::money::Cents;
use x12::RemarkSource;
use x12::model::{AdjustmentValue, ClaimPart, LineValue, RemarkValue};

use crate::values::{carc, cents, day, milli, text, total};

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
#[must_use]
pub fn occurrence<'a>(
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

/// The remark codes; pharmacy reject codes are another list.
#[must_use]
pub fn rarcs(remarks: &[RemarkValue]) -> Vec<Rarc> {
    let ours = remarks.iter().filter(|remark| {
        matches!(
            remark.source,
            RemarkSource::LineRemark | RemarkSource::Inpatient | RemarkSource::Outpatient
        )
    });
    ours.filter_map(|remark| Rarc::new(&remark.code).ok()).collect()
}

/// The first day of service: DTM 232, else the earliest of the lines.
#[must_use]
pub fn service_day(part: &ClaimPart) -> Option<NaiveDate> {
    part.date("232").and_then(day).or_else(|| part.lines.iter().filter_map(line_day).min())
}

/// The day of a line: DTM 472, else 150.
#[must_use]
pub fn line_day(line: &LineValue) -> Option<NaiveDate> {
    line.date("472").or_else(|| line.date("150")).and_then(day)
}

/// The form of the claim, as far as a remittance shows it.
#[must_use]
pub fn claim_type(part: &ClaimPart) -> Option<ClaimType> {
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
