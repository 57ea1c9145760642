//! Work that is not a request: due rows, claimed with a lease, done in the tenant's own name.
//!
//! A use case schedules a job in the transaction of its effect; a worker finds due rows of all
//! tenants with one query (SKIP LOCKED: copies of a service share the work), leases each, and runs
//! it. A job that ends removes its row in the transaction of *its* effect, with [`TenantTx::done`];
//! one that fails or dies is tried again when its lease runs out.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use sea_orm::ActiveValue::Set;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::access::Caller;
use crate::rejection::{Fault, Rejection};
use crate::tenant_tx::{Database, OperatorTx, TenantTx};
use domain::tenancy::TenantId;

mod record;

pub use record::{End, Record, Watched};

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "platform_due")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: Uuid,
        pub due_at: DateTimeUtc,
        pub leased_until: DateTimeUtc,
        pub attempts: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    crate::tenant_owned!();
    impl crate::tenant_tx::OperatorTable for Entity {}
}

use entity::Column;

/// How often due rows are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many due rows one look takes.
const TAKE: u64 = 16;

/// What a job does for one due row: the tenant's caller on duty, and the row's key.
pub type Handler = Arc<dyn Fn(Caller, Uuid) -> BoxFuture<'static, Result<(), Fault>> + Send + Sync>;

/// A kind of background work.
#[derive(Clone)]
pub struct Job {
    kind: &'static str,
    lease: Duration,
    handler: Handler,
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl TenantTx {
    /// Schedules job `kind` for `key`; one that is scheduled already keeps its date.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn schedule(
        &self,
        kind: &'static str,
        key: Uuid,
        due_at: DateTime<Utc>,
    ) -> Result<(), Fault> {
        self.insert_if_absent(entity::ActiveModel {
            tenant_id: Set(Uuid::nil()),
            kind: Set(kind.to_owned()),
            key: Set(key),
            due_at: Set(due_at),
            leased_until: Set(DateTime::UNIX_EPOCH),
            attempts: Set(0),
        })
        .await?;
        Ok(())
    }

    /// Removes the due row of a job that ends with this transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn done(&self, kind: &str, key: Uuid) -> Result<(), Fault> {
        self.delete::<entity::Entity>()
            .filter(Column::Kind.eq(kind).and(Column::Key.eq(key)))
            .exec()
            .await?;
        Ok(())
    }

    /// Gives the due row of a job that comes back another date; an update of the row, so that
    /// whoever calls all tenants' rows meanwhile waits for this transaction, or is waited for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_off(&self, kind: &str, key: Uuid, due_at: DateTime<Utc>) -> Result<(), Fault> {
        self.update::<entity::Entity>()
            .set(Column::DueAt, due_at)
            .set(Column::LeasedUntil, DateTime::UNIX_EPOCH)
            .set(Column::Attempts, 0)
            .filter(Column::Kind.eq(kind).and(Column::Key.eq(key)))
            .exec()
            .await?;
        Ok(())
    }
}

impl OperatorTx {
    /// Gives the due rows of `kind` of every tenant another date; answers how many there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn call_all(&self, kind: &str, due_at: DateTime<Utc>) -> Result<u64, Fault> {
        let rows = self.update::<entity::Entity>().set(Column::DueAt, due_at);
        Ok(rows.filter(Column::Kind.eq(kind)).exec().await?)
    }

    /// How many rows of `kind` are due at `at`, of every tenant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due(&self, kind: &str, at: DateTime<Utc>) -> Result<u64, Fault> {
        let due = Column::Kind.eq(kind).and(Column::DueAt.lte(at));
        Ok(self.find::<entity::Entity>().filter(due).count().await?)
    }
}

impl Database {
    /// Commits how far the long work `id` is, see [`TenantTx::tell_job`]; progress is no change to
    /// be audited.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tell_job(
        &self,
        caller: &Caller,
        id: Uuid,
        done: i64,
        total: i64,
    ) -> Result<bool, Fault> {
        let tx = self.keep_books(caller).await?;
        let running = tx.tell_job(id, done, total).await?;
        tx.commit().await?;
        Ok(running)
    }
}

impl Job {
    /// A job whose lease is a minute.
    #[must_use]
    pub fn new(kind: &'static str, handler: Handler) -> Self {
        Self { kind, lease: Duration::from_secs(60), handler }
    }

    /// Its kind, as in due rows.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// Another lease: longer than one run takes, for it is how long a dead worker blocks the row.
    #[must_use]
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// Runs what is due until `cancel`; the row being worked on is finished first.
    pub async fn run(self, database: Database, cancel: CancellationToken) {
        while !cancel.is_cancelled() {
            match self.run_due(&database).await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(fault) => tracing::warn!(
                    job.kind = self.kind,
                    reason = fault.reason(),
                    "due work could not be looked for"
                ),
            }
            tokio::select! {
                () = cancel.cancelled() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Leases and runs what is due now; answers how many rows were taken.
    ///
    /// # Errors
    /// When due rows cannot be looked for; a failing job is logged and left to its lease.
    pub async fn run_due(&self, database: &Database) -> Result<usize, Fault> {
        let due = self.take(database).await?;
        let taken = due.len();
        for row in due {
            let caller = Caller::on_duty(TenantId::from_uuid(row.tenant_id), self.kind);
            if let Err(fault) = (self.handler)(caller, row.key).await {
                tracing::warn!(
                    job.kind = self.kind,
                    job.key = %row.key,
                    job.attempts = row.attempts + 1,
                    reason = fault.reason(),
                    "a job failed and will be tried again"
                );
            }
        }
        Ok(taken)
    }

    async fn take(&self, database: &Database) -> Result<Vec<entity::Model>, Fault> {
        let now = database.clock().now();
        let due = || {
            let open = Column::DueAt.lte(now).and(Column::LeasedUntil.lte(now));
            Column::Kind.eq(self.kind).and(open)
        };
        // Look first with a reader, so that an idle look takes no write lock.
        let looking = database.operate_read().await?;
        if looking.find::<entity::Entity>().filter(due()).limit(1).one().await?.is_none() {
            return Ok(Vec::new());
        }
        drop(looking);
        let tx = database.operate().await?;
        let rows = tx
            .find::<entity::Entity>()
            .filter(due())
            .order_by(Column::DueAt, Order::Asc)
            .limit(TAKE)
            .lock_skipping()
            .all()
            .await?;
        let until = now + TimeDelta::from_std(self.lease).unwrap_or(TimeDelta::minutes(1));
        for row in &rows {
            tx.update::<entity::Entity>()
                .set(Column::LeasedUntil, until)
                .set(Column::Attempts, Expr::col(Column::Attempts).add(1))
                .filter(
                    Column::Kind
                        .eq(self.kind)
                        .and(Column::Key.eq(row.key))
                        .and(Column::TenantId.eq(row.tenant_id)),
                )
                .exec()
                .await?;
        }
        tx.commit().await?;
        Ok(rows)
    }
}
