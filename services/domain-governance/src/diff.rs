//! Two bundles, item by item and field by field, in words a committee reads.
//!
//! Invariants: differences stand by section and slug, their fields as an item states them, so the
//! same two bundles give the same text everywhere; what is equal says nothing. JSON is made only of
//! the values that differ.
//!
//! Absent on purpose: the header of a bundle, which is no item (see [`crate::edit`]).

mod compare;
mod words;

use domain::dictionary::Bundle;
use serde_json::Value;

use crate::edit::{Item, SectionKind, join};
pub(crate) use compare::compare;

/// One item that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The section it stands in.
    pub kind: SectionKind,
    /// Its slug.
    pub slug: String,
    /// How it differs.
    pub change: DifferenceKind,
    /// What differs in a changed item, as it states its fields; empty for the others.
    pub fields: Vec<FieldDifference>,
    /// The difference in one sentence.
    pub words: String,
}

/// How an item differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DifferenceKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It reads otherwise.
    Changed,
}

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDifference {
    /// The path of the field, such as `meaning.next_action`.
    pub path: &'static str,
    /// Its value before; `None` when it was left out.
    pub from: Option<Value>,
    /// Its value after; `None` when it is left out.
    pub to: Option<Value>,
}

/// Every item that differs, by section and slug.
pub fn diff(from: &Bundle, to: &Bundle) -> Vec<Difference> {
    join([from, to]).into_iter().filter_map(|[from, to]| difference(from, to)).collect()
}

/// How one item differs; `None` when it does not, or is on neither side.
pub fn difference(from: Option<Item<'_>>, to: Option<Item<'_>>) -> Option<Difference> {
    if from == to {
        return None;
    }
    let named = from.or(to)?;
    let (kind, slug) = (named.kind(), named.slug());
    let (change, fields, words) = match (from, to) {
        (Some(from), Some(to)) => {
            let fields = compare(from, to);
            let words = words::changed(kind, slug, &fields);
            (DifferenceKind::Changed, fields, words)
        }
        (None, _) => {
            let words = words::whole(kind, slug, "is added", &named.value());
            (DifferenceKind::Added, Vec::new(), words)
        }
        (_, None) => {
            let words = words::whole(kind, slug, "is removed", &named.value());
            (DifferenceKind::Removed, Vec::new(), words)
        }
    };
    Some(Difference { kind, slug: slug.to_owned(), change, fields, words })
}

#[cfg(test)]
mod tests;
