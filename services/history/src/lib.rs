//! The history of a tenant's denials, folded, and what a draft of the dictionary would have made of
//! it.
//!
//! History is the denials in routing's ledger, live and historical, also those that a payer took
//! back. [`fold`] keeps it up in the transaction that writes them: a signature (the facts they were
//! decided on, without amount and date of service) with counts and cents a month, and per denial
//! the little that rules may still ask for. [`Replays`] replays it in bounded memory: signatures
//! page by page, and denial by denial only where an amount, a date or a changed deadline decides.
//! What an adjustment that made no denial would have become under a draft is not known here.
//!
//! Invariants: a denial is counted exactly once; a replay reads one state of the database, and has
//! a result only where fold and denials agree; nothing here is patient data. Absent: the rules
//! (`domain_governance::replay`), the ledger and its work items, which routing hands in.

mod deciding;
mod fold;
mod get_replay;
mod list_signatures;
mod replay_revision;
mod replaying;
mod store;
mod summary;
mod telling;
mod wire;

use std::sync::Arc;

use chrono::NaiveDate;
use futures::future::BoxFuture;
use platform::jobs::Job;
use platform::rejection::Fault;
use platform::tasks::Tasks;
use platform::tenant_tx::{Database, TenantTx};
use tokio::sync::Semaphore;
use uuid::Uuid;

pub use fold::{Days, Denied, fold};
pub use list_signatures::Signatures;
pub use replay_revision::Asked;
pub use wire::{NoDay, day};

/// The kind of job that replays.
pub const KIND: &str = "routing.replay";
/// Replays of one process at a time; others wait. Each holds two revisions, and a connection while
/// it asks for another one to tell how far it is.
const AT_ONCE: usize = 1;

/// An open work item and its open denials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenItem {
    /// Its id.
    pub id: Uuid,
    /// Ids of the denials.
    pub denials: Vec<Uuid>,
}

/// A first and a last day.
pub type FromTo = [NaiveDate; 2];

/// Answers of the ledger.
pub type Answer<'tx, T> = BoxFuture<'tx, Result<T, Fault>>;

/// What a replay asks the ledger for.
#[derive(Clone, Copy, Debug)]
pub struct Ledger {
    /// The first and the last day with a denial from one day to another.
    pub days: for<'tx> fn(&'tx TenantTx, FromTo) -> Answer<'tx, Option<FromTo>>,
    /// The open items after the one with an id, in order of ids; none after the last.
    pub open_items: for<'tx> fn(&'tx TenantTx, Option<Uuid>) -> Answer<'tx, Vec<OpenItem>>,
}

/// Replays of a process and their results; clones share them.
#[derive(Clone, Debug)]
pub struct Replays {
    database: Database,
    tasks: Tasks,
    ledger: Ledger,
    at_once: Arc<Semaphore>,
}

impl Replays {
    /// Replays over a database and the ledger in it.
    #[must_use]
    pub fn new(database: Database, tasks: Tasks, ledger: Ledger) -> Self {
        Self { database, tasks, ledger, at_once: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// The job that ends replays whose process died.
    #[must_use]
    pub fn interrupted(&self) -> Job {
        Job::interrupted(self.database.clone(), KIND)
    }
}

#[cfg(test)]
mod tests;
