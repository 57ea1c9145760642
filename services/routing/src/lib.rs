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

mod automation_rules;
mod cancel_job;
mod claim_context_changed;
mod error;
mod gather;
mod get_job;
mod grpc;
mod import_open_denials;
mod intake;
mod post_file;
mod record_payer_status;
mod redecide_work_items;
mod redecisions;
mod replay_revision;
mod revisions;
mod settings;
mod upload_evidence;
mod upload_remittance;
mod upsert_claim_context;

use contracts::routing::v1::routing_service_server::RoutingServiceServer;
use futures::future::BoxFuture;
use platform::jobs::Job;
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
    automation: automation::Automation,
    database: Database,
    evidence: evidence::Evidence,
    intake: Intake,
    peers: gather::Peers,
    claim_contexts: claim_context::ClaimContexts,
    payer_statuses: payer_status::PayerStatuses,
    queues: queues::Queues,
    views: views::Views,
    redecisions: redecisions::Redecisions,
    replays: history::Replays,
    revisions: Revisions,
    settings: RoutingSettings,
    tasks: Tasks,
}

/// The jobs that callers watch.
const JOBS: [&str; 4] =
    [history::KIND, import_open_denials::KIND, ledger::redecisions::KIND, queues::BULK];

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
        let intake = Intake::new(
            database.clone(),
            originals.clone(),
            revisions.clone(),
            settings.posting_claims,
        );
        let job = post_file::post_file(intake.clone());
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
        let silent = record_payer_status::silent(intake.clone());
        let changed = claim_context_changed::claim_context_changed(intake.clone());
        let views = views::Views::new(&env);
        let limit = domain::money::Cents::new(i64::from(settings.write_off_limit_cents));
        let evidence = evidence::Evidence::new(
            database.clone(),
            env.keys().clone(),
            views.clone(),
            originals,
            settings.evidence_bytes_max,
        );
        let service = Routing {
            evidence,
            automation: automation::Automation::new(database.clone(), env.keys().clone(), limit),
            queues: queues::Queues::new(
                database.clone(),
                env.keys().clone(),
                views.clone(),
                limit,
                env.tasks().clone(),
            ),
            claim_contexts: claim_context::ClaimContexts::new(database.clone()),
            payer_statuses: payer_status::PayerStatuses::new(database.clone(), env.keys().clone()),
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
        let rules = automation::job(env.database().clone(), limit);
        let mounted = Mounted::new("routing").grpc(server).job(job).job(alarm).job(look);
        let mounted = mounted.job(redecide).job(changed).job(bulk).job(interrupted);
        Ok(mounted.job(rules).job(silent))
    })
}
