//! Brings open work under the active revision, and goes on until nothing is left.
//!
//! The work itself is a job on duty: it needs the revision's content and the facts that files were
//! posted under, and both are rows. Which revision is active is the dictionary's word, asked in
//! somebody's name: that of whoever activates it, or that of a tenant's first caller in a minute
//! ([`Redecisions::look`]), for a timer that activates has nobody's name.
//!
//! A file that was accepted before an activation is posted under the revision it was pinned to,
//! even after it. So passes are repeated until one that began 60 seconds after the activation finds
//! nothing; what a crash brings later than that, the next look finds.

mod pass;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use contracts::routing::v1::RedecideWorkItemsRequest;
use domain::tenancy::TenantId;
use ledger::document::{Tally, to_json};
use ledger::redecisions::{self, KIND, Redecision};
use ledger::{files, redecided};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::jobs::{End, Handler, Job};
use platform::rejection::{Fault, Rejection};
use platform::tasks::Tasks;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::error::Error;
use crate::gather::{Active, Peers};
use crate::intake::Intake;
use crate::revisions::Revisions;
pub(crate) use pass::{Pass, filed, write};

/// How long after an activation a pass must begin that finds nothing.
const SETTLED_AFTER: TimeDelta = TimeDelta::seconds(60);
/// How often a beginning is tried while others begin too.
const TRIES: u32 = 3;
/// How often a tenant's calls make a process look.
const LOOK_EVERY: TimeDelta = TimeDelta::seconds(60);
/// Tenants whose last look is remembered.
const TENANTS: usize = 4_096;
/// How long one run goes on before it gives its place to others; below its lease.
const RUN: Duration = Duration::from_secs(45);
/// How long a worker may take before another one looks after the job.
const LEASE: Duration = Duration::from_secs(120);

/// What it takes to bring work under a revision.
#[derive(Clone, Debug)]
pub(crate) struct Redecisions {
    intake: Intake,
    peers: Peers,
    revisions: Revisions,
    tasks: Tasks,
    looked: Arc<Mutex<BTreeMap<TenantId, DateTime<Utc>>>>,
}

impl Redecisions {
    pub(crate) fn new(intake: Intake, peers: Peers, revisions: Revisions, tasks: Tasks) -> Self {
        Self { intake, peers, revisions, tasks, looked: Arc::default() }
    }

    /// The redecision under the revision that is active, begun unless it runs or there is nothing
    /// left for another one to do.
    pub(crate) async fn begin(&self, caller: &Caller, once: Once) -> Result<Redecision, Error> {
        let active = self.peers.active(caller, &self.revisions).await?;
        let teams = to_json(&self.peers.teams(caller).await?);
        let canary = self.canary(caller, &active).await?;
        let row = Redecision {
            tenant_id: Uuid::nil(),
            id: Uuid::nil(),
            round: 0,
            revision: active.revision.hash().to_owned(),
            canary,
            activated_at: active.since,
            teams,
            tally: to_json(&Tally::default()),
            created_at: self.intake.database().clock().now(),
        };
        let mut tried = 0;
        let job = loop {
            tried += 1;
            let (row, active) = (row.clone(), active.clone());
            let opening = self.intake.database().mutate(caller, once.clone(), move |tx| {
                Box::pin(async move { open(tx, row, &active).await })
            });
            match opening.await {
                // Somebody else began at the same moment: the next try finds theirs.
                Err(Error::Fault(Fault::Contended)) if tried < TRIES => {}
                opened => break opened?,
            }
        };
        let id = Uuid::try_parse(&job.id);
        let id = id.map_err(|_| Fault::Broken("a redecision has no id"))?;
        let tx = self.intake.database().read(caller).await?;
        Ok(redecisions::find(&tx, id).await?.ok_or(Fault::NotFound)?)
    }

    /// The change on trial where it decides and has passed no limit, by content hash.
    async fn canary(&self, caller: &Caller, active: &Active) -> Result<String, Error> {
        let Some((trial, _)) = active.trial.as_ref().filter(|(trial, _)| trial.canary) else {
            return Ok(String::new());
        };
        let tx = self.intake.database().read(caller).await?;
        let row = ledger::previews::find(&tx, trial.id).await?;
        let suspended = row.is_some_and(|row| row.is_suspended());
        Ok(if suspended { String::new() } else { trial.revision.clone() })
    }

    /// Looks whether work waits under another revision than the active one, at most once a minute
    /// for each tenant, and begins a redecision when it does. Nobody waits for it.
    pub(crate) fn look(&self, caller: &Caller) {
        if !self.is_due(caller.tenant()) {
            return;
        }
        let (this, caller) = (self.clone(), caller.outlasting_its_call());
        self.tasks.spawn("routing.look", move |cancel| async move {
            if let Some(Err(error)) = cancel.run_until_cancelled(this.seek(&caller)).await {
                // A caller who may not ask is no news; the next one may.
                tracing::debug!(reason = error.reason(), "nobody said which revision is active");
            }
        });
    }

    fn is_due(&self, tenant: TenantId) -> bool {
        let now = self.intake.database().clock().now();
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        if looked.get(&tenant).is_some_and(|at| now - *at < LOOK_EVERY) {
            return false;
        }
        if looked.len() >= TENANTS {
            looked.clear();
        }
        looked.insert(tenant, now);
        true
    }

    async fn seek(&self, caller: &Caller) -> Result<(), Error> {
        let active = self.peers.active(caller, &self.revisions).await?;
        let canary = self.canary(caller, &active).await?;
        let tx = self.intake.database().read(caller).await?;
        let decided = [active.revision.hash(), &canary];
        let waiting = redecided::outdated(&tx, &decided, &[], 1).await?;
        drop(tx);
        if !waiting.is_empty() {
            self.begin(caller, Once::of("", &RedecideWorkItemsRequest::default())?).await?;
        }
        Ok(())
    }

    /// The job that does it.
    pub(crate) fn job(&self) -> Job {
        let this = self.clone();
        let handler: Handler = Arc::new(move |caller, id| {
            let this = this.clone();
            Box::pin(async move {
                let ran = this.run(&caller, id).await;
                ran.map_err(|error| error.of_job("open work cannot be redecided"))
            })
        });
        Job::new(KIND, handler).lease(LEASE)
    }

    /// One pass, or as much of it as a run may take.
    async fn run(&self, caller: &Caller, id: Uuid) -> Result<(), Error> {
        let begun = self.intake.database().clock().now();
        let tx = self.intake.database().read(caller).await?;
        let running = tx.job(&[KIND], id).await?.filter(|job| job.state == "RUNNING");
        let row = redecisions::find(&tx, id).await?;
        drop(tx);
        let Some((job, row)) = running.zip(row) else { return self.end(caller, id, None).await };
        let mut pass = Pass::new(&self.intake, caller, row).await?;
        let until = Instant::now() + RUN;
        while pass.chunk().await? {
            if Instant::now() > until {
                return self.again(caller, id, begun).await;
            }
        }
        let settled_at = pass.activated_at() + SETTLED_AFTER;
        if pass.found_any() {
            return self.again(caller, id, begun).await;
        }
        if begun < settled_at {
            return self.again(caller, id, settled_at).await;
        }
        self.end(caller, id, Some((job, pass.end()))).await
    }

    /// Makes the next run due.
    async fn again(&self, caller: &Caller, id: Uuid, at: DateTime<Utc>) -> Result<(), Error> {
        let tx = self.intake.database().begin(caller).await?;
        tx.done(KIND, id).await?;
        tx.schedule(KIND, id, at).await?;
        Ok(tx.commit().await?)
    }

    async fn end(
        &self,
        caller: &Caller,
        id: Uuid,
        how: Option<(platform::jobs::Record, End)>,
    ) -> Result<(), Error> {
        let tx = self.intake.database().begin(caller).await?;
        tx.done(KIND, id).await?;
        if let Some((job, end)) = how {
            tx.end_job(&job, end).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Begins a redecision, unless one stands that makes it needless; answers its job.
async fn open(
    tx: &TenantTx,
    mut row: Redecision,
    active: &Active,
) -> Result<contracts::jobs::v1::Job, Error> {
    let latest = redecisions::latest(tx).await?;
    if let Some(standing) = standing(tx, latest.as_ref(), &row).await? {
        return Ok(named(standing));
    }
    files::keep_revision(tx, &row.revision, active.revision.canonical()).await?;
    for of in &active.approvers {
        files::note_approvers(tx, of).await?;
    }
    supersede(tx, latest.as_ref()).await?;
    row.round = latest.map_or(1, |latest| latest.round + 1);
    row.id = tx.open_job(KIND, "claims").await?.id;
    tx.done(KIND, row.id).await?;
    tx.schedule(KIND, row.id, row.created_at).await?;
    let id = row.id;
    redecisions::open(tx, row).await?;
    Ok(named(id))
}

fn named(id: Uuid) -> contracts::jobs::v1::Job {
    contracts::jobs::v1::Job { id: id.to_string(), ..contracts::jobs::v1::Job::default() }
}

/// The redecision that makes another one needless: of a later activation, or of the same one while
/// it runs or has left nothing.
async fn standing(
    tx: &TenantTx,
    latest: Option<&Redecision>,
    wanted: &Redecision,
) -> Result<Option<Uuid>, Error> {
    let Some(latest) = latest else { return Ok(None) };
    let of = |row: &Redecision| (row.revision.clone(), row.canary.clone(), row.activated_at);
    let same = of(latest) == of(wanted);
    if latest.activated_at > wanted.activated_at {
        return Ok(Some(latest.id));
    }
    if !same {
        return Ok(None);
    }
    let job = tx.job(&[KIND], latest.id).await?;
    let runs = job.is_some_and(|job| job.state == "RUNNING");
    let left = runs
        || redecided::outdated(tx, &[&wanted.revision, &wanted.canary], &[], 1).await?.is_empty();
    Ok(left.then_some(latest.id))
}

/// Ends the redecision under an earlier revision.
async fn supersede(tx: &TenantTx, latest: Option<&Redecision>) -> Result<(), Error> {
    let Some(latest) = latest else { return Ok(()) };
    let Some(job) = tx.job(&[KIND], latest.id).await? else { return Ok(()) };
    let text = "another revision became active; open work is brought under that one".to_owned();
    tx.end_job(&job, End::Failed { reason: "SUPERSEDED", text }).await?;
    Ok(())
}
