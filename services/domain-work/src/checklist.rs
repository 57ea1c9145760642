//! The evidence checklist of an item: what documentation standards want on file, whether it is,
//! and what exactly is missing.
//!
//! What fulfills a standard, the stronger first:
//!
//! 1. a person waived it, with a reason;
//! 2. a document that names the standard and passes its checks;
//! 3. the claim context of a partner system lists it as met;
//! 4. a person said that it is on file elsewhere, with a reason.
//!
//! A person who said that it is missing overrules documents and context of before, not those that
//! came later.
//!
//! Invariants: nothing is fulfilled without a source; a document that fails a check never fulfills
//! anything by itself; words name days of service only by their distance, for they are patient
//! data. Absent on purpose: bytes. What a document is was found by whoever stored it.

mod document;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use domain::dictionary::Slug;
use domain::dictionary::sections::DocumentationStandard;
use domain::dictionary::selector::Selector;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use document::{Document, Finding, Service, check_document};
pub use domain::dictionary::vocabulary::Media;

use crate::hold::REASON_MAX;
use crate::violation::Violations;
use crate::{UserId, Violation};
use domain::words;

/// What is missing where nothing is known.
pub const NOTHING: &str = "nothing is on file";

words! {
    /// Whether an item of a checklist is on file.
    EvidenceState {
        /// Not on file.
        Missing = "MISSING",
        /// On file.
        Present = "PRESENT",
        /// A person said that it is not needed.
        Waived = "WAIVED",
    }
}

/// What must be on file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// The standard's name.
    pub standard: Slug,
    /// What must be on file, in words.
    pub title: String,
    /// Which kinds of document will do.
    #[serde(default, skip_serializing_if = "Selector::is_any")]
    pub media: Selector<Media>,
    /// How many days before the first day of service a document may be from; where nothing is
    /// said, an earlier one is pointed out and will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_before: Option<u16>,
    /// How many days after the last day of service a document may be from; likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_after: Option<u16>,
}

impl Requirement {
    /// What a standard asks.
    pub fn of(standard: &DocumentationStandard) -> Self {
        Self {
            standard: standard.slug.clone(),
            title: standard.title.clone(),
            media: standard.media.clone(),
            days_before: standard.days_before,
            days_after: standard.days_after,
        }
    }
}

/// What a person said of one standard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// The standard.
    pub standard: Slug,
    /// What is so.
    pub state: EvidenceState,
    /// Who said it.
    pub by: UserId,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Said {
    /// Judges the reason; every state that a person states needs one.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), Violation> {
        let mut violations = Violations::default();
        violations.required("reason", &self.reason, REASON_MAX);
        violations.into_vec().into_iter().next().map_or(Ok(()), Err)
    }
}

/// What the claim context lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context<'a> {
    /// Which.
    pub id: Uuid,
    /// Slugs of standards that are met.
    pub met: &'a [&'a str],
    /// Slugs of standards that are not.
    pub unmet: &'a [&'a str],
    /// When its source last changed it.
    pub at: DateTime<Utc>,
}

/// Everything that may fulfill a checklist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnFile<'a> {
    /// Documents of the case, in any order.
    pub documents: &'a [Document<'a>],
    /// The claim context, if there is one.
    pub context: Option<Context<'a>>,
    /// What people said; the latest of each standard counts.
    pub said: &'a [Said],
    /// The days of service, if they are known.
    pub service: Option<Service>,
}

/// What fulfills an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A document.
    Document(Uuid),
    /// The claim context.
    Context(Uuid),
    /// A person's word.
    Person(UserId),
}

/// One item of a checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceItem {
    /// The standard.
    pub standard: Slug,
    /// What must be on file, in words.
    pub title: String,
    /// Whether it is.
    pub state: EvidenceState,
    /// What fulfills it, or who waived it; `None` while it is missing.
    pub source: Option<Source>,
    /// What exactly is missing; empty when nothing is.
    pub missing_words: String,
}

/// A checklist, in the order of its requirements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checklist(pub Vec<EvidenceItem>);

/// Why something cannot be done: its checklist is incomplete.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{missing} of {all} items of the checklist are missing: {words}")]
pub struct Incomplete {
    /// How many are missing.
    pub missing: usize,
    /// How many there are.
    pub all: usize,
    /// What exactly, in words.
    pub words: String,
}

impl Incomplete {
    /// The reason code; it stays what it is.
    pub const REASON: &'static str = "EVIDENCE_MISSING";
}

impl Checklist {
    /// Compares what is wanted with what is on file.
    pub fn of(requirements: &[Requirement], on_file: &OnFile<'_>) -> Self {
        Self(requirements.iter().map(|wanted| item(wanted, on_file)).collect())
    }

    /// How many items are missing.
    pub fn missing_count(&self) -> usize {
        self.missing().count()
    }

    /// Whether everything is on file or waived.
    ///
    /// # Errors
    /// What exactly is missing.
    pub fn complete(&self) -> Result<(), Incomplete> {
        let words: Vec<String> = self
            .missing()
            .map(|item| format!("{} ({}): {}", item.title, item.standard, item.missing_words))
            .collect();
        if words.is_empty() {
            return Ok(());
        }
        let (missing, all) = (words.len(), self.0.len());
        Err(Incomplete { missing, all, words: words.join("; ") })
    }

    fn missing(&self) -> impl Iterator<Item = &EvidenceItem> {
        self.0.iter().filter(|item| item.state == EvidenceState::Missing)
    }
}

fn item(wanted: &Requirement, on_file: &OnFile<'_>) -> EvidenceItem {
    let said = on_file
        .said
        .iter()
        .filter(|said| said.standard == wanted.standard)
        .max_by_key(|said| said.at);
    let (state, source) = fulfilled(wanted, on_file, said);
    let missing_words = match state {
        EvidenceState::Missing => missing_words(wanted, on_file, said),
        EvidenceState::Present | EvidenceState::Waived => String::new(),
    };
    EvidenceItem {
        standard: wanted.standard.clone(),
        title: wanted.title.clone(),
        state,
        source,
        missing_words,
    }
}

fn fulfilled(
    wanted: &Requirement,
    on_file: &OnFile<'_>,
    said: Option<&Said>,
) -> (EvidenceState, Option<Source>) {
    let by = |state: EvidenceState| {
        said.filter(|said| said.state == state).map(|said| Source::Person(said.by))
    };
    if let Some(waived) = by(EvidenceState::Waived) {
        return (EvidenceState::Waived, Some(waived));
    }
    let refused = said.filter(|said| said.state == EvidenceState::Missing).map(|said| said.at);
    let counts = |at: DateTime<Utc>| refused.is_none_or(|refused| refused < at);
    let document = on_file
        .documents
        .iter()
        .filter(|document| document.names(&wanted.standard) && counts(document.added_at))
        .filter(|document| {
            check_document(document, wanted, on_file.service).iter().all(|found| !found.refuses)
        })
        .max_by_key(|document| (document.added_at, document.id))
        .map(|document| Source::Document(document.id));
    let standard = wanted.standard.as_str();
    let context = on_file
        .context
        .filter(|context| context.met.contains(&standard) && !context.unmet.contains(&standard))
        .filter(|context| counts(context.at))
        .map(|context| Source::Context(context.id));
    match document.or(context).or(by(EvidenceState::Present)) {
        Some(source) => (EvidenceState::Present, Some(source)),
        None => (EvidenceState::Missing, None),
    }
}

fn missing_words(wanted: &Requirement, on_file: &OnFile<'_>, said: Option<&Said>) -> String {
    let mut words = Vec::new();
    if let Some(said) = said.filter(|said| said.state == EvidenceState::Missing) {
        words.push(format!("a person marked it as missing on {}", said.at.date_naive()));
    }
    let mut documents: Vec<&Document<'_>> =
        on_file.documents.iter().filter(|document| document.names(&wanted.standard)).collect();
    documents.sort_by_key(|document| (document.added_at, document.id));
    for document in documents {
        let refused: Vec<String> = check_document(document, wanted, on_file.service)
            .into_iter()
            .filter(|found| found.refuses)
            .map(|found| found.words)
            .collect();
        if !refused.is_empty() {
            let added_on = document.added_at.date_naive();
            words.push(format!("the document added on {added_on} {}", refused.join(" and ")));
        }
    }
    let standard = wanted.standard.as_str();
    if let Some(context) = on_file.context
        && context.unmet.contains(&standard)
    {
        words.push("documentation review lists it as not met".to_owned());
    }
    if words.is_empty() {
        words.push(NOTHING.to_owned());
    }
    words.join("; ")
}
