//! From remittances to work: files, the adjudication ledger, denials, ranked and dated work items,
//! and the feed of what happened.
//!
//! A file is stored as it came, surveyed, and posted once (`intake`); what is found there is
//! decided by the pure rules of `domain` under a dictionary revision that is pinned to the file.
//! The ledger is append-only: a reversal is an occurrence of its own and takes denials back by
//! state, never by deletion.
//!
//! Invariants: the same bytes and the same transaction have one effect per tenant, whatever
//! crashes; a denial names the revision, the facts and the entry that decided it; an event carries
//! no patient data; names and member numbers stand in one table alone. Absent: what codes mean
//! (dictionary), who is who (identity), letters and outcomes (appeals).

mod cancel_job;
mod claim_context_changed;
mod error;
mod gather;
mod get_job;
mod grpc;
mod intake;
mod redecide_work_items;
mod redecisions;
mod replay_revision;
mod revisions;
mod settings;
mod upload_remittance;
mod upsert_claim_context;

use std::sync::Arc;

use contracts::routing::v1::routing_service_server::RoutingServiceServer;
use futures::future::BoxFuture;
use platform::jobs::{Handler, Job};
use platform::rejection::Fault;
use platform::tasks::Tasks;
use platform::tenant_tx::Database;
use platform::{Env, Mounted, StartError};

pub use error::Error;
pub use intake::{Ended, Intake, Submission};
pub use originals::Originals;
pub use remitted::{
    Alias, AliasKind, Context, FacilityFact, PayerFact, ServiceLineFact, ServiceLineRule, alias,
};
pub use revisions::{Revision, Revisions};
pub use settings::RoutingSettings;

/// The service; every use case is a method in a file of its own.
#[derive(Debug)]
pub struct Routing {
    database: Database,
    intake: Intake,
    peers: gather::Peers,
    claim_contexts: claim_context::ClaimContexts,
    queues: queues::Queues,
    views: views::Views,
    redecisions: redecisions::Redecisions,
    replays: history::Replays,
    revisions: Revisions,
    settings: RoutingSettings,
    tasks: Tasks,
}

/// The jobs that callers watch.
const JOBS: [&str; 3] = [history::KIND, ledger::redecisions::KIND, queues::BULK];

/// How long a worker may take for one file before another one looks after it, in seconds.
const LEASE_SECONDS: u64 = 120;

/// The largest message: a draft to be replayed, and what stands beside it.
const MESSAGE_BYTES: usize = replay_revision::DRAFT_BYTES_MAX + (64 << 10);

/// Joins a process.
#[must_use]
pub fn mount(env: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    Box::pin(async move {
        let settings: RoutingSettings = env.settings("routing")?;
        let originals = Originals::in_folder(&settings.originals_folder, settings.part_bytes)
            .map_err(|error| StartError::Service("routing", Box::new(error)))?;
        let revisions = Revisions::default();
        let database = env.database().clone();
        let intake =
            Intake::new(database.clone(), originals, revisions.clone(), settings.posting_claims);
        let job = resume(intake.clone());
        let replays =
            history::Replays::new(database.clone(), env.tasks().clone(), ledger::replayed::LEDGER);
        let interrupted = replays.interrupted();
        let peers = gather::Peers {
            dictionary: env.peer("dictionary"),
            identity: env.peer("identity"),
            cache: env.cache().clone(),
        };
        let redecisions = redecisions::Redecisions::new(
            intake.clone(),
            peers.clone(),
            revisions.clone(),
            env.tasks().clone(),
        );
        let redecide = redecisions.job();
        let bulk = Job::interrupted(database.clone(), queues::BULK);
        let changed = claim_context_changed::claim_context_changed(intake.clone());
        let views = views::Views::new(&env);
        let limit = domain::money::Cents::new(i64::from(settings.write_off_limit_cents));
        let service = Routing {
            queues: queues::Queues::new(
                database.clone(),
                env.keys().clone(),
                views.clone(),
                limit,
                env.tasks().clone(),
            ),
            claim_contexts: claim_context::ClaimContexts::new(database.clone()),
            database,
            intake,
            peers,
            redecisions,
            views,
            replays,
            revisions,
            settings,
            tasks: env.tasks().clone(),
        };
        let server = RoutingServiceServer::new(service).max_decoding_message_size(MESSAGE_BYTES);
        let alarm = queues::alarm(env.database().clone());
        let look = queues::look(env.database().clone());
        let mounted = Mounted::new("routing").grpc(server).job(job).job(alarm).job(look);
        Ok(mounted.job(redecide).job(changed).job(bulk).job(interrupted))
    })
}

/// Finishes what a crash left: the same run as the upload's own.
fn resume(intake: Intake) -> Job {
    let handler: Handler = Arc::new(move |caller, file| {
        let intake = intake.clone();
        Box::pin(async move {
            match intake.run(&caller, file).await {
                Ok(Ended::Finished) => Ok(()),
                // The other one may yet die; the lease brings the row back.
                Ok(Ended::Elsewhere) => Err(Fault::Contended),
                Err(error) => Err(error.of_job("a file cannot be posted")),
            }
        })
    });
    Job::new(intake::JOB, handler).lease(std::time::Duration::from_secs(LEASE_SECONDS))
}
