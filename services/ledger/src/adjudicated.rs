//! An occurrence out of its documents, as the rules of settlement see it.

#![expect(missing_debug_implementations, reason = "what a document holds is a patient's")]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::codes::{Carc, Group};
use domain::money::Cents;
use domain_work::settlement::{AdjudicatedLine, LineKey, Occurrence, Refused, Said, Sent};
use domain_work::underpayment::{Adjudication, SEQUESTRATION};
use platform::rejection::Fault;
use prost::Message;
use uuid::Uuid;

use crate::claim_document::normalized;
use crate::document::{ClaimDocument, DatedDocument, LineDocument, ReferenceDocument};
use crate::usual::PRIMARY;

/// CLP09 of a claim that replaces one (CLM05-3).
const REPLACEMENT: &str = "7";

/// An occurrence and what was refused by it.
pub struct Adjudicated {
    id: Uuid,
    numbers: Vec<String>,
    remittance: Uuid,
    remit_on: NaiveDate,
    reversal: bool,
    /// Whether the payer processed it as the primary one.
    primary: bool,
    charge: Cents,
    paid: Cents,
    /// Adjustments that name the patient.
    patient: i64,
    sequestered: i64,
    sent: Sent,
    lines: Vec<Line>,
    refused: Vec<(i64, Refused)>,
}

/// What the columns of an occurrence say of it.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a> {
    /// Which.
    pub id: Uuid,
    /// The payer's number (CLP07), normalized; may be empty.
    pub payer_claim_number: &'a str,
    /// The transaction it came with.
    pub remittance: Uuid,
    /// Day of payment.
    pub remit_on: NaiveDate,
    /// Whether it takes something back.
    pub reversal: bool,
    /// How the payer processed it (CLP02).
    pub status: &'a str,
    /// Charge of the claim.
    pub charge: Cents,
    /// What it was paid.
    pub paid: Cents,
}

struct Line {
    index: i64,
    control: String,
    procedure: String,
    modifiers: String,
    service_on: Option<NaiveDate>,
    charge: Cents,
    nth: u32,
    paid: Cents,
}

impl Adjudicated {
    /// From its columns and the documents of its parts, in their order.
    ///
    /// # Errors
    /// When a document does not decode.
    pub fn of<'d>(
        columns: Columns<'_>,
        documents: impl IntoIterator<Item = &'d [u8]>,
    ) -> Result<Self, Fault> {
        let mut lines: BTreeMap<i64, Line> = BTreeMap::new();
        let mut numbers = vec![columns.payer_claim_number.to_owned()];
        let mut sent = Sent::Other;
        let (mut patient, mut sequestered) = (0_i64, 0_i64);
        for document in documents {
            let document = ClaimDocument::decode(document)
                .map_err(|_| Fault::Broken("the document of a claim does not decode"))?;
            numbers.extend(reference(&document.references, "F8").map(normalized));
            if document.frequency == REPLACEMENT {
                sent = Sent::CorrectedClaim;
            }
            let of_lines = document.lines.iter().flat_map(|line| &line.adjustments);
            for one in document.adjustments.iter().chain(of_lines) {
                let amount = one.amount_cents.unwrap_or_default();
                if Group::from_raw(&one.group) == Group::PR {
                    patient = patient.saturating_add(amount);
                }
                if one.reason == SEQUESTRATION {
                    sequestered = sequestered.saturating_add(amount);
                }
            }
            for line in &document.lines {
                // A line that the part before began is that one.
                let line = Line::of(line);
                lines.entry(line.index).or_insert(line);
            }
        }
        numbers.retain(|number| !number.is_empty());
        Ok(Self {
            id: columns.id,
            numbers,
            remittance: columns.remittance,
            remit_on: columns.remit_on,
            reversal: columns.reversal,
            primary: PRIMARY.contains(&columns.status),
            charge: columns.charge,
            paid: columns.paid,
            patient,
            sequestered,
            sent,
            lines: counted(lines.into_values().collect()),
            refused: Vec::new(),
        })
    }

    /// Adds a denial that it made: the place of its line, -1 for the claim as a whole. A code that
    /// is none is left out, as intake made no denial of it.
    pub fn refuse(&mut self, line: i64, id: Uuid, (group, carc): (&str, &str), denied: Cents) {
        if let Ok(carc) = Carc::new(carc) {
            let refused = Refused { id, group: Group::from_raw(group), carc, denied };
            self.refused.push((line, refused));
        }
    }

    /// When it was said, for order among those of its case.
    #[must_use]
    pub fn said(&self) -> (NaiveDate, Uuid) {
        (self.remit_on, self.id)
    }

    /// What was charged.
    #[must_use]
    pub fn charge(&self) -> Cents {
        self.charge
    }

    /// Whether it takes something back.
    #[must_use]
    pub fn is_reversal(&self) -> bool {
        self.reversal
    }

    /// Whether the payer processed the claim as the primary one.
    #[must_use]
    pub fn is_primary(&self) -> bool {
        self.primary
    }

    /// The money of it; what seems downgraded only a dictionary can say.
    #[must_use]
    pub fn money(&self) -> Adjudication {
        let refused = self.refused.iter().map(|(_, refused)| refused);
        let refused = refused.filter(|refused| refused.group == Group::PR);
        let refused = refused.fold(0_i64, |sum, one| sum.saturating_add(one.denied.as_i64()));
        Adjudication {
            paid: self.paid,
            patient: Cents::new(self.patient.saturating_sub(refused)),
            sequestered: Cents::new(self.sequestered),
            downgraded: Cents::ZERO,
        }
    }

    /// As the rules see it.
    #[must_use]
    pub fn occurrence(&self) -> Occurrence<'_> {
        let said = if self.reversal {
            Said::Reversed
        } else {
            Said::Adjudicated { lines: self.adjudicated_lines(), sent: self.sent }
        };
        Occurrence {
            id: self.id,
            numbers: self.numbers.iter().map(String::as_str).collect(),
            remittance: self.remittance,
            remit_on: self.remit_on,
            charge: self.charge,
            said,
        }
    }

    fn adjudicated_lines(&self) -> Vec<AdjudicatedLine<'_>> {
        let refused = |at: i64| {
            let here = self.refused.iter().filter(|(line, _)| *line == at);
            here.map(|(_, refused)| *refused).collect::<Vec<_>>()
        };
        let whole = AdjudicatedLine { line: None, paid: self.paid, denials: refused(-1) };
        let lines = self.lines.iter().map(|line| AdjudicatedLine {
            line: Some(line.key()),
            paid: line.paid,
            denials: refused(line.index),
        });
        std::iter::once(whole).chain(lines).collect()
    }
}

impl Line {
    fn of(line: &LineDocument) -> Self {
        let billed = if line.submitted_procedure.is_empty() {
            &line.procedure
        } else {
            &line.submitted_procedure
        };
        let mut modifiers = line.modifiers.clone();
        modifiers.sort_unstable();
        let cents = |amount: Option<i64>| Cents::new(amount.unwrap_or_default());
        Self {
            index: i64::try_from(line.index).unwrap_or(i64::MAX),
            control: reference(&line.references, "6R").map(normalized).unwrap_or_default(),
            procedure: billed.clone(),
            modifiers: modifiers.join(" "),
            service_on: date(&line.dates, "472").or_else(|| date(&line.dates, "150")),
            charge: cents(line.charge_cents),
            nth: 0,
            paid: cents(line.paid_cents),
        }
    }

    fn key(&self) -> LineKey<'_> {
        LineKey {
            control: &self.control,
            procedure: &self.procedure,
            modifiers: &self.modifiers,
            service_on: self.service_on,
            charge: self.charge,
            nth: self.nth,
        }
    }
}

/// Numbers lines that are alike.
fn counted(mut lines: Vec<Line>) -> Vec<Line> {
    let mut alike: BTreeMap<(String, String, Option<NaiveDate>, i64), u32> = BTreeMap::new();
    for line in &mut lines {
        let billed = (line.procedure.clone(), line.modifiers.clone());
        let key = (billed.0, billed.1, line.service_on, line.charge.as_i64());
        let seen = alike.entry(key).or_default();
        line.nth = *seen;
        *seen += 1;
    }
    lines
}

fn reference<'a>(references: &'a [ReferenceDocument], qualifier: &str) -> Option<&'a str> {
    let found = references.iter().find(|reference| reference.qualifier == qualifier);
    found.map(|reference| reference.value.as_str()).filter(|value| !value.trim().is_empty())
}

fn date(dates: &[DatedDocument], qualifier: &str) -> Option<NaiveDate> {
    let found = dates.iter().find(|date| date.qualifier == qualifier)?;
    NaiveDate::parse_from_str(&found.value, "%Y%m%d").ok()
}
