//! What outcomes say against the entries of a dictionary; dictionary's, with its tables.
//!
//! Whoever knows what became of a denial records it ([`record`]): it is kept once and counted for
//! the expectations that the deciding entry stated, in the transaction of the call. The judgement
//! is `domain_governance::evidence`; here it meets rows. What an entry expects is one statement as
//! long as the entry states it: other words about the denial change nothing, another expectation
//! starts anew, and one that comes back finds what was counted for it.
//!
//! Invariants: an outcome is counted exactly once, by its id; counts only grow, so that a statement
//! that was excluded stays so; nothing here is patient data. Absent: revisions and change requests,
//! which dictionary hands in and drafts, and drift of what payers deny.

mod evidence;
mod reading;
mod recording;
mod store;

pub use evidence::{Evidence, shown};
pub use reading::{Outcome, read, with_entries};
pub use recording::{Recorded, fresh, record};
pub use store::{all, drafted};

use domain_governance::evidence::FalseAlarms;

/// One true statement in so many is ever called suspect.
const ONE_IN: u32 = 1_000;

/// How often a true statement may be called suspect.
fn budget() -> FalseAlarms {
    FalseAlarms::one_in(ONE_IN)
}

#[cfg(test)]
mod tests;
