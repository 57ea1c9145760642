//! Claim context: what partner systems know of a claim beside its remittances; routing's, with its
//! table.
//!
//! Each part (eligibility, authorization, documentation, coding, claim edits, posting) comes from a
//! system of its own and carries the time at which that system last changed it. A later statement
//! replaces an earlier one, an earlier one that arrives late is ignored, and a part that is not
//! sent stays: statements may arrive in any order and more than once. A claim is found by payer and
//! control number, also before its first remittance.
//!
//! Invariants: what decisions see of it ([`OnRecord`]) is a pure function of the parts, the day of
//! service and the procedures; events name parts and statuses, never numbers or texts. Absent: what
//! a change does to open work (routing).

mod get_claim_context;
mod on_record;
mod parts;
mod store;
mod upsert_claim_context;

use platform::tenant_tx::Database;

pub use on_record::{OnRecord, on_record};
pub use store::{Key, Stored, by_claims, key_of, of_claim};

/// The job that tells open work of a change; its key is the context's id.
pub const CHANGED: &str = "routing.claim_context_changed";

/// The contexts of a process; clones share them.
#[derive(Clone, Debug)]
pub struct ClaimContexts {
    database: Database,
}

impl ClaimContexts {
    /// On a database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }
}
