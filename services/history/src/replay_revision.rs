use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;
use contracts::dictionary::v1::ReplaySummary;
use contracts::routing::v1::ReplayRevisionResponse;
use domain::dictionary::Compiled;
use domain_governance::replay::Both;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::jobs::{End, Record};
use platform::rejection::{Fault, Rejection};
use prost::Message;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::replaying::Stopped;
use crate::store::entity::replay;
use crate::{KIND, Replays};

/// What is replayed.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The revisions that are compared.
    pub revisions: Both<Arc<Compiled>>,
    /// A day of the first month; `None` means the one 12 months ago.
    pub starts_on: Option<NaiveDate>,
}

impl Replays {
    /// Opens the job of a replay and begins with it.
    ///
    /// All of it runs in a task of its own: a caller who hangs up leaves no job that nobody does.
    ///
    /// # Errors
    /// When the request's id stands for other content, or the database fails.
    pub async fn start(
        &self,
        caller: &Caller,
        once: Once,
        asked: Asked,
    ) -> Result<ReplayRevisionResponse, Fault> {
        let (told, answer) = oneshot::channel();
        let (replays, caller) = (self.clone(), caller.clone());
        self.tasks.spawn(KIND, move |cancel| async move {
            let (record, answer) = replays.open(&caller, once).await;
            // Nobody listens when the caller has hung up.
            told.send(answer).ok();
            if let Some(record) = record {
                replays.run(&caller, &record, &asked, &cancel).await;
            }
        });
        answer.await.map_err(|_| Fault::Contended)?
    }

    /// Opens the job, unless this is a repeated request: then it is being done, or was.
    async fn open(
        &self,
        caller: &Caller,
        once: Once,
    ) -> (Option<Record>, Result<ReplayRevisionResponse, Fault>) {
        let opened = Arc::new(OnceLock::new());
        let fresh = opened.clone();
        let answer = self.database.mutate(caller, once, move |tx| {
            Box::pin(async move {
                let record = tx.open_job(KIND, "denials").await?;
                fresh.get_or_init(|| record.clone());
                Ok(ReplayRevisionResponse { job: Some(record.into()) })
            })
        });
        let answer: Result<_, Fault> = answer.await;
        (opened.get().filter(|_| answer.is_ok()).cloned(), answer)
    }

    async fn run(
        &self,
        caller: &Caller,
        record: &Record,
        asked: &Asked,
        cancel: &CancellationToken,
    ) {
        let ended = match self.replayed(caller, record, asked, cancel).await {
            Ok(()) | Err(Stopped::Ended) => return,
            Err(Stopped::Stopping | Stopped::Left) => End::Failed {
                reason: "INTERRUPTED",
                text: "the service stopped before it was done; ask for it again".to_owned(),
            },
            Err(Stopped::Failed(fault)) => {
                let reason = fault.reason();
                tracing::error!(job.id = %record.id, reason, %fault, "a replay failed");
                End::Failed { reason, text: fault.to_string() }
            }
        };
        if let Err(fault) = self.end(caller, record, ended).await {
            // Its due row ends it later.
            let reason = fault.reason();
            tracing::warn!(job.id = %record.id, reason, "a job could not be ended");
        }
    }

    async fn replayed(
        &self,
        caller: &Caller,
        record: &Record,
        asked: &Asked,
        cancel: &CancellationToken,
    ) -> Result<(), Stopped> {
        let turn = self.at_once.acquire();
        let _turn = tokio::select! {
            turn = turn => turn.map_err(|_| Stopped::Stopping)?,
            () = cancel.cancelled() => return Err(Stopped::Stopping),
        };
        let summary = self.found(caller, record, asked, cancel).await?;
        Ok(self.keep(caller, record, &summary).await?)
    }

    /// Keeps a result and ends its job; neither when the job has ended meanwhile.
    async fn keep(
        &self,
        caller: &Caller,
        record: &Record,
        summary: &ReplaySummary,
    ) -> Result<(), Fault> {
        let id = platform::ids::new();
        let tx = self.database.begin(caller).await?;
        let row = replay::Model {
            tenant_id: Uuid::nil(),
            id,
            job_id: record.id,
            summary: summary.encode_to_vec(),
            created_at: tx.clock().now(),
        };
        tx.insert_all(vec![replay::ActiveModel::from(row)]).await?;
        tx.tell_job(record.id, summary.denial_count, summary.denial_count).await?;
        if tx.end_job(record, End::Succeeded(Some(id))).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    async fn end(&self, caller: &Caller, record: &Record, end: End) -> Result<(), Fault> {
        let tx = self.database.begin(caller).await?;
        tx.end_job(record, end).await?;
        Ok(tx.commit().await?)
    }
}
