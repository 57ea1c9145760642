//! What denial codes mean for a tenant: payers, and the governed dictionary with its revisions,
//! decisions and receipts. Code sets are the crate `code_sets`, whose RPCs this service answers.
//!
//! Invariants: a revision never changes and is addressed by the hash of its content; whatever is
//! stored was compiled first; a decision is made by `domain::dictionary` and by nothing here; a
//! payer is matched or it is not, a guess is only shown.
//!
//! Absent: deadlines and priority (routing computes them from the same revision), and patient
//! data: of a denial only codes, amounts and a date of service come in, and nothing is kept.

mod add_payer_alias;
mod cancel_job;
mod compiled;
mod create_payer;
mod decide;
mod diff_revisions;
mod error;
mod explain_decision;
mod export_revision;
mod follow_appeals;
mod get_compiled_revision;
mod get_job;
mod get_payer;
mod get_revision;
mod governance;
mod grpc;
mod list_base_revisions;
mod list_entry_evidence;
mod list_payers;
mod list_revisions;
mod list_sections;
mod match_payer;
mod peers;
mod publish_base_dictionary;
mod publish_base_revision;
mod remove_payer_alias;
mod settings;
mod update_payer;
mod verify_receipt;
mod watch_events;

use std::sync::Arc;

use code_sets::CodeSets;
use contracts::dictionary::v1::dictionary_service_server::DictionaryServiceServer;
use futures::future::BoxFuture;
use platform::jobs::Job;
use platform::keys::Keys;
use platform::tasks::Tasks;
use platform::tenant_tx::Database;
use platform::{Env, Mounted, StartError};
use tokio::sync::Semaphore;

use bases::Bases;
use compiled::CompiledRevisions;
pub use error::Error;
pub use governance::Refusal;
use peers::Peers;
pub use settings::DictionarySettings;

/// The feed of this service's events.
const FEED: &str = "dictionary";

/// Checks of one process at a time; others wait.
const CHECKS_AT_ONCE: usize = 2;

/// The largest request: an imported revision of 32 MiB, and what is around it.
const MESSAGE_BYTES_MAX: usize = 33 << 20;

/// How many aliases a payer has at most.
const ALIASES_MAX: usize = 500;

/// The service.
#[derive(Clone, Debug)]
pub struct Dictionary {
    database: Database,
    keys: Keys,
    peers: Peers,
    tasks: Tasks,
    checks_at_once: Arc<Semaphore>,
    revisions: CompiledRevisions,
    bases: Bases,
    /// Whose exported revisions may be imported, beside our own.
    trusted_keys: Vec<String>,
    codes: CodeSets,
}

impl Dictionary {
    /// Opens the service and publishes what comes with this build: code sets, and a first base.
    ///
    /// # Errors
    /// When the reference tables cannot be read or written.
    async fn open(
        database: Database,
        keys: Keys,
        peers: Peers,
        tasks: Tasks,
    ) -> Result<Self, Error> {
        let routing = peers.routing.clone();
        let (stored, signing) = (database.clone(), keys.clone());
        let governing = governance::FOR_RELEASES;
        let codes = CodeSets::open(stored, signing, tasks.clone(), routing, governing).await?;
        let revisions = CompiledRevisions::new();
        let bases = publish_base_revision::start(&database, &keys, &tasks).await?;
        Ok(Self {
            database,
            keys,
            peers,
            tasks,
            checks_at_once: Arc::new(Semaphore::new(CHECKS_AT_ONCE)),
            revisions,
            bases,
            trusted_keys: Vec::new(),
            codes,
        })
    }
}

/// Joins a process.
#[must_use]
pub fn mount(env: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    Box::pin(async move {
        let database = env.database().clone();
        let peers = Peers { identity: env.peer("identity"), routing: env.peer("routing") };
        let (keys, tasks) = (env.keys().clone(), env.tasks().clone());
        let settings: DictionarySettings = env.settings("dictionary")?;
        let mut dictionary = Dictionary::open(database.clone(), keys, peers, tasks)
            .await
            .map_err(|error| StartError::Service("dictionary", Box::new(error)))?;
        dictionary.trusted_keys = settings.trusted_keys;
        let follow =
            follow_appeals::follow_appeals(&env, dictionary.clone(), settings.follow_seconds);
        let imports = dictionary.codes.interrupted().into_iter().chain(dictionary.codes.bringing());
        let server =
            DictionaryServiceServer::new(dictionary).max_decoding_message_size(MESSAGE_BYTES_MAX);
        let interrupted = |kind| Job::interrupted(database.clone(), kind);
        let mounted = imports.fold(Mounted::new("dictionary").grpc(server), Mounted::job);
        Ok(mounted
            .job(follow)
            .job(governance::activations(database.clone()))
            .job(governance::reversions(database.clone()))
            .job(governance::upgrades(database.clone()))
            .job(interrupted(bases::PUBLICATION))
            .job(interrupted(governance::VERIFY))
            .job(interrupted(governance::REPLAY)))
    })
}

#[cfg(test)]
mod tests;
