//! The dictionary: what a code combination means, who owns it, what happens next, and why.
//!
//! A [`Bundle`] is everything a committee approves together. Its canonical form (RFC 8785 JSON)
//! is addressed by SHA-256 ([`RevisionHash`]), so a revision is the same thing everywhere.
//! [`Compiled`] is a bundle made fast: [`Compiled::decide`] answers one denial's [`Facts`]
//! without allocating, [`Compiled::explain`] answers the same with a [`Receipt`] that
//! [`verify`] re-evaluates bit for bit, and [`Coarse`] answers where amounts and dates of service
//! are not at hand, or says that they are needed.
//!
//! Invariants: two entries never match the same facts at the same stated specificity (found by
//! [`Compiled::new`], never at run time); a code combination the bundle does not know is an
//! exception with an owner, never a guess; the order of entries in a file means nothing.
//!
//! Absent on purpose: ids, clocks, storage and tenants. A bundle refers to everything by slug, so
//! it evaluates the same elsewhere.

pub mod bundle;
pub mod canonical;
pub mod coarse;
pub mod compile;
pub mod decide;
pub mod entry;
mod explain;
mod guidance;
mod index;
pub mod owner;
pub mod receipt;
pub mod remark;
pub mod sections;
pub mod selector;
mod specificity;
#[cfg(test)]
mod tests;
mod validate;
pub mod vocabulary;

pub use bundle::{Bundle, EVALUATOR_SEMANTICS, ParseError, RevisionHash};
pub use canonical::ContentHash;
pub use coarse::Coarse;
pub use compile::{Compiled, Conflict};
pub use decide::{Decision, Facts, Unmapped};
pub use entry::{Entry, Match, Meaning};
pub use owner::{OwnerRule, Team};
pub use receipt::{Receipt, RecordedFacts, Unverified, verify};
pub use selector::Slug;
pub use specificity::Specificity;
pub use validate::Defect;
