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
