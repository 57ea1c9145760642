//! One row: a refusal of a claim or of one of its lines.

use chrono::NaiveDate;
use domain::codes::{Carc, Group, Rarc};
use remitted::{FacilityFact, PayerFact};

use crate::cell::{self, Words};
use crate::mapping::Field;
use crate::parties::Parties;
use crate::sheet::{Fault, Line};

/// A row that reads.
#[derive(Clone, Debug)]
pub(crate) struct Row<'c> {
    /// Its place in the file.
    pub(crate) number: usize,
    pub(crate) payer: &'c PayerFact,
    pub(crate) facility: &'c FacilityFact,
    /// As cases are named: raised.
    pub(crate) account: String,
    pub(crate) payer_claim_number: String,
    pub(crate) remit_on: NaiveDate,
    /// First and last day of service.
    pub(crate) service: (NaiveDate, NaiveDate),
    pub(crate) charge: i64,
    pub(crate) paid: Option<i64>,
    /// `None` for the claim as a whole.
    pub(crate) billed: Option<Billed>,
    pub(crate) reason: Reason,
    pub(crate) denied: i64,
    pub(crate) rarcs: Vec<Rarc>,
    pub(crate) member: String,
    pub(crate) patient: String,
}

/// What a line is recognized by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Billed {
    pub(crate) procedure: String,
    pub(crate) modifiers: Vec<String>,
    pub(crate) revenue: String,
    pub(crate) service: (NaiveDate, NaiveDate),
    /// `None` where nobody says it.
    pub(crate) charge: Option<i64>,
    /// Tells it from one that was billed alike.
    pub(crate) number: u32,
}

/// Group and reason code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reason {
    pub(crate) group: Group,
    pub(crate) carc: Carc,
}

impl Reason {
    /// CO-45: more than the contracted fee.
    pub(crate) fn contractual() -> Self {
        Self { group: Group::CO, carc: Carc::new("45").expect("a code of X12") }
    }
}

/// Reads the cells of a row and notes what is wrong with them.
struct Cells<'s> {
    line: Line<'s>,
    faults: Vec<Fault>,
}

impl Cells<'_> {
    fn take<T>(&mut self, field: Field, read: impl Fn(&str) -> Result<T, Words>) -> Option<T> {
        let read = self.line.cell(field).map_err(str::to_owned).and_then(read);
        read.map_err(|words| self.faults.push((Some(field), words))).ok()
    }

    fn fault(&mut self, field: Field, words: &str) {
        self.faults.push((Some(field), words.to_owned()));
    }
}

/// The account that a row is about, as far as it reads: its claim is refused with it.
pub(crate) fn account(line: Line<'_>) -> Option<String> {
    let account = line.cell(Field::PatientControlNumber).ok()?;
    (!account.is_empty()).then(|| account.to_uppercase())
}

/// Reads a row.
///
/// # Errors
/// All that is wrong with it.
pub(crate) fn read<'c>(
    number: usize,
    line: Line<'_>,
    parties: &Parties<'c>,
    today: NaiveDate,
) -> Result<Row<'c>, Vec<Fault>> {
    if let Some(fault) = line.fault() {
        return Err(vec![fault]);
    }
    let mut cells = Cells { line, faults: Vec::new() };
    let account = cells.take(Field::PatientControlNumber, |cell| match cell {
        "" => Err("is empty: it names the claim".to_owned()),
        _ => cell::text(cell, 50).map(|text| text.to_uppercase()),
    });
    let payer = cells.take(Field::Payer, |cell| parties.payer(cell));
    let facility = cells.take(Field::Facility, |cell| parties.facility(cell));
    let payer_claim_number =
        cells.take(Field::PayerClaimNumber, |cell| Ok(cell::text(cell, 50)?.to_uppercase()));
    let remit_on = cells.take(Field::RemitDate, |cell| match cell::day(cell)? {
        day if day > today => Err("lies in the future".to_owned()),
        day => Ok(day),
    });
    let service = service(&mut cells);
    if remit_on.zip(service).is_some_and(|(remit_on, (from, _))| from > remit_on) {
        cells.fault(Field::ServiceFrom, "is after the day of the denial");
    }
    let charge = cells.take(Field::ClaimCharge, cell::positive);
    let paid = cells.take(Field::ClaimPaid, cell::unless_empty);
    let group = cells.take(Field::Group, |cell| {
        let known = ["CO", "OA", "PI", "PR"].contains(&cell.to_ascii_uppercase().as_str());
        let words = || "must be CO, OA, PI or PR".to_owned();
        known.then(|| Group::from_raw(cell)).ok_or_else(words)
    });
    let carc = cells.take(Field::Carc, |cell| Carc::new(cell).map_err(|error| error.to_string()));
    let rarcs = cells.take(Field::Rarcs, cell::rarcs);
    let denied = cells.take(Field::DeniedAmount, cell::positive);
    let member = cells.take(Field::MemberId, |cell| cell::text(cell, 80));
    let patient = cells.take(Field::PatientName, |cell| cell::text(cell, 120));
    let billed = billed(&mut cells, service);
    let row = || {
        Some(Row {
            number,
            payer: payer?,
            facility: facility?,
            account: account?,
            payer_claim_number: payer_claim_number?,
            remit_on: remit_on?,
            service: service?,
            charge: charge?,
            paid: paid?,
            billed: billed?,
            reason: Reason { group: group?, carc: carc? },
            denied: denied?,
            rarcs: rarcs?,
            member: member?,
            patient: patient?,
        })
    };
    match row() {
        Some(row) if cells.faults.is_empty() => Ok(row),
        _ => Err(cells.faults),
    }
}

fn service(cells: &mut Cells<'_>) -> Option<(NaiveDate, NaiveDate)> {
    let from = cells.take(Field::ServiceFrom, cell::day);
    let to = cells.take(Field::ServiceTo, |cell| match cell {
        "" => Ok(None),
        _ => cell::day(cell).map(Some),
    });
    let (from, to) = (from?, to?.or(from)?);
    if to < from {
        cells.fault(Field::ServiceTo, "is before the first day of service");
        return None;
    }
    Some((from, to))
}

/// The line that a row is about; nothing inside where it is about the claim.
fn billed(
    cells: &mut Cells<'_>,
    service: Option<(NaiveDate, NaiveDate)>,
) -> Option<Option<Billed>> {
    let procedure = cells.take(Field::Procedure, |cell| cell::code(cell, 15));
    let modifiers = cells.take(Field::Modifiers, modifiers);
    let revenue = cells.take(Field::RevenueCode, revenue);
    let charge = cells.take(Field::LineCharge, |cell| match cell {
        "" => Ok(None),
        _ => cell::positive(cell).map(Some),
    });
    let number = cells.take(Field::LineNumber, |cell| match cell {
        "" => Ok(0),
        _ => cell.parse().map_err(|_| "must be a whole number".to_owned()),
    });
    let (procedure, modifiers, revenue) = (procedure?, modifiers?, revenue?);
    let (charge, number, service) = (charge?, number?, service?);
    if procedure.is_empty() && revenue.is_empty() {
        let of_a_line = charge.is_some() || number != 0 || !modifiers.is_empty();
        if of_a_line {
            cells.fault(Field::Procedure, "is empty: a line needs it, or its revenue code");
        }
        return (!of_a_line).then_some(None);
    }
    Some(Some(Billed { procedure, modifiers, revenue, service, charge, number }))
}

fn modifiers(cell: &str) -> Result<Vec<String>, Words> {
    let words = || "must be at most four modifiers of two letters or digits".to_owned();
    let modifiers: Vec<String> =
        cell::listed(cell).map(|one| cell::code(one, 2)).collect::<Result<_, _>>()?;
    let fit = modifiers.len() <= 4 && modifiers.iter().all(|one| one.len() == 2);
    fit.then_some(modifiers).ok_or_else(words)
}

fn revenue(cell: &str) -> Result<String, Words> {
    match cell {
        "" => Ok(String::new()),
        _ if cell.len() <= 4 && cell.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(format!("{cell:0>4}"))
        }
        _ => Err("must be a revenue code of four digits".to_owned()),
    }
}
