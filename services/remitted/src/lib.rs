//! A remitted claim as the rules of denials see it: from the values of the reader to those of the
//! domain, which know nothing of each other; and whose claim it is, by the facts of a [`Context`].
//!
//! Invariants: nothing is decided here and nothing is lost that a rule asks for; a code that reads
//! as none stays one, unknown to every dictionary. Absent: where those facts come from.

mod claim;
mod context;
mod payer_codes;
mod values;

pub use claim::{claim_type, line_day, occurrence, rarcs, read_alone, service_day};
pub use context::{
    Alias, AliasKind, Context, FacilityFact, Payee, PayerFact, ServiceLineFact, ServiceLineRule,
    Trial, alias, stated,
};
pub use payer_codes::{PayerCode, standardized};
pub use values::{cents, day};
