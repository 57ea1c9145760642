//! Automation rules: who keeps them, and what they do on duty; routing's, with their tables.
//!
//! What a rule may do is `domain_work::automation`; here it meets rows. A rule begins in dry run: a
//! job passes over the items that it admits and tells of each, once, what it would do. Once that
//! has been done with the rule as it stands, a person may set it to act. An act is one transaction:
//! the rule's row is locked, then the item's, then its denials'; the day's total grows with it, so
//! that a crash does nothing twice and two passes spend no more than one.
//!
//! Invariants: limits are those of the latest revision that routing was told is active, read again
//! for every pass, and work that another one decided is left alone; an item that a person has
//! touched, written about or taken back is never acted on; one whose rows do not read is counted
//! and left to people, and ends no pass. Absent: how an item ends (queues).

mod create_automation_rule;
mod error;
mod list_automation_rules;
mod rule;
mod run;
mod store;
mod update_automation_rule;

use chrono::{DateTime, Utc};
use domain::dictionary::sections::AutomationLimit;
use domain::money::Cents;
use platform::keys::Keys;
use platform::tenant_tx::Database;

pub use error::Error;
pub use run::job;

/// The job of a rule; its key is the rule's id. It stands on timelines as who acted.
pub const KIND: &str = "routing.run_automation_rule";

/// What peers say when a rule is written.
#[derive(Clone, Debug)]
pub struct Said {
    /// Content hash of the active revision.
    pub revision: String,
    /// Its canonical JSON.
    pub canonical: Vec<u8>,
    /// Since when.
    pub activated_at: DateTime<Utc>,
    /// Its limits.
    pub limits: Vec<AutomationLimit>,
    /// The tenant's time zone, by its IANA name.
    pub time_zone: String,
}

/// The rules of a process; clones share them.
#[derive(Clone, Debug)]
pub struct Automation {
    database: Database,
    keys: Keys,
    write_off_limit: Cents,
}

impl Automation {
    /// On a database, pages sealed with `keys`; nothing above `write_off_limit` is written off.
    #[must_use]
    pub fn new(database: Database, keys: Keys, write_off_limit: Cents) -> Self {
        Self { database, keys, write_off_limit }
    }
}
