//! Payer statuses: what a payer says of a claim between claim and remittance, and what that does to
//! work; routing's, with its tables.
//!
//! The rules are `domain_work::payer_status`; here they meet rows. A claim is found by payer and
//! control number, also before its first remittance: a rejected claim never has one. Whoever hears
//! of a claim holds its row (`store::heard`) until the transaction ends, and locks items after it.
//! A remittance of the claim is heard too ([`adjudicated`]): it answers what asked for it.
//!
//! Invariants: a status, what it does to items, their timelines and the feed commit together; a
//! claim has one item of each sort that statuses open while it is not done; what is older than the
//! last word of its claim changes nothing; timelines and events hold codes, never numbers or notes.
//! Absent: what settles a denial (a remittance), and the files that statuses come from (x12).

mod adjudicated;
mod effects;
mod list_payer_statuses;
mod opening;
mod record_payer_status;
mod sent;
mod silent;
mod store;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::dictionary::Compiled;
use platform::keys::Keys;
use platform::tenant_tx::Database;

pub use adjudicated::{Adjudicated, adjudicated};
pub use sent::Sent;
pub use silent::{Compiling, begin_to_listen, silent};

/// The statuses of a process; clones share them.
#[derive(Clone, Debug)]
pub struct PayerStatuses {
    database: Database,
    keys: Keys,
}

impl PayerStatuses {
    /// On a database, pages sealed with `keys`.
    #[must_use]
    pub fn new(database: Database, keys: Keys) -> Self {
        Self { database, keys }
    }
}

/// What peers know of a payer, and who owns the work that is opened about its claims.
#[derive(Clone, Debug)]
pub struct Ground {
    /// Slug of the payer.
    pub payer_slug: String,
    /// Name of the payer.
    pub payer_name: String,
    /// The dictionary's revision that is active.
    pub compiled: Arc<Compiled>,
    /// What people call the teams, by slug.
    pub teams: BTreeMap<String, String>,
}
