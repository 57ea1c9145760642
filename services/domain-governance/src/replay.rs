//! What a draft would have changed: a tenant's own history decided under it and under the active
//! revision.
//!
//! History is what its keeper hands in: the denials of a ledger, or every adjustment that was
//! decided. It is kept folded into [`Signature`]s, the facts that entries ask for without amount
//! and date of service, each with a [`Tally`] a [`Month`]. A month is what keeps a window exact
//! and the fold small: a signature seen fifty times a year would have nearly as many days as
//! denials. A [`Span`] therefore begins and ends with a month.
//!
//! [`Replay::add`] takes a signature with its tally over the span, and either counts it or answers
//! that it is residual: an entry of either revision asks it for an amount or a date of service,
//! or what bounds its deadlines differs. The denials of a residual signature are then handed to
//! [`Replay::add_denial`] one by one. [`Replay::finish`] refuses to sum up what does not add up:
//! the denials handed in must be exactly those the residual signatures counted.
//!
//! Invariants: the summary is what deciding every denial one by one gives; nothing depends on the
//! order in which history is handed in; memory does not grow with history.
//! Absent on purpose: which work items and appeals are open. They are not history.

mod case;
mod count;
mod digest;
mod month;
mod run;
mod side;
mod signature;
mod summary;
mod tally;

pub use month::{History, Month, SHORT_HISTORY_DAYS, Span};
pub use run::{Answer, Denial, Replay, Unbalanced};
pub use side::EXCEPTION_MINUTES;
pub use signature::{Malformed, Signature};
pub use summary::{Both, Change, EXAMPLES_MAX, Example, Field, Summary, TeamLoad, UNMAPPED};
pub use tally::Tally;

#[cfg(test)]
mod tests;
