//! What on a remitted claim is a denial, at which grain, and which work it makes.
//!
//! One [`Denial`] is one (claim level or service line) x group x CARC. Every adjustment of a
//! claim ends in exactly one place: a denial, a stated non-denial, or an exception. Claim status
//! 4 neither makes nor excludes a denial; a reversal makes none; CARC 45 alone is none, unless it
//! takes the whole charge, which no contract does.
//!
//! Absent on purpose: which denial is a repeat, what a reversal undoes, and every date. Those
//! need the ledger, not the claim alone.

mod classify;
pub mod detect;
pub mod occurrence;
pub mod work;

pub use detect::{Denial, Exception, Extent, Findings, RollUp, Stated, StatedReason, detect};
pub use occurrence::{Adjustment, Level, Line, Occurrence};
pub use work::{WorkGroup, group};

#[cfg(test)]
mod tests;
