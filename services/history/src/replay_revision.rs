use std::sync::Arc;

use chrono::NaiveDate;
use contracts::dictionary::v1::ReplaySummary;
use contracts::routing::v1::ReplayRevisionResponse;
use domain::dictionary::Compiled;
use domain_governance::replay::Both;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::jobs::{End, Record, Watched};
use platform::rejection::{Fault, Rejection};
use prost::Message;
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
    /// # Errors
    /// When the request's id stands for other content, or the database fails.
    pub async fn start(
        &self,
        caller: &Caller,
        once: Once,
        asked: Asked,
    ) -> Result<ReplayRevisionResponse, Fault> {
        let replays = self.clone();
        let answer = |record: Record| ReplayRevisionResponse { job: Some(record.into()) };
        let work = move |caller, record, cancel| async move {
            replays.run(&caller, &record, &asked, &cancel).await
        };
        Watched { kind: KIND, unit: "denials" }
            .start((&self.database, &self.tasks), caller, once, answer, work)
            .await
    }

    /// Replays; how that ended, unless with its result or because the job had ended.
    async fn run(
        &self,
        caller: &Caller,
        record: &Record,
        asked: &Asked,
        cancel: &CancellationToken,
    ) -> Option<End> {
        match self.replayed(caller, record, asked, cancel).await {
            Ok(()) | Err(Stopped::Ended) => None,
            Err(Stopped::Stopping | Stopped::Left) => Some(End::interrupted()),
            Err(Stopped::Failed(fault)) => {
                let reason = fault.reason();
                tracing::error!(job.id = %record.id, reason, %fault, "a replay failed");
                Some(End::failed(&fault))
            }
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
}
