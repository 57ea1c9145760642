//! Long work that its caller can watch and cancel: a row of progress.
//!
//! Such work asks peers in the caller's name, so it runs in a task of the process that was asked
//! ([`Watched::start`]) and cannot be taken over. [`TenantTx::open_job`] therefore schedules its
//! end with it: when the process dies, [`Job::interrupted`] says so on the row, and the caller asks
//! again. It ends in the transaction of its effect; one that was cancelled meanwhile does not end,
//! and its effect is rolled back.

use std::future::Future;
use std::sync::{Arc, OnceLock};

use chrono::TimeDelta;
use contracts::jobs::v1 as pb;
use prost::Message;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ActiveModelTrait, ColumnTrait};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Handler, Job};
use crate::access::Caller;
use crate::clock::timestamp;
use crate::idempotency::Once;
use crate::rejection::{Fault, Rejection};
use crate::tasks::Tasks;
use crate::tenant_tx::{Database, TenantTx};

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "platform_job")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub state: String,
        pub done: i64,
        pub total: i64,
        pub unit: String,
        pub result_id: Option<Uuid>,
        pub failure_reason: String,
        pub failure_text: String,
        pub created_at: DateTimeUtc,
        pub finished_at: Option<DateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    crate::tenant_owned!();
}

use entity::Column;
pub use entity::Model as Record;

const RUNNING: &str = "RUNNING";
/// How long one may take; after that it counts as interrupted.
const MINUTES_MAX: i64 = 15;

/// How a job ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Well, with the resource it made, if any.
    Succeeded(Option<Uuid>),
    /// Not well.
    Failed {
        /// Of the service's `Reason` enum.
        reason: &'static str,
        /// In words, without patient data.
        text: String,
    },
    /// On request.
    Cancelled,
}

impl End {
    /// Because its process stops, or did.
    #[must_use]
    pub fn interrupted() -> Self {
        let text = "the service stopped before it was done; ask for it again".to_owned();
        Self::Failed { reason: "INTERRUPTED", text }
    }

    /// Because of what it was refused with.
    #[must_use]
    pub fn failed(error: &impl Rejection) -> Self {
        Self::Failed { reason: error.reason(), text: error.to_string() }
    }
}

/// A kind of long work, and what it counts.
#[derive(Clone, Copy, Debug)]
pub struct Watched {
    /// As [`Record::kind`].
    pub kind: &'static str,
    /// As [`Record::unit`].
    pub unit: &'static str,
}

impl Watched {
    /// Opens a job once for `once`'s request id and begins with `work`; `answer` is made of its
    /// row.
    ///
    /// All of it runs in a task of its own: a caller who hangs up leaves no job that nobody does.
    /// It lasts at most as long as the caller's token. `work` answers how it ended, or nothing when
    /// the job ended with its effect.
    ///
    /// # Errors
    /// As for [`Database::mutate`].
    pub async fn start<R, E, A, W, T>(
        self,
        (database, tasks): (&Database, &Tasks),
        caller: &Caller,
        once: Once,
        answer: A,
        work: W,
    ) -> Result<R, E>
    where
        A: FnOnce(Record) -> R + Send + 'static,
        R: Message + Default + Send + 'static,
        E: From<Fault> + Send + 'static,
        W: FnOnce(Caller, Record, CancellationToken) -> T + Send + 'static,
        T: Future<Output = Option<End>> + Send,
    {
        let (told, answered) = oneshot::channel();
        let (database, caller) = (database.clone(), caller.outlasting_its_call());
        tasks.spawn(self.kind, move |cancel| async move {
            let (record, answer) = self.open(&database, &caller, once, answer).await;
            // Nobody listens when the caller has hung up.
            told.send(answer).ok();
            let Some(record) = record else { return };
            let Some(end) = work(caller.clone(), record.clone(), cancel).await else { return };
            if let Err(fault) = database.end_job(&caller, &record, end).await {
                // Its due row ends it later.
                let reason = fault.reason();
                tracing::warn!(job.id = %record.id, reason, "a job could not be ended");
            }
        });
        answered.await.map_err(|_| Fault::Contended)?
    }

    /// Opens the job, unless this is a repeated request: then it is being done, or was.
    async fn open<R, E, A>(
        self,
        database: &Database,
        caller: &Caller,
        once: Once,
        answer: A,
    ) -> (Option<Record>, Result<R, E>)
    where
        A: FnOnce(Record) -> R + Send + 'static,
        R: Message + Default + Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        let opened = Arc::new(OnceLock::new());
        let fresh = opened.clone();
        let opening = database.mutate(caller, once, move |tx| {
            Box::pin(async move {
                let record = tx.open_job(self.kind, self.unit).await?;
                fresh.get_or_init(|| record.clone());
                Ok(answer(record))
            })
        });
        let answer: Result<R, E> = opening.await;
        (opened.get().filter(|_| answer.is_ok()).cloned(), answer)
    }
}

impl Database {
    /// Ends a job that left no effect.
    async fn end_job(&self, caller: &Caller, record: &Record, end: End) -> Result<(), Fault> {
        let tx = self.begin(caller).await?;
        tx.end_job(record, end).await?;
        Ok(tx.commit().await?)
    }
}

impl TenantTx {
    /// Opens a job of `kind` that counts `unit`s.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_job(&self, kind: &'static str, unit: &str) -> Result<Record, Fault> {
        let now = self.clock().now();
        let record = Record {
            tenant_id: Uuid::nil(),
            id: crate::ids::new(),
            kind: kind.to_owned(),
            state: RUNNING.to_owned(),
            done: 0,
            total: 0,
            unit: unit.to_owned(),
            result_id: None,
            failure_reason: String::new(),
            failure_text: String::new(),
            created_at: now,
            finished_at: None,
        };
        self.schedule(kind, record.id, now + TimeDelta::minutes(MINUTES_MAX)).await?;
        let row: entity::ActiveModel = record.clone().into();
        self.insert_all(vec![row.reset_all()]).await?;
        Ok(record)
    }

    /// The job `id`, if it is one of `kinds`: a service shows its own.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn job(&self, kinds: &[&str], id: Uuid) -> Result<Option<Record>, Fault> {
        let this = Column::Id.eq(id).and(Column::Kind.is_in(kinds.iter().copied()));
        Ok(self.find::<entity::Entity>().filter(this).one().await?)
    }

    /// Tells how far a job is; false when it has ended meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tell_job(&self, id: Uuid, done: i64, total: i64) -> Result<bool, Fault> {
        let told = self
            .update::<entity::Entity>()
            .set(Column::Done, done)
            .set(Column::Total, total)
            .filter(Column::Id.eq(id).and(Column::State.eq(RUNNING)))
            .exec()
            .await?;
        Ok(told == 1)
    }

    /// Ends a job; false when it had ended: roll its effect back then.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_job(&self, record: &Record, end: End) -> Result<bool, Fault> {
        let (state, result, reason, text) = match end {
            End::Succeeded(result) => ("SUCCEEDED", result, "", String::new()),
            End::Failed { reason, text } => ("FAILED", None, reason, text),
            End::Cancelled => ("CANCELLED", None, "", String::new()),
        };
        self.done(&record.kind, record.id).await?;
        let ended = self
            .update::<entity::Entity>()
            .set(Column::State, state)
            .set(Column::ResultId, result)
            .set(Column::FailureReason, reason)
            .set(Column::FailureText, text)
            .set(Column::FinishedAt, Some(self.clock().now()))
            .filter(Column::Id.eq(record.id).and(Column::State.eq(RUNNING)))
            .exec()
            .await?;
        Ok(ended == 1)
    }

    /// Cancels the job `id` of one of `kinds`, unless it has ended; the job as it stands then.
    ///
    /// # Errors
    /// [`Fault::NotFound`], or when the database fails.
    pub async fn cancel_job(&self, kinds: &[&str], id: Uuid) -> Result<Record, Fault> {
        let record = self.job(kinds, id).await?.ok_or(Fault::NotFound)?;
        self.end_job(&record, End::Cancelled).await?;
        self.job(kinds, id).await?.ok_or(Fault::NotFound)
    }
}

impl Job {
    /// Ends jobs of `kind` whose process died.
    #[must_use]
    pub fn interrupted(database: Database, kind: &'static str) -> Self {
        let handler: Handler = std::sync::Arc::new(move |caller, id| {
            let database = database.clone();
            Box::pin(async move {
                let tx = database.begin(&caller).await?;
                let Some(record) = tx.job(&[kind], id).await? else {
                    tx.done(kind, id).await?;
                    return Ok(tx.commit().await?);
                };
                tx.end_job(&record, End::interrupted()).await?;
                Ok(tx.commit().await?)
            })
        });
        Self::new(kind, handler)
    }
}

impl From<Record> for pb::Job {
    fn from(record: Record) -> Self {
        let state = format!("JOB_STATE_{}", record.state);
        Self {
            id: record.id.to_string(),
            kind: record.kind,
            state: pb::JobState::from_str_name(&state).unwrap_or_default().into(),
            done: record.done,
            total: record.total,
            unit: record.unit,
            result_id: record.result_id.map(|id| id.to_string()).unwrap_or_default(),
            failure_reason: record.failure_reason,
            failure_text: record.failure_text,
            created_at: Some(timestamp(record.created_at)),
            started_at: Some(timestamp(record.created_at)),
            finished_at: record.finished_at.map(timestamp),
        }
    }
}
