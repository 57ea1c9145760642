//! Running a check: opened with its job, worked on in a task in the caller's name, kept with the
//! change in the transaction that ends the job.

use std::sync::{Arc, OnceLock};

use prost::Message;
use uuid::Uuid;

use contracts::dictionary::v1 as pb;
use domain_governance::ballot::{Check, CheckKind};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::jobs::{End, Record};
use platform::rejection::{Fault, Rejection};
use platform::tenant_tx::TenantTx;

use super::chamber::Chamber;
use super::{Matter, draft, id};
use crate::grpc::OfJob;
use crate::store::checks::{self, Check as Row};
use crate::{Dictionary, Error};

/// Jobs of this service, by kind.
pub(crate) const VERIFY: &str = "dictionary.verify";
/// As [`VERIFY`].
pub(crate) const REPLAY: &str = "dictionary.replay";
/// Every kind.
pub(crate) const JOBS: [&str; 2] = [VERIFY, REPLAY];

/// How often a check is kept again when its change was written meanwhile.
const TRIES: usize = 8;

/// A change whose content is looked at, as it stood when the check began.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) matter: Matter,
    pub(super) draft: domain::dictionary::Bundle,
}

/// What a check found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) passed: bool,
    pub(super) findings: Vec<pb::CheckFinding>,
    pub(super) replay: Option<pb::ReplaySummary>,
}

impl Dictionary {
    /// Opens the job of a check and, when it is new, starts `work` on it.
    pub(super) async fn run_check<M, R, W>(
        &self,
        caller: &Caller,
        request: &M,
        (change, request_id): (&str, &str),
        kind: CheckKind,
        work: W,
    ) -> Result<R, Error>
    where
        M: Message,
        R: Message + Default + OfJob + Send + 'static,
        W: FnOnce(
                Self,
                Caller,
                Subject,
                Record,
            ) -> futures::future::BoxFuture<'static, Result<Found, Error>>
            + Send
            + 'static,
    {
        let once = Once::of(request_id, request)?;
        let change = id(change)?;
        let tx = self.database.read(caller).await?;
        let matter = Matter::find(&tx, change).await?;
        let base = draft::base(&tx, &matter.row.base_revision).await?;
        drop(tx);
        let outcome = draft::outcome(base, &matter.edits).await?;
        let subject = Subject { matter, draft: outcome.bundle };
        let opened = Arc::new(OnceLock::new());
        let noted = Arc::clone(&opened);
        let answer = self
            .database
            .mutate(caller, once, move |tx| {
                Box::pin(async move {
                    let record = tx.open_job(job(kind), "denials").await?;
                    noted.set(record.clone()).ok();
                    Ok::<_, Error>(R::of_job(record))
                })
            })
            .await?;
        if let Some(record) = opened.get() {
            self.start(caller, kind, subject, record.clone(), work);
        }
        Ok(answer)
    }

    fn start<W>(&self, caller: &Caller, kind: CheckKind, subject: Subject, record: Record, work: W)
    where
        W: FnOnce(
                Self,
                Caller,
                Subject,
                Record,
            ) -> futures::future::BoxFuture<'static, Result<Found, Error>>
            + Send
            + 'static,
    {
        let (dictionary, caller) = (self.clone(), caller.clone());
        self.tasks.spawn("dictionary.check", move |cancel| async move {
            let matter = subject.matter.clone();
            let working = work(dictionary.clone(), caller.clone(), subject, record.clone());
            let found = tokio::select! {
                found = working => found,
                // The row that its end was scheduled with says so to whoever asks.
                () = cancel.cancelled() => return,
            };
            let ended = match found {
                Ok(found) => dictionary.keep_check(&caller, kind, &matter, &record, found).await,
                Err(error) => Err(error),
            };
            if let Err(error) = ended {
                tracing::warn!(reason = error.reason(), "a check failed");
                dictionary.give_up(&caller, &record, &error).await;
            }
        });
    }

    /// Keeps a check and ends its job; a job that was cancelled leaves nothing.
    async fn keep_check(
        &self,
        caller: &Caller,
        kind: CheckKind,
        looked_at: &Matter,
        record: &Record,
        found: Found,
    ) -> Result<(), Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            let tx = self.database.begin(caller).await?;
            let kept = keep(&tx, kind, looked_at, record, &found).await;
            match kept {
                Ok(true) => return Ok(tx.commit().await?),
                Ok(false) => return Ok(()),
                // Somebody wrote the change meanwhile: it is read again.
                Err(Error::Fault(Fault::StaleEtag | Fault::Contended)) if tries < TRIES => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn give_up(&self, caller: &Caller, record: &Record, error: &Error) {
        let end = End::Failed { reason: error.reason(), text: error.to_string() };
        let given_up = async {
            let tx = self.database.begin(caller).await?;
            tx.end_job(record, end).await?;
            Ok::<_, Fault>(tx.commit().await?)
        };
        if let Err(fault) = given_up.await {
            tracing::warn!(reason = fault.reason(), "a failed check could not be told");
        }
    }
}

async fn keep(
    tx: &TenantTx,
    kind: CheckKind,
    looked_at: &Matter,
    record: &Record,
    found: &Found,
) -> Result<bool, Error> {
    let now = tx.clock().now();
    let check = Row {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        change_request_id: looked_at.row.id,
        kind: kind.as_str().to_owned(),
        base_revision: looked_at.row.base_revision.clone(),
        result_hash: looked_at.row.result_hash.clone(),
        passed: found.passed,
        findings: pb::Check { findings: found.findings.clone(), ..pb::Check::default() }
            .encode_to_vec(),
        replay: found.replay.as_ref().map(Message::encode_to_vec).unwrap_or_default(),
        finished_at: now,
    };
    let id = check.id;
    checks::insert(tx, check).await?;
    let matter = Matter::find(tx, looked_at.row.id).await?;
    let chamber = Chamber::now(tx).await?;
    let checked = matter.ballot.clone().record_check(Check {
        kind,
        base: looked_at.ballot.base,
        result_hash: looked_at.ballot.result_hash,
        passed: found.passed,
        finished_at: now,
    });
    let changed = checked.settle(&chamber.sitting());
    matter.keep(tx, changed, "change_request.checked").await?;
    Ok(tx.end_job(record, End::Succeeded(Some(id))).await?)
}

fn job(kind: CheckKind) -> &'static str {
    match kind {
        CheckKind::Verify => VERIFY,
        CheckKind::Replay => REPLAY,
    }
}
