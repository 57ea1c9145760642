//! Code values and the sets they belong to: reason, remark and group codes, claim status, line of
//! business, and the periods in which a code may be used.
//!
//! Invariants: a code has one spelling (leading zeros and case are normalized; whoever needs the
//! raw text keeps it), and codes order as people list them: 2 before 10, M9 before M10.
//! Absent on purpose: the sentences of X12. Labels are ours; a tenant's licensed text is imported
//! elsewhere.

mod inline;
mod period;
mod reason;
mod status;

pub use inline::NotACode;
pub use period::{Code, CodeSet, Message, Period};
pub use reason::{Carc, Group, Rarc};
pub use status::{ClaimStatus, Lob, Network, PlbReason};

#[cfg(test)]
mod tests;
