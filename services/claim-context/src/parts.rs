//! The parts of a context: what is sent, judged, and laid over what is known.

use chrono::{DateTime, Utc};
use contracts::dictionary::v1 as dictionary;
use contracts::google::r#type::Date;
use contracts::routing::v1 as pb;
use platform::clock::{day, instant};
use platform::rejection::Violations;
use views::{CENTS_MAX, at_source, cents};

/// The most characters of a note.
const NOTE_MAX: usize = 4_000;
/// The most characters of a number or a code.
const NUMBER_MAX: usize = 80;
/// The most items of a list.
const LISTED_MAX: usize = 500;

/// Notes everything that is wrong with the parts of a context; at least one must be there.
pub(crate) fn check(sent: &pb::ClaimContext, now: DateTime<Utc>, violations: &mut Violations) {
    let mut parts = 0;
    let mut source = |part: &str, at: Option<prost_types::Timestamp>, found: &mut Violations| {
        parts += 1;
        let field = format!("claim_context.{part}.source_at");
        at_source((&field, "when the source last changed it"), at, now, found);
    };
    if let Some(part) = &sent.eligibility {
        source("eligibility", part.source_at, violations);
        let none = part.status() == dictionary::EligibilityStatus::Unspecified;
        required("eligibility.status", none, violations);
        text("eligibility.other_payer", &part.other_payer, 200, violations);
        text("eligibility.check_id", &part.check_id, NUMBER_MAX, violations);
    }
    if let Some(part) = &sent.authorization {
        source("authorization", part.source_at, violations);
        let none = part.status() == dictionary::AuthorizationStatus::Unspecified;
        required("authorization.status", none, violations);
        text("authorization.number", &part.number, NUMBER_MAX, violations);
        let [from, to] = [("valid_from", part.valid_from), ("valid_to", part.valid_to)]
            .map(|(field, sent)| date(&format!("authorization.{field}"), sent, violations));
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            violations.add("claim_context.authorization.valid_to", "is before `valid_from`");
        }
        list("authorization.procedure_codes", &part.procedure_codes, violations);
    }
    if let Some(part) = &sent.documentation {
        source("documentation", part.source_at, violations);
        list("documentation.present_standards", &part.present_standards, violations);
        list("documentation.missing_standards", &part.missing_standards, violations);
        text("documentation.note", &part.note, NOTE_MAX, violations);
    }
    if let Some(part) = &sent.coding {
        source("coding", part.source_at, violations);
        list("coding.diagnosis_codes", &part.diagnosis_codes, violations);
        text("coding.note", &part.note, NOTE_MAX, violations);
    }
    if let Some(part) = &sent.claim_edit {
        source("claim_edit", part.source_at, violations);
        date("claim_edit.accepted_on", part.accepted_on, violations);
        list("claim_edit.edits_hit", &part.edits_hit, violations);
        if part.expected_allowed_cents.is_some_and(|cents| !(0..=CENTS_MAX).contains(&cents)) {
            let field = "claim_context.claim_edit.expected_allowed_cents";
            violations.add(field, "must be 0 to 9,007,199,254,740,991");
        }
    }
    if let Some(part) = &sent.posting {
        source("posting", part.source_at, violations);
        cents("claim_context.posting.posted", part.posted.as_ref(), violations);
        cents("claim_context.posting.balance", part.balance.as_ref(), violations);
    }
    if parts == 0 {
        violations.add("claim_context", "has no part: nothing is said of the claim");
    }
}

fn required(field: &str, missing: bool, violations: &mut Violations) {
    if missing {
        violations.add(format!("claim_context.{field}"), "is required");
    }
}

fn text(field: &str, value: &str, max: usize, violations: &mut Violations) {
    if value.chars().count() > max {
        let words = format!("is longer than {max} characters");
        violations.add(format!("claim_context.{field}"), words);
    }
}

fn list(field: &str, values: &[String], violations: &mut Violations) {
    if values.len() > LISTED_MAX {
        let words = format!("has more than {LISTED_MAX} items");
        violations.add(format!("claim_context.{field}"), words);
    }
    let wrong = |value: &String| value.trim().is_empty() || value.chars().count() > NUMBER_MAX;
    if values.iter().take(LISTED_MAX).any(wrong) {
        let words = format!("has an item that is empty or longer than {NUMBER_MAX} characters");
        violations.add(format!("claim_context.{field}"), words);
    }
}

fn date(field: &str, sent: Option<Date>, violations: &mut Violations) -> Option<chrono::NaiveDate> {
    let read = sent.and_then(day);
    if sent.is_some() && read.is_none() {
        violations.add(format!("claim_context.{field}"), "is no date");
    }
    read
}

/// Lays the parts of `sent` that are later over `held`; answers the names of those that were.
pub(crate) fn lay_over(held: &mut pb::ClaimContext, sent: pb::ClaimContext) -> Vec<&'static str> {
    let mut changed = Vec::new();
    let mut part = |name, later: bool| {
        if later {
            changed.push(name);
        }
    };
    macro_rules! lay {
        ($($field:ident),*) => {$(
            let later = is_later(
                sent.$field.as_ref().map(|part| part.source_at),
                held.$field.as_ref().map(|part| part.source_at),
            );
            if later {
                held.$field = sent.$field;
            }
            part(stringify!($field), later);
        )*};
    }
    lay!(eligibility, authorization, documentation, coding, claim_edit, posting);
    changed
}

/// Whether a statement that was sent is later than the one that is held.
fn is_later(
    sent: Option<Option<prost_types::Timestamp>>,
    held: Option<Option<prost_types::Timestamp>>,
) -> bool {
    let at = |stated: Option<prost_types::Timestamp>| stated.and_then(instant);
    match (sent, held) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(sent), Some(held)) => at(sent) > at(held),
    }
}

#[cfg(test)]
mod tests;
