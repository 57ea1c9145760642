//! Appeals: filed inside the payer's window, complete, signed off, and measured.
//!
//! The rules are `domain_appeals`; here they meet rows. What is appealed is asked of routing, and
//! what a payer's levels are of the dictionary, in the caller's name and before a transaction is
//! open; what was opened before is read in the transaction, under the claim's row, which whoever
//! writes an appeal of the claim holds.
//!
//! Invariants: a line of a claim has one appeal at a level that is open or decided, whoever asks at
//! once (`appeals_line`); an act and its event commit together; events hold codes, amounts, days
//! and ids, never numbers of claims or words of people. Absent: documents, letters and
//! packets, whose methods are marked `planned`, and what a remittance settles (routing).

mod acknowledge_appeal;
mod acts;
mod cancel_job;
mod create_appeal;
mod create_appeal_batch;
mod dossier;
mod draft;
mod error;
mod expire_appeals;
mod face;
mod follow_routing;
mod get_appeal;
mod get_appeal_batch;
mod get_job;
mod grpc;
mod list_appeals;
mod list_levels;
mod list_outcome_statistics;
mod list_peer_to_peers;
mod override_stop;
mod peers;
mod record_outcome;
mod record_peer_to_peer;
mod request_sign_off;
mod return_appeal;
mod revisions;
mod sign_off_appeal;
mod store;
mod submit_appeal;
mod update_appeal;
mod watch_events;
mod withdraw_appeal;

use std::sync::Arc;

use chrono::TimeDelta;
use contracts::appeals::v1::appeals_service_server::AppealsServiceServer;
use futures::future::BoxFuture;
use platform::access::{Caller, Policy, Rule};
use platform::jobs::Job;
use platform::keys::Keys;
use platform::tasks::Tasks;
use platform::tenant_tx::Database;
use platform::{Env, Mounted, StartError};
use serde::Deserialize;

pub use error::Error;

/// The feed of this service.
const FEED: &str = "appeals";
/// Whoever may call it may lift a stop while opening an appeal.
const OVERRIDE: &str = "/overturn.appeals.v1.AppealsService/OverrideStop";

/// The jobs that callers watch.
const JOBS: [&str; 1] = [create_appeal_batch::KIND];

/// The service; every use case is a method in a file of its own. Clones share it.
#[derive(Clone, Debug)]
pub struct Appeals {
    database: Database,
    keys: Keys,
    peers: peers::Peers,
    /// Who may lift a stop.
    overriding: Option<Arc<Rule>>,
    tasks: Tasks,
}

impl Appeals {
    /// Whether a caller may lift stops.
    fn may_override(&self, caller: &Caller) -> bool {
        let roles = self.overriding.iter().flat_map(|rule| rule.roles.iter());
        roles.into_iter().any(|role| caller.has_role(*role))
    }
}

/// Options of appeals, section `appeals`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct AppealsSettings {
    /// How often the feed of routing is looked at, in seconds; at least 1.
    follow_seconds: u16,
}

impl Default for AppealsSettings {
    fn default() -> Self {
        Self { follow_seconds: 5 }
    }
}

/// Joins a process.
pub fn mount(env: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    Box::pin(async move {
        let policy =
            Policy::load().map_err(|error| StartError::Service("appeals", error.into()))?;
        let settings: AppealsSettings = env.settings("appeals")?;
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
        };
        let mounted = Mounted::new("appeals").grpc(AppealsServiceServer::new(service));
        let interrupted = Job::interrupted(env.database().clone(), create_appeal_batch::KIND);
        Ok(mounted.job(follow).job(expire).job(interrupted))
    })
}
