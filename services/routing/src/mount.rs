//! How routing joins a process: its parts, its methods, its jobs.

use contracts::routing::v1::routing_service_server::RoutingServiceServer;
use domain::money::Cents;
use futures::future::BoxFuture;
use platform::jobs::Job;
use platform::{Env, Mounted, StartError};

use crate::{
    Intake, Originals, Revisions, Routing, RoutingSettings, claim_context_changed, follow_appeals,
    gather, post_file, record_payer_status, redecisions, replay_revision,
};

/// The largest message: a draft to be replayed, and what stands beside it.
const MESSAGE_BYTES: usize = replay_revision::DRAFT_BYTES_MAX + (64 << 10);

/// Joins a process.
pub fn mount(env: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    Box::pin(async move {
        let settings: RoutingSettings = env.settings("routing")?;
        let limit = Cents::new(i64::from(settings.write_off_limit_cents));
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
        let follow = follow_appeals::follow_appeals(&env, &settings, limit);
        let silent = record_payer_status::silent(intake.clone());
        let changed = claim_context_changed::claim_context_changed(intake.clone());
        let views = views::Views::new(&env);
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
            queues: queues_of(&env, &views, limit),
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
        let mounted = mounted.job(redecide).job(changed).job(bulk).job(interrupted).job(rules);
        Ok(mounted.job(silent).job(follow))
    })
}

fn queues_of(env: &Env, views: &views::Views, limit: Cents) -> queues::Queues {
    let (database, keys) = (env.database().clone(), env.keys().clone());
    queues::Queues::new(database, keys, views.clone(), limit, env.tasks().clone())
}
