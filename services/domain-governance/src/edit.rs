//! Edits of a bundle: one item at a time, by section and slug.
//!
//! [`apply`] makes the bundle that edits lead to and lists every edit that cannot stand;
//! [`edits_between`] finds the edits from one bundle to another. Applying the second to the first
//! bundle gives the other one's sections back.
//!
//! Invariants: a bundle made here is normalized; an item is edited at most once. The header of a
//! bundle (semantics, title, `starting_point`, notes) is no item and cannot be edited: what is made
//! carries the header of its base, and whoever publishes it says what it is called.
//!
//! Absent on purpose: whether the result may stand. `Bundle::defects` and `Compiled::new` say so,
//! and a draft may have defects while it is being written. Bundles that are read here are expected
//! as they come from `Bundle::parse`: normalized, a slug once in a section.

mod bad;
pub(crate) mod fields;
#[cfg(test)]
pub(crate) mod samples;
mod section;

use std::collections::BTreeMap;

use domain::dictionary::{Bundle, Slug, canonical};

pub use bad::{BadEdit, Problem};
pub use section::{Item, SectionKind, item, items};
pub(crate) use section::{join, reread};

use section::Sectioned;

/// The most bytes of JSON one item may take.
pub const ITEM_BYTES_MAX: usize = 64 << 10;

/// One edit of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The section of the item.
    pub kind: SectionKind,
    /// The slug of the item.
    pub slug: String,
    /// What becomes of it.
    pub change: Change,
}

/// What becomes of an item; JSON is that of the bundle's schema, in any order and spacing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new and reads so.
    Add(String),
    /// It is there and shall read so.
    Replace(String),
    /// It is there and shall go.
    Remove,
}

impl Change {
    /// How the item shall read; `None` for a removal.
    pub fn json(&self) -> Option<&str> {
        match self {
            Self::Add(json) | Self::Replace(json) => Some(json),
            Self::Remove => None,
        }
    }
}

/// The normalized bundle that edits of a base lead to, with the header of the base.
///
/// # Errors
/// Every edit that cannot stand, in the order of the edits.
pub fn apply(base: &Bundle, edits: &[Edit]) -> Result<Bundle, Vec<BadEdit>> {
    let mut bundle = base.clone();
    let mut bad = Vec::new();
    section::edit_all(&mut bundle, edits, &mut bad);
    if bad.is_empty() {
        bundle.normalize();
        Ok(bundle)
    } else {
        bad.sort_by_key(|bad| bad.at);
        Err(bad)
    }
}

/// The edits that lead from the sections of one bundle to those of another, by section and slug.
pub fn edits_between(from: &Bundle, to: &Bundle) -> Vec<Edit> {
    join([from, to]).into_iter().filter_map(|[from, to]| edit_between(from, to)).collect()
}

/// The edit that leads from one state of an item to another; none when they are equal.
pub(crate) fn edit_between(from: Option<Item<'_>>, to: Option<Item<'_>>) -> Option<Edit> {
    if from == to {
        return None;
    }
    let named = from.or(to)?;
    let change = match (from, to) {
        (None, Some(to)) => Change::Add(to.json()),
        (_, Some(to)) => Change::Replace(to.json()),
        (_, None) => Change::Remove,
    };
    Some(Edit { kind: named.kind(), slug: named.slug().to_owned(), change })
}

/// Edits one section; what cannot stand goes to `bad`.
fn edit_section<T: Sectioned>(
    items: &mut Vec<T>,
    kind: SectionKind,
    edits: &[Edit],
    bad: &mut Vec<BadEdit>,
) {
    let mine: Vec<(usize, &Edit)> =
        (1..).zip(edits).filter(|(_, edit)| edit.kind == kind).collect();
    if mine.is_empty() {
        return;
    }
    let places: BTreeMap<String, usize> =
        (0..).zip(&*items).map(|(place, item)| (item.slug().to_owned(), place)).collect();
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let mut removed = vec![false; items.len()];
    for (at, edit) in mine {
        let mut found = |problem: Problem| bad.push(BadEdit::new(at, edit, problem));
        let place = places.get(&edit.slug).copied();
        match (first.get(edit.slug.as_str()), &edit.change, place) {
            (Some(first), _, _) => found(Problem::Twice(*first)),
            (None, Change::Add(_), Some(_)) => found(Problem::AlreadyThere),
            (None, Change::Replace(_) | Change::Remove, None) => found(Problem::NotThere),
            _ => {}
        }
        first.entry(&edit.slug).or_insert(at);
        let Some(json) = edit.change.json() else {
            if let Some(place) = place {
                removed[place] = true;
            }
            continue;
        };
        match (read::<T>(json, &edit.slug), place) {
            (Err(problem), _) => found(problem),
            (Ok(item), Some(place)) => items[place] = item,
            (Ok(item), None) => items.push(item),
        }
    }
    // What was added stands behind every mark.
    let mut removed = removed.into_iter();
    items.retain(|_| !removed.next().unwrap_or(false));
}

/// Reads an item that must have this slug.
fn read<T: Sectioned>(json: &str, slug: &str) -> Result<T, Problem> {
    if json.len() > ITEM_BYTES_MAX {
        return Err(Problem::TooLong(json.len()));
    }
    let item: T = bad::read(json)?;
    if item.slug() != slug {
        return Err(Problem::OtherSlug(item.slug().to_owned()));
    }
    // A deadline rule's slug is plain text, so reading the rule did not check it.
    Slug::new(slug).map_err(|_| Problem::NotASlug)?;
    canonical::to_canonical(&item).map_err(Problem::NotCanonical)?;
    Ok(item)
}

#[cfg(test)]
mod tests;
