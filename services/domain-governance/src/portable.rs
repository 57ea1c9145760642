//! A revision outside this product: a decision table, FHIR resources, and vectors that tell whether
//! another evaluator decides alike. (Its own form is `Bundle::canonical`.)
//!
//! Invariants: the same revision gives the same bytes; nothing here reads anything but the
//! revision, so that whoever holds it can make them again; a vector is decided by the evaluator
//! itself. Texts of X12 code lists are not in a revision and so in none of these.
//! Absent on purpose: signatures and transport.

mod fhir;
mod table;
#[cfg(test)]
mod tests;
mod vectors;

pub use fhir::{CARC_SYSTEM, GROUP_SYSTEM, RARC_SYSTEM, fhir};
pub use table::decision_table;
pub use vectors::{Vector, vectors};

use domain::dictionary::Entry;

/// Entries with the most specific first: of two that accept a denial the earlier decides.
fn ranked<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Vec<&'e Entry> {
    let mut ranked: Vec<&Entry> = entries.into_iter().collect();
    ranked.sort_by(|a, b| {
        let order = b.matches.specificity().cmp(&a.matches.specificity());
        order.then_with(|| a.slug.cmp(&b.slug))
    });
    ranked
}
