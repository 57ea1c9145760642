//! Deadlines: the last day a payer accepts something, with the clause it comes from.
//!
//! A [`Rule`] is data with its source; [`compute`] turns a rule and the days on which its clocks
//! started into a [`Deadline`] that carries every step of its own calculation; [`RuleBook::choose`]
//! finds what is still open for a claim and what ranks it. The same input gives the same deadline
//! in any year, so a stored one can be recomputed and compared.
//!
//! Invariants: a deadline never lies before its start; a rule of confidence D never makes one; a
//! window that the contract holds is a typed answer, not a guess; whatever was assumed is listed.
//! Absent on purpose: today (an argument) and the tenant's contracts (rules like any other).

mod choose;
mod compute;
mod load;
mod rule;
mod start;

pub use choose::{Bounds, Choice, Coverage, RuleBook, Situation, Unavailable, Wanted, Window};
pub use compute::{Assumption, Deadline, NoDeadline, compute};
pub use load::{COLUMNS, Loaded, RowError, load, starter_rules};
pub use rule::{
    Basis, ClockEvent, Confidence, FiledWhen, Fit, FixedDay, Path, PayerType, Rule, Unit,
};
pub use start::{ClockStart, ClockStarts, Evidence};

#[cfg(test)]
mod tests;
