//! A bundle: everything a committee approves together, and its content hash.

use serde::{Deserialize, Serialize};

use super::canonical::{self, ContentHash, NotCanonical};
use super::entry::Entry;
use super::owner::OwnerRule;
use super::remark::RemarkRule;
use super::sections::{
    AppealTemplate, AutomationLimit, DocumentationStandard, ExceptionPolicy, MetricDefinition,
};
use super::validate::{self, Defect};
use crate::deadline::Rule;

/// The semantics this evaluator implements; raised when any conformance vector changes.
pub const EVALUATOR_SEMANTICS: u32 = 1;

/// Everything that is approved together.
///
/// Sections are kept sorted by slug and sets inside them sorted and distinct, so that two bundles
/// that say the same are equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// The semantics it was written for; see [`EVALUATOR_SEMANTICS`].
    pub evaluator_semantics: u32,
    /// What the bundle is called.
    pub title: String,
    /// Whether it is a starting point that no committee has reviewed.
    pub starting_point: bool,
    /// Remarks for whoever reviews the bundle.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What code combinations mean.
    #[serde(default)]
    pub entries: Vec<Entry>,
    /// Remarks that stay mute or override entries; they decide, so they are approved as well.
    #[serde(default)]
    pub remark_rules: Vec<RemarkRule>,
    /// Which team an owner function is.
    #[serde(default)]
    pub owner_rules: Vec<OwnerRule>,
    /// What makes a case complete.
    #[serde(default)]
    pub documentation_standards: Vec<DocumentationStandard>,
    /// The letters appeals start from.
    #[serde(default)]
    pub appeal_templates: Vec<AppealTemplate>,
    /// The clocks, with their sources.
    #[serde(default)]
    pub deadline_rules: Vec<Rule>,
    /// How figures are computed.
    #[serde(default)]
    pub metric_definitions: Vec<MetricDefinition>,
    /// Who looks at what the dictionary cannot decide.
    #[serde(default)]
    pub exception_policies: Vec<ExceptionPolicy>,
    /// How much money automation may move.
    #[serde(default)]
    pub automation_limits: Vec<AutomationLimit>,
}

/// The content hash of a bundle: SHA-256 of its canonical form.
pub type RevisionHash = ContentHash;

/// Why a text is not a bundle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// The text is not JSON of the bundle's schema.
    #[error("not a bundle: {0}")]
    Schema(String),
    /// The bundle was written for semantics this evaluator does not have.
    #[error(
        "evaluator semantics {0} are not implemented; this evaluator has {EVALUATOR_SEMANTICS}"
    )]
    Semantics(u32),
    /// The bundle contradicts itself.
    #[error("the bundle has {} defects, the first: {}", .0.len(), .0[0])]
    Defects(Vec<Defect>),
}

impl Bundle {
    /// An empty bundle of the current semantics.
    pub fn empty(title: impl Into<String>) -> Self {
        Self {
            evaluator_semantics: EVALUATOR_SEMANTICS,
            title: title.into(),
            starting_point: false,
            notes: Vec::new(),
            entries: Vec::new(),
            remark_rules: Vec::new(),
            owner_rules: Vec::new(),
            documentation_standards: Vec::new(),
            appeal_templates: Vec::new(),
            deadline_rules: Vec::new(),
            metric_definitions: Vec::new(),
            exception_policies: Vec::new(),
            automation_limits: Vec::new(),
        }
    }

    /// Reads a bundle in any order and spacing; unknown fields and broken references are errors.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut bundle: Self =
            serde_json::from_str(text).map_err(|error| ParseError::Schema(error.to_string()))?;
        if bundle.evaluator_semantics != EVALUATOR_SEMANTICS {
            return Err(ParseError::Semantics(bundle.evaluator_semantics));
        }
        bundle.normalize();
        let defects = bundle.defects();
        if defects.is_empty() { Ok(bundle) } else { Err(ParseError::Defects(defects)) }
    }

    /// Everything in it that cannot stand, in order of section and slug.
    pub fn defects(&self) -> Vec<Defect> {
        validate::defects(self)
    }

    /// Sorts every section and set; the meaning stays the same.
    pub fn normalize(&mut self) {
        for entry in &mut self.entries {
            entry.normalize();
        }
        for rule in &mut self.owner_rules {
            rule.payer.normalize();
            rule.facility.normalize();
            rule.service_line.normalize();
        }
        for template in &mut self.appeal_templates {
            template.categories.sort();
            template.categories.dedup();
        }
        for limit in &mut self.automation_limits {
            limit.carc.normalize();
        }
        self.entries.sort_by(|a, b| a.slug.cmp(&b.slug));
        self.remark_rules.sort_by(|a, b| a.slug.cmp(&b.slug));
        self.owner_rules.sort_by(|a, b| a.slug.cmp(&b.slug));
        self.documentation_standards.sort_by(|a, b| a.slug.cmp(&b.slug));
        self.appeal_templates.sort_by(|a, b| a.slug.cmp(&b.slug));
        self.deadline_rules.sort_by(|a, b| a.slug.cmp(&b.slug));
        self.metric_definitions.sort_by(|a, b| a.slug.cmp(&b.slug));
        self.exception_policies.sort_by(|a, b| a.slug.cmp(&b.slug));
        self.automation_limits.sort_by(|a, b| a.slug.cmp(&b.slug));
    }

    /// The canonical form: RFC 8785 JSON of the normalized bundle.
    ///
    /// # Errors
    /// When an integer is beyond 2^53 - 1.
    pub fn canonical(&self) -> Result<String, NotCanonical> {
        let mut bundle = self.clone();
        bundle.normalize();
        canonical::to_canonical(&bundle)
    }

    /// The content hash of the canonical form.
    ///
    /// # Errors
    /// As [`Bundle::canonical`].
    pub fn hash(&self) -> Result<RevisionHash, NotCanonical> {
        self.canonical().map(|text| ContentHash::of(&text))
    }
}

#[cfg(test)]
mod tests;
