//! The codes that payers write, as a tenant knows them: the sets that come with the build, releases
//! that are imported over them, the licensed table of combinations, and codes that payers made up.
//! The dictionary's, with its tables.
//!
//! Of a set, the later of the tenant's own newest release and the operator's is in force, the
//! tenant's when both are of one day, and before there is one, what the build carries. A text that
//! the tenant gave a code (licensed text is the tenant's) stays under a later release of the
//! operator's: that one says when a code may be used and what is demanded of it. A release says
//! what became of the codes in it; a code that it leaves out stays as it was.
//!
//! **A release as CSV**: a header, then a row per period of a code, UTF-8, commas, days as
//! `2026-03-01`. Columns `code`, `start`, `stop` and `label` are mandatory (days may be empty, a
//! stop is the last day of use); `alert` (of RARC), `remark_code_required` and
//! `group_codes_allowed` (of CARC; `CO or PR`, empty for all) may be left out, and stay as they
//! were. Flags are `Y`, `N` or empty. A code that was reactivated has a row per period.
//!
//! **A combination table as CSV**: `scenario` (1 to 4), `carc`, `rarc` (empty where the reason
//! code stands without one) and `group` (`CO or PI` for several), all mandatory.
//!
//! Invariants: a code never vanishes; an import is whole or is not there, and every bad row is
//! answered with its line before anything begins; what a release did is compared again whenever it
//! is asked for, and so never stored beside it. Absent: patient data, decisions, and change
//! requests, which the dictionary hands in ([`Governance`]).

mod built_in;
mod check_combination;
mod combination_rows;
mod diff;
mod draft_release;
mod error;
mod face;
mod get_code;
mod governance;
mod import_code_set_release;
mod import_combination_table;
mod in_force;
mod list_code_changes;
mod list_code_set_releases;
mod list_code_sets;
mod list_codes;
mod list_payer_codes;
mod map_payer_code;
mod preflight;
mod release_rows;
mod sheet;
mod store;
mod volume;

use std::sync::Arc;

use domain::codes::{Code, CodeSet};
use platform::jobs::Job;
use platform::keys::Keys;
use platform::rejection::Fault;
use platform::tasks::Tasks;
use platform::tenant_tx::{Database, TenantTx};
use platform::wire::Wire;
use tokio::sync::Semaphore;

pub use draft_release::enlist;
pub use error::Error;
pub use governance::{Answer, Author, Draft, Governance};
pub use volume::each_signature;

use in_force::Whose;

/// The kind of job that imports a release.
const IMPORT_RELEASE: &str = "dictionary.import_code_set_release";
/// The kind of job that imports a combination table.
const IMPORT_COMBINATIONS: &str = "dictionary.import_combination_table";
/// The kinds of job that are done here.
pub const JOBS: [&str; 2] = [IMPORT_RELEASE, IMPORT_COMBINATIONS];
/// Imports of one process at a time; others wait.
const AT_ONCE: usize = 2;
/// The feed of the events: the dictionary's.
const FEED: &str = "dictionary";
/// The largest file of rows, in bytes.
const CSV_MAX: usize = 4 << 20;

/// The code sets of a process; clones share them.
#[derive(Clone, Debug)]
pub struct CodeSets {
    database: Database,
    keys: Keys,
    tasks: Tasks,
    routing: Wire,
    governance: Governance,
    at_once: Arc<Semaphore>,
    /// The name of what this build carries.
    built_in: String,
}

impl CodeSets {
    /// Opens them, and publishes what comes with this build.
    ///
    /// # Errors
    /// When the reference tables cannot be read or written.
    pub async fn open(
        database: Database,
        keys: Keys,
        tasks: Tasks,
        routing: Wire,
        governance: Governance,
    ) -> Result<Self, Fault> {
        let built_in = built_in::publish(&database).await?;
        let at_once = Arc::new(Semaphore::new(AT_ONCE));
        Ok(Self { database, keys, tasks, routing, governance, at_once, built_in })
    }

    /// The jobs that end imports whose process died.
    #[must_use]
    pub fn interrupted(&self) -> [Job; 2] {
        JOBS.map(|kind| Job::interrupted(self.database.clone(), kind))
    }

    /// The reason and remark codes in force for the transaction's tenant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn in_force(&self, tx: &TenantTx) -> Result<Vec<(CodeSet, Code)>, Fault> {
        let mut codes = Vec::new();
        for set in [CodeSet::Carc, CodeSet::Rarc] {
            let standing = in_force::of(tx, &self.built_in, set.as_str(), Whose::Tenant).await?;
            let listed = in_force::codes(tx, &standing.state, set.as_str(), 0).await?;
            codes.extend(listed.into_iter().map(|listed| (set, listed.code)));
        }
        Ok(codes)
    }
}

#[cfg(test)]
mod tests;
