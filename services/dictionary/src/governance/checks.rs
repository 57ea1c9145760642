//! Running a check: opened with its job, worked on in a task in the caller's name, kept with the
//! change in the transaction that ends the job.

use futures::future::BoxFuture;
use prost::Message;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use contracts::dictionary::v1 as pb;
use domain_governance::ballot::{Check, CheckKind, State};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::jobs::{End, Record, Watched};
use platform::rejection::{Fault, Rejection};
use platform::tenant_tx::TenantTx;

use super::chamber::Chamber;
use super::{Matter, Refusal, draft, id};
use crate::grpc::OfJob;
use crate::{Dictionary, Error};
use registry::checks::{self, Check as Row};
use registry::previews;

/// Jobs of this service, by kind.
pub(crate) const VERIFY: &str = "dictionary.verify";
/// As [`VERIFY`].
pub(crate) const REPLAY: &str = "dictionary.replay";
/// Every kind.
pub(crate) const JOBS: [&str; 5] =
    [VERIFY, REPLAY, bases::PUBLICATION, code_sets::JOBS[0], code_sets::JOBS[1]];

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

/// What a check does with its subject.
pub(super) type Work =
    fn(Dictionary, Caller, Subject, Record) -> BoxFuture<'static, Result<Found, Error>>;

impl Dictionary {
    /// Opens the job of a check and begins with it, in the caller's name.
    pub(super) async fn run_check<M: Message, R: OfJob + Send + 'static>(
        &self,
        caller: &Caller,
        request: &M,
        (change, request_id): (&str, &str),
        kind: CheckKind,
        work: Work,
    ) -> Result<R, Error> {
        let once = Once::of(request_id, request)?;
        let change = id(change)?;
        let tx = self.database.read(caller).await?;
        let matter = Matter::find(&tx, change).await?;
        open_for_checks(&matter)?;
        let base = draft::base(&tx, &matter.row.base_revision).await?;
        drop(tx);
        let outcome = draft::outcome(base, &matter.edits).await?;
        let subject = Subject { matter, draft: outcome.bundle };
        let dictionary = self.clone();
        let watched = Watched { kind: job(kind), unit: "denials" };
        let begin = move |caller, record, cancel| async move {
            dictionary.work(&caller, &record, (kind, subject, work), cancel).await
        };
        watched.start((&self.database, &self.tasks), caller, once, R::of_job, begin).await
    }

    /// Works on a check and keeps it; how it ended otherwise.
    async fn work(
        &self,
        caller: &Caller,
        record: &Record,
        (kind, subject, work): (CheckKind, Subject, Work),
        cancel: CancellationToken,
    ) -> Option<End> {
        let looked_at = subject.matter.clone();
        let working = async {
            // Each holds a dictionary and what it is judged by.
            let _turn = self.checks_at_once.acquire().await.map_err(|_| Fault::Contended)?;
            let found = work(self.clone(), caller.clone(), subject, record.clone()).await?;
            self.keep_check(caller, kind, &looked_at, record, found).await
        };
        tokio::select! {
            done = working => done.err().map(|error: Error| {
                tracing::warn!(reason = error.reason(), "a check failed");
                End::failed(&error)
            }),
            () = cancel.cancelled() => Some(End::interrupted()),
        }
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
            let standing = previews::canaries(&tx).await?;
            let kept = keep(&tx, kind, looked_at, record, &found).await;
            match kept {
                Ok(true) => {
                    let ended = !standing.is_subset(&previews::canaries(&tx).await?);
                    tx.commit().await?;
                    if ended {
                        self.follow(caller);
                    }
                    return Ok(());
                }
                Ok(false) => return Ok(()),
                // Somebody wrote the change meanwhile: it is read again.
                Err(Error::Fault(Fault::StaleEtag | Fault::Contended)) if tries < TRIES => {}
                Err(error) => return Err(error),
            }
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
    let mut ballot = matter.ballot.clone();
    // The newest of a kind on one content and base is the one that counts.
    ballot.checks.retain(|check| {
        (check.kind, check.base, check.result_hash)
            != (kind, looked_at.ballot.base, looked_at.ballot.result_hash)
    });
    let checked = ballot.record_check(Check {
        kind,
        base: looked_at.ballot.base,
        result_hash: looked_at.ballot.result_hash,
        passed: found.passed,
        short_history: found.replay.as_ref().is_some_and(|replay| replay.short_history),
        finished_at: now,
    });
    let changed = checked.settle(&chamber.sitting());
    matter.keep(tx, changed, "change_request.checked").await?;
    Ok(tx.end_job(record, End::Succeeded(Some(id))).await?)
}

/// Whether a check can still matter to a change.
fn open_for_checks(matter: &Matter) -> Result<(), Error> {
    let unratified = matter.ballot.emergency.as_ref().is_some_and(|it| it.end.is_none());
    match matter.ballot.state {
        State::Draft | State::InReview | State::Approved | State::Scheduled | State::Suspended => {
            Ok(())
        }
        State::Activated if unratified => Ok(()),
        state @ (State::Activated | State::Rejected | State::Withdrawn) => {
            let words = format!("a change that is {state} needs no check");
            Err(Error::Refused(Refusal::InvalidTransition, words))
        }
    }
}

fn job(kind: CheckKind) -> &'static str {
    match kind {
        CheckKind::Verify => VERIFY,
        CheckKind::Replay => REPLAY,
    }
}
