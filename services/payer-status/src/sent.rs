//! A status as it is sent, judged.

use chrono::{DateTime, SubsecRound, Utc};
use contracts::routing::v1::{PayerStatus, PayerStatusOutcome, PayerStatusSource};
use domain_work::payer_status::{Outcome, Source, outcome};
use ledger::claim_document::{CONTROL_NUMBER_MAX, normalized};
use platform::rejection::{Fault, Violations};
use uuid::Uuid;
use views::at_source;

/// The most characters of a payer's number: a CLP07 is a REF02 of 50 at most (TR3 835, 277).
const NUMBER_MAX: usize = 50;
/// The most characters of a note.
const NOTE_MAX: usize = 4_000;

/// A status that may be recorded.
#[derive(Clone, Debug)]
pub struct Sent {
    pub(crate) payer: Uuid,
    /// Normalized; one of both numbers may be empty.
    pub(crate) control_number: Private,
    pub(crate) payer_number: Private,
    pub(crate) source: Source,
    pub(crate) category: String,
    pub(crate) status: String,
    pub(crate) entity: String,
    pub(crate) outcome: Outcome,
    pub(crate) note: Private,
    pub(crate) stated_at: DateTime<Utc>,
}

/// Patient data, which no log prints.
#[derive(Clone)]
pub(crate) struct Private(pub(crate) String);

impl std::fmt::Debug for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("..")
    }
}

impl Sent {
    /// Judges what is sent.
    ///
    /// # Errors
    /// [`Fault::Invalid`] with every field at fault.
    pub fn of(sent: PayerStatus, now: DateTime<Utc>) -> Result<Self, Fault> {
        let mut found = Violations::default();
        let (said_outcome, said_source) = (sent.outcome, sent.source);
        let payer = Uuid::try_parse(&sent.payer_id).map_err(|_| "is not a UUID");
        let payer = found.check("payer_status.payer_id", payer);
        let control_number = normalized(&sent.patient_control_number);
        let payer_number = normalized(&sent.payer_claim_number);
        if control_number.is_empty() && payer_number.is_empty() {
            let words = "is required where the payer's own number is not given";
            found.add("payer_status.patient_control_number", words);
        }
        for (field, value, max) in [
            ("payer_status.patient_control_number", control_number.as_str(), CONTROL_NUMBER_MAX),
            ("payer_status.payer_claim_number", payer_number.as_str(), NUMBER_MAX),
        ] {
            if !value.is_empty() {
                found.text(field, value, max);
            }
        }
        let source = source(said_source);
        if source.is_none() {
            found.add("payer_status.source", "must be X277CA, X277, PORTAL or CALL");
        }
        // What is no letter of the lists stays what it is, and is refused.
        let code = |sent: &String| sent.trim().to_ascii_uppercase();
        let [category, status, entity] =
            [&sent.category_code, &sent.status_code, &sent.entity_code].map(code);
        let mandatory = source.is_some_and(Source::is_file);
        codes([&category, &status, &entity], mandatory, &mut found);
        if sent.note.chars().count() > NOTE_MAX {
            found.add("payer_status.note", format!("is longer than {NOTE_MAX} characters"));
        }
        let what = ("payer_status.stated_at", "when the payer stated it");
        let stated_at = at_source(what, sent.stated_at, now, &mut found);
        let outcome = source.and_then(|source| meant(source, &category, said_outcome, &mut found));
        found.into_result()?;
        let (Some(payer), Some(source), Some(outcome), Some(stated_at)) =
            (payer, source, outcome, stated_at)
        else {
            return Err(Fault::Broken("a violation was lost"));
        };
        Ok(Self {
            payer,
            control_number: Private(control_number),
            payer_number: Private(payer_number),
            source,
            category,
            status,
            entity,
            outcome,
            note: Private(sent.note),
            // As databases keep instants.
            stated_at: stated_at.trunc_subsecs(6),
        })
    }
}

fn source(sent: i32) -> Option<Source> {
    let sent = PayerStatusSource::try_from(sent).ok()?;
    Source::parse(sent.as_str_name().strip_prefix("PAYER_STATUS_SOURCE_")?)
}

/// What it means; a code of no shape says nothing and was noted.
fn meant(source: Source, category: &str, sent: i32, found: &mut Violations) -> Option<Outcome> {
    let named = PayerStatusOutcome::try_from(sent).map(|sent| sent.as_str_name());
    let stated = match named {
        Ok("PAYER_STATUS_OUTCOME_UNSPECIFIED") => None,
        Ok(name) => Outcome::parse(name.trim_start_matches("PAYER_STATUS_OUTCOME_")),
        Err(_) => {
            found.add("payer_status.outcome", "has no such value");
            return None;
        }
    };
    // Of a file without a code the code is missing, and nothing else.
    if category.is_empty() && source.is_file() {
        return None;
    }
    match outcome(source, category, stated) {
        Ok(outcome) => Some(outcome),
        Err(violation) => {
            found.add(format!("payer_status.{}", violation.field), violation.words);
            None
        }
    }
}

/// Notes codes of another shape than their X12 lists have.
fn codes([category, status, entity]: [&String; 3], mandatory: bool, found: &mut Violations) {
    let plain = |code: &str| code.bytes().all(|sign| sign.is_ascii_alphanumeric());
    let digits = |code: &str| code.bytes().all(|sign| sign.is_ascii_digit());
    let letter = category.starts_with(|sign: char| sign.is_ascii_uppercase());
    for (field, code, fits, words) in [
        (
            "payer_status.category_code",
            category,
            letter && plain(category) && (2..=3).contains(&category.len()),
            "must be a category of X12 source 507: a letter and one or two letters or digits",
        ),
        (
            "payer_status.status_code",
            status,
            digits(status) && (1..=4).contains(&status.len()),
            "must be a status of X12 source 508: 1 to 4 digits",
        ),
        (
            "payer_status.entity_code",
            entity,
            plain(entity) && (2..=3).contains(&entity.len()),
            "must be an entity of X12 element 98: 2 or 3 letters or digits",
        ),
    ] {
        let absent = code.is_empty();
        if absent && mandatory && field != "payer_status.entity_code" {
            found.add(field, "is required of a 277 and a 277CA");
        } else if !absent && !fits {
            found.add(field, words);
        }
    }
}

#[cfg(test)]
mod tests;
