//! What denial codes mean for a tenant: code sets, payers, and the governed dictionary with its
//! revisions, decisions and receipts.
//!
//! Invariants: a revision never changes and is addressed by the hash of its content; whatever is
//! stored was compiled first; a decision is made by `domain::dictionary` and by nothing here; a
//! payer is matched or it is not, a guess is only shown.
//!
//! Absent: deadlines and priority (routing computes them from the same revision), and patient
//! data: of a denial only codes, amounts and a date of service come in, and nothing is kept.

mod add_payer_alias;
mod alias;
mod code_set_release;
mod compiled;
mod create_payer;
mod decide;
mod error;
mod explain_decision;
mod get_code;
mod get_compiled_revision;
mod get_payer;
mod get_revision;
mod grpc;
mod list_code_sets;
mod list_codes;
mod list_payers;
mod list_revisions;
mod match_payer;
mod paging;
mod publish_base_dictionary;
mod store;
mod verify_receipt;

use futures::future::BoxFuture;

use contracts::dictionary::v1::dictionary_service_server::DictionaryServiceServer;
use platform::keys::Keys;
use platform::tenant_tx::Database;
use platform::{Env, Mounted, StartError};

use compiled::CompiledRevisions;
pub use error::Error;

/// The feed of this service's events.
const FEED: &str = "dictionary";

/// How many aliases a payer has at most.
const ALIASES_MAX: usize = 500;

/// The service.
#[derive(Clone, Debug)]
pub struct Dictionary {
    database: Database,
    keys: Keys,
    revisions: CompiledRevisions,
    /// The name of the code set release that this build carries.
    release: String,
}

impl Dictionary {
    /// Opens the service and publishes the code sets that come with this build.
    ///
    /// # Errors
    /// When the reference tables cannot be read or written.
    pub async fn open(database: Database, keys: Keys) -> Result<Self, Error> {
        let release = code_set_release::publish(&database).await?;
        Ok(Self { database, keys, revisions: CompiledRevisions::new(), release })
    }
}

/// Joins a process.
#[must_use]
pub fn mount(env: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    Box::pin(async move {
        let dictionary = Dictionary::open(env.database().clone(), env.keys().clone())
            .await
            .map_err(|error| StartError::Service("dictionary", Box::new(error)))?;
        Ok(Mounted::new("dictionary").grpc(DictionaryServiceServer::new(dictionary)))
    })
}

#[cfg(test)]
mod tests;
