//! The sections of a bundle, and one item of any of them.

use std::fmt;

use domain::deadline::Rule;
use domain::dictionary::remark::RemarkRule;
use domain::dictionary::sections::{
    AppealTemplate, AutomationLimit, DocumentationStandard, ExceptionPolicy, MetricDefinition,
};
use domain::dictionary::{Bundle, Entry, OwnerRule};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{BadEdit, Edit, edit_section};

/// What every item of a section can do.
pub(super) trait Sectioned: Serialize + DeserializeOwned {
    fn slug(&self) -> &str;
}

macro_rules! sections {
    ($($(#[$meta:meta])* $variant:ident($item:ty) = $word:literal in $field:ident,)+) => {
        /// A section of a bundle, declared in the order in which sections stand everywhere.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(Serialize, Deserialize)]
        pub enum SectionKind { $($(#[$meta])* #[serde(rename = $word)] $variant,)+ }

        impl SectionKind {
            /// Every section, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The spelling in files and contracts.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Reads the spelling of [`Self::as_str`]; anything else is `None`.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        /// One item of a bundle, borrowed; two are equal when they read the same.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Item<'b> { $($(#[$meta])* $variant(&'b $item),)+ }

        impl<'b> Item<'b> {
            /// The section it stands in.
            pub fn kind(self) -> SectionKind {
                match self { $(Self::$variant(_) => SectionKind::$variant,)+ }
            }

            /// Its name, unique in its section.
            pub fn slug(self) -> &'b str {
                match self { $(Self::$variant(item) => item.slug.as_str(),)+ }
            }

            /// The item as a JSON value.
            pub fn value(self) -> Value {
                match self { $(Self::$variant(item) => value(item),)+ }
            }
        }

        $(impl Sectioned for $item {
            fn slug(&self) -> &str {
                self.slug.as_str()
            }
        })+

        /// Every item of a section, in the order of the bundle.
        pub fn items(bundle: &Bundle, kind: SectionKind) -> Vec<Item<'_>> {
            match kind {
                $(SectionKind::$variant => bundle.$field.iter().map(Item::$variant).collect(),)+
            }
        }

        /// Edits every section of a bundle; what cannot stand goes to `bad`.
        pub(super) fn edit_all(bundle: &mut Bundle, edits: &[Edit], bad: &mut Vec<BadEdit>) {
            $(edit_section(&mut bundle.$field, SectionKind::$variant, edits, bad);)+
        }

        /// The JSON of [`Item::json`] for a value that was put together; `None` when it is no item.
        pub(crate) fn reread(kind: SectionKind, put_together: Value) -> Option<String> {
            match kind {
                $(SectionKind::$variant => {
                    let item: $item = serde_json::from_value(put_together).ok()?;
                    Some(Item::$variant(&item).json())
                })+
            }
        }
    };
}

sections! {
    /// What a code combination means.
    Entry(Entry) = "entry" in entries,
    /// A remark code that stays mute or overrides entries.
    RemarkRule(RemarkRule) = "remark_rule" in remark_rules,
    /// Which team an owner function is.
    OwnerRule(OwnerRule) = "owner_rule" in owner_rules,
    /// What makes a case complete.
    DocumentationStandard(DocumentationStandard)
        = "documentation_standard" in documentation_standards,
    /// A letter that appeals start from.
    AppealTemplate(AppealTemplate) = "appeal_template" in appeal_templates,
    /// A clock with its source.
    DeadlineRule(Rule) = "deadline_rule" in deadline_rules,
    /// How a figure is computed.
    MetricDefinition(MetricDefinition) = "metric_definition" in metric_definitions,
    /// Who looks at what the dictionary cannot decide.
    ExceptionPolicy(ExceptionPolicy) = "exception_policy" in exception_policies,
    /// How much money automation may move.
    AutomationLimit(AutomationLimit) = "automation_limit" in automation_limits,
}

impl SectionKind {
    /// What one item of the section is called in a sentence.
    pub fn words(self) -> String {
        self.as_str().replace('_', " ")
    }
}

impl fmt::Display for SectionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Item<'_> {
    /// The item as canonical JSON.
    ///
    /// A number beyond 2^53 - 1, which no revision can hold and no edit can bring, is written out.
    pub fn json(self) -> String {
        let mut value = self.value();
        // What is left to RFC 8785 once keys are sorted, `serde_json` writes as it asks.
        value.sort_all_objects();
        value.to_string()
    }
}

fn value(item: &impl Serialize) -> Value {
    serde_json::to_value(item).expect("items are made of texts, integers, lists and named fields")
}

/// One item by section and slug.
pub fn item<'b>(bundle: &'b Bundle, kind: SectionKind, slug: &str) -> Option<Item<'b>> {
    items(bundle, kind).into_iter().find(|item| item.slug() == slug)
}

/// The items of several bundles side by side, by section and slug; each row has at least one.
pub(crate) fn join<const N: usize>(bundles: [&Bundle; N]) -> Vec<[Option<Item<'_>>; N]> {
    let mut columns = bundles.map(|bundle| {
        let every = SectionKind::ALL.iter().flat_map(|kind| items(bundle, *kind));
        let mut column: Vec<_> = every.map(|item| ((item.kind(), item.slug()), item)).collect();
        column.sort_by_key(|(key, _)| *key);
        column.into_iter().peekable()
    });
    let mut rows = Vec::new();
    while let Some(next) =
        columns.iter_mut().filter_map(|column| column.peek().map(|(key, _)| *key)).min()
    {
        rows.push(
            columns
                .each_mut()
                .map(|column| column.next_if(|(key, _)| *key == next).map(|(_, item)| item)),
        );
    }
    rows
}
