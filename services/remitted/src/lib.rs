//! A remitted claim as the rules of denials see it: from the values of the reader to those of the
//! domain, which know nothing of each other.
//!
//! Invariants: nothing is decided here and nothing is lost that a rule asks for; a code that reads
//! as none stays one, unknown to every dictionary. Absent: payers, facilities and whatever else
//! does not stand on the remittance.

mod claim;
mod values;

pub use claim::{claim_type, line_day, occurrence, rarcs, read_alone, service_day};
pub use values::{cents, day};
