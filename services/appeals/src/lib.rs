//! Appeals: filed inside the payer's window, complete, signed off, and measured.
//!
//! The rules are `domain_appeals`; here they meet rows. What is appealed is asked of routing, and
//! what a payer's levels are of the dictionary, in the caller's name and before a transaction is
//! open; what was opened before is read in the transaction, under the claim's row, which whoever
//! writes an appeal of the claim holds.
//!
//! Invariants: a line of a claim has one appeal at a level that is open or decided, whoever asks at
//! once (`appeals_line`); an act and its event commit together; events hold codes, amounts, days
//! and ids, never numbers of claims or words of people; a letter, a packet and the bytes of a
//! document never change, and the appeal names those in force. Absent: what a letter may say
//! (`letters`), pages (`typesetting`, another process), and what a remittance settles (routing).

mod acknowledge_appeal;
mod acts;
mod assemble_packet;
mod cancel_job;
mod correspondence;
mod create_appeal;
mod create_appeal_batch;
mod dossier;
mod download_document;
mod draft;
mod error;
mod expire_appeals;
mod face;
mod follow_routing;
mod get_appeal;
mod get_appeal_batch;
mod get_job;
mod get_packet;
mod grpc;
mod list_appeals;
mod list_documents;
mod list_levels;
mod list_outcome_statistics;
mod list_peer_to_peers;
mod override_stop;
mod paper_face;
mod peers;
mod preview_template;
mod record_outcome;
mod record_peer_to_peer;
mod render_batch_letters;
mod render_letter;
mod request_sign_off;
mod return_appeal;
mod revisions;
mod settings;
mod sign_off_appeal;
mod store;
mod submit_appeal;
mod typesetter;
mod update_appeal;
mod upload_document;
mod watch_events;
mod withdraw_appeal;

use std::sync::Arc;

use chrono::TimeDelta;
use contracts::appeals::v1::appeals_service_server::AppealsServiceServer;
use futures::future::BoxFuture;
use originals::Originals;
use platform::access::{Caller, Policy, Rule};
use platform::jobs::Job;
use platform::keys::Keys;
use platform::tasks::Tasks;
use platform::tenant_tx::Database;
use platform::{Env, Mounted, StartError};

pub use error::Error;
use settings::AppealsSettings;

/// The feed of this service.
const FEED: &str = "appeals";
/// Bytes that the store of documents is given at a time.
const PART_BYTES: usize = 8 << 20;
/// Whoever may call it may lift a stop while opening an appeal.
const OVERRIDE: &str = "/overturn.appeals.v1.AppealsService/OverrideStop";

/// The jobs that callers watch.
const JOBS: [&str; 2] = [create_appeal_batch::KIND, render_batch_letters::KIND];

/// The service; every use case is a method in a file of its own. Clones share it.
#[derive(Clone, Debug)]
pub struct Appeals {
    database: Database,
    keys: Keys,
    peers: peers::Peers,
    /// Who may lift a stop.
    overriding: Option<Arc<Rule>>,
    tasks: Tasks,
    originals: Originals,
    typesetter: typesetter::Typesetter,
    /// The largest document taken in, in bytes.
    document_bytes_max: u64,
}

impl Appeals {
    /// Whether a caller may lift stops.
    fn may_override(&self, caller: &Caller) -> bool {
        let roles = self.overriding.iter().flat_map(|rule| rule.roles.iter());
        roles.into_iter().any(|role| caller.has_role(*role))
    }
}

/// Joins a process.
pub fn mount(env: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    Box::pin(async move {
        let policy =
            Policy::load().map_err(|error| StartError::Service("appeals", error.into()))?;
        let settings: AppealsSettings = env.settings("appeals")?;
        let broken = |error| StartError::Service("appeals", error);
        let originals = Originals::in_folder(&settings.originals_folder, PART_BYTES);
        let originals = originals.map_err(|error| broken(error.into()))?;
        let typesetter = typesetter::Typesetter::new(&settings);
        let typesetter = typesetter.map_err(|error| broken(error.into()))?;
        let peers = peers::Peers::new(&env);
        let every = TimeDelta::seconds(settings.follow_seconds.max(1).into());
        let follow = follow_routing::follow_routing(&env, peers.clone(), every);
        let expire = expire_appeals::expire_appeals(env.database().clone());
        let service = Appeals {
            database: env.database().clone(),
            keys: env.keys().clone(),
            peers,
            overriding: policy.method(OVERRIDE).and_then(|method| method.rule.clone()),
            tasks: env.tasks().clone(),
            originals,
            typesetter,
            document_bytes_max: settings.document_bytes_max,
        };
        let mounted = Mounted::new("appeals").grpc(AppealsServiceServer::new(service));
        let interrupted = JOBS.map(|kind| Job::interrupted(env.database().clone(), kind));
        let mounted = mounted.job(follow).job(expire);
        Ok(interrupted.into_iter().fold(mounted, Mounted::job))
    })
}
