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
mod download_remittance_file;
mod error;
mod follow_appeals;
mod gather;
mod get_job;
mod grpc;
mod import_open_denials;
mod intake;
mod mount;
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

use platform::tasks::Tasks;
use platform::tenant_tx::Database;

pub use error::Error;
pub use intake::{Ended, Intake, Submission};
pub use mount::mount;
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
