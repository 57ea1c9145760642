//! The sections of a bundle beside its entries, owner rules and deadline rules.

use serde::{Deserialize, Serialize};

use super::selector::{Selector, Slug};
use super::vocabulary::{Category, ExceptionKind, Media, NextAction, OwnerFunction};
use crate::codes::Carc;
use crate::deadline::Path;
use crate::money::Cents;

/// A document or fact that makes a case complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentationStandard {
    /// The standard's name, unique in its bundle.
    pub slug: Slug,
    /// What must be on file, in words.
    pub title: String,
    /// Which kinds of document will do.
    #[serde(default, skip_serializing_if = "Selector::is_any")]
    pub media: Selector<Media>,
    /// How many days before the first day of service a document may be from. Where nothing is said,
    /// an earlier one is pointed out and will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_before: Option<u16>,
    /// How many days after the last day of service a document may be from; likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_after: Option<u16>,
    /// Remarks for whoever reviews the standard.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A letter that appeals start from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppealTemplate {
    /// The template's name, unique in its bundle.
    pub slug: Slug,
    /// The heading of the letter.
    pub title: String,
    /// The path it serves.
    pub path: Path,
    /// The families it serves; empty serves all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Category>,
    /// The letter, a paragraph an item: `{{ name }}` is a field of letters or one of `blanks`.
    pub paragraphs: Vec<String>,
    /// What a person fills for this letter, beside the fields that every letter has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blanks: Vec<Blank>,
}

/// A field of one template that a person fills.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blank {
    /// Its name in the template.
    pub name: String,
    /// What to fill in, in words for the person who does it.
    pub words: String,
}

/// How a figure on a report is computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricDefinition {
    /// The metric's name, unique in its bundle.
    pub slug: Slug,
    /// The heading on a report.
    pub title: String,
    /// What is counted, in words.
    pub numerator: String,
    /// What it is divided by, in words; none for a plain figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<String>,
    /// Where the definition comes from.
    pub source: String,
}

/// Who looks at what the dictionary cannot decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExceptionPolicy {
    /// The policy's name, unique in its bundle.
    pub slug: Slug,
    /// The case it is about; each case has exactly one policy, but for an unknown payer, which may
    /// be left to who owns what has no owner.
    pub kind: ExceptionKind,
    /// Who acts.
    pub owner_function: OwnerFunction,
    /// The team that acts, by slug.
    pub team: Slug,
    /// What to do, in words for the person who does it.
    pub action_words: String,
    /// Business days until the exception must be settled.
    pub settle_within_business_days: u32,
}

/// How much money an automated action may move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AutomationLimit {
    /// The limit's name, unique in its bundle.
    pub slug: Slug,
    /// The action it bounds.
    pub action: NextAction,
    /// The reason codes it bounds.
    #[serde(default, skip_serializing_if = "Selector::is_any")]
    pub carc: Selector<Carc>,
    /// The most one automated action may move; zero means a person must act.
    pub ceiling: Cents,
}
