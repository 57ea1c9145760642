//! Everything that only reads: files, the ledger, denials, ranked work and the feed.
//!
//! Invariants: rows are found by the caller's own transaction, whatever a page token says; a list
//! reads one row too many to know whether there is another page, and never counts; what ranks an
//! item is what it is listed by. Absent: peers. Whatever an answer needs was pinned at intake.

mod face;
mod get_case;
mod get_claim_occurrence;
mod get_denial;
mod get_preview_tally;
mod get_redecision;
mod get_remittance_file;
mod get_work_item;
mod list_claim_occurrences;
mod list_denials;
mod list_remittance_files;
mod list_take_backs;
mod list_work_items;
mod narrowing;
mod paging;
mod pinned_rules;
mod watch_events;

use platform::Env;
use platform::keys::Keys;
use platform::rejection::{Fault, Violation};
use platform::tenant_tx::Database;
use uuid::Uuid;

pub use face::{CENTS_MAX, Listed, at_source, cents, listed, money};
pub use list_work_items::narrowed;
use pinned_rules::PinnedRules;
pub use watch_events::Events;

/// The reading half of the service; clones share it.
#[derive(Clone, Debug)]
pub struct Views {
    database: Database,
    keys: Keys,
    rules: PinnedRules,
}

impl Views {
    /// Reads with what the process has.
    #[must_use]
    pub fn new(env: &Env) -> Self {
        Self::on(env.database().clone(), env.keys().clone())
    }

    /// Reads a database, its pages sealed with `keys`.
    #[must_use]
    pub fn on(database: Database, keys: Keys) -> Self {
        Self { database, keys, rules: PinnedRules::default() }
    }
}

/// The id in field `field`: what is no UUID is bad input, not a missing row.
pub fn id_in(field: &str, text: &str) -> Result<Uuid, Fault> {
    Uuid::try_parse(text).map_err(|_| {
        let description = "is not a UUID".to_owned();
        Fault::Invalid(vec![Violation { field: field.to_owned(), description }])
    })
}

#[cfg(test)]
mod tests;
