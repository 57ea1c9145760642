//! A peer's feed, followed on duty: each event has its effect once.
//!
//! The cursor is a row of the consumer's own database, moved in the transaction of the effects, so
//! that a crash repeats nothing and skips nothing. An event whose effect cannot be had, because it
//! or what it meets does not read, would hold up all that come after it: it is passed over, and an
//! error names it.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use contracts::events::v1 as pb;
use futures::future::BoxFuture;
use futures::{StreamExt, TryStreamExt};
use platform::access::Caller;
use platform::jobs::{Handler, Job};
use platform::rejection::Fault;
use platform::tenant_tx::{Database, TenantTx};
use sea_orm::ActiveValue::Set;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::ExprTrait;
use tokio::time::Instant;
use tonic::Status;
use uuid::Uuid;

use crate::Events;

/// Events that are asked for at a time.
const PAGE: usize = 1_000;
/// Events of one transaction.
const BATCH: usize = 100;
/// How long one visit reads on.
const VISIT: Duration = Duration::from_secs(30);
/// Longer than a visit: what the last batch takes comes on top.
const LEASE: Duration = Duration::from_secs(120);

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod cursor {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "platform_feed_cursor")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        /// `<service>.<feed it follows>`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub consumer: String,
        /// The last event that had its effect.
        pub seq: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

/// Whoever gives events their effect, in the transaction that moves the cursor.
pub trait Consumer: Send + Sync {
    /// `<service>.<feed it follows>`.
    fn name(&self) -> &'static str;

    /// The peer's events after `seq`, which end at the newest.
    fn open<'a>(&'a self, caller: &'a Caller, seq: i64) -> BoxFuture<'a, Result<Events, Status>>;

    /// What an event does here.
    ///
    /// # Errors
    /// [`Fault::Broken`] when it never can; anything else is tried again.
    fn effect<'a>(
        &'a self,
        tx: &'a TenantTx,
        event: &'a pb::Event,
    ) -> BoxFuture<'a, Result<(), Fault>>;
}

/// The job `kind` of each tenant that follows a peer's feed, looking every so often; its key is the
/// tenant's id. Each visit is of what `consumer` makes for the tenant's caller on duty.
pub fn job<C: Consumer + 'static>(
    kind: &'static str,
    database: Database,
    every: TimeDelta,
    consumer: impl Fn(Caller) -> BoxFuture<'static, Result<C, Fault>> + Send + Sync + 'static,
) -> Job {
    let consumer = Arc::new(consumer);
    let handler: Handler = Arc::new(move |caller, tenant| {
        let (database, consumer) = (database.clone(), consumer.clone());
        Box::pin(async move {
            let more = follow(&database, &caller, &consumer(caller.clone()).await?).await?;
            let now = database.clock().now();
            let tx = database.begin(&caller).await?;
            tx.put_off(kind, tenant, if more { now } else { now + every }).await?;
            Ok(tx.commit().await?)
        })
    });
    Job::new(kind, handler).lease(LEASE)
}

/// Has the caller's tenant followed by job `kind` from now on.
///
/// # Errors
/// When the database fails.
pub async fn begin(tx: &TenantTx, kind: &'static str) -> Result<(), Fault> {
    tx.schedule(kind, tx.caller().tenant().as_uuid(), tx.clock().now()).await
}

/// Gives the events of a peer their effect, up to the newest or for half a minute; whether there
/// may be more.
///
/// # Errors
/// When the peer does not answer, another worker is ahead, or the database fails.
async fn follow(
    database: &Database,
    caller: &Caller,
    consumer: &dyn Consumer,
) -> Result<bool, Fault> {
    let began = Instant::now();
    let mut seq = {
        let tx = database.read(caller).await?;
        position(&tx, consumer.name()).await?
    };
    loop {
        // The stream is gone before anything is written: one that nobody polls may hold the very
        // connection that a write waits for, where peer and consumer share a database.
        let events = consumer.open(caller, seq).await.map_err(peer)?;
        let page: Vec<pb::Event> = events.take(PAGE).try_collect().await.map_err(peer)?;
        for batch in page.chunks(BATCH) {
            seq = take(database, caller, consumer, seq, batch).await?;
        }
        if page.len() < PAGE {
            return Ok(false);
        }
        if began.elapsed() > VISIT {
            return Ok(true);
        }
    }
}

fn peer(status: Status) -> Fault {
    tracing::debug!(code = %status.code(), "a peer's feed could not be read");
    status.into()
}

/// Gives a batch its effect at once, or, where one of it cannot have any, one by one.
async fn take(
    database: &Database,
    caller: &Caller,
    consumer: &dyn Consumer,
    seq: i64,
    batch: &[pb::Event],
) -> Result<i64, Fault> {
    match together(database, caller, consumer, seq, batch).await {
        Err(Fault::Broken(_)) => {}
        taken => return taken,
    }
    let mut seq = seq;
    for event in batch {
        let one = std::slice::from_ref(event);
        seq = match together(database, caller, consumer, seq, one).await {
            Err(Fault::Broken(why)) => {
                tracing::error!(
                    consumer = consumer.name(),
                    seq = event.seq,
                    kind = event.r#type,
                    why,
                    "an event has no effect here and is passed over"
                );
                let tx = database.begin(caller).await?;
                advance(&tx, consumer.name(), seq, event.seq).await?;
                tx.commit().await?;
                event.seq
            }
            taken => taken?,
        };
    }
    Ok(seq)
}

async fn together(
    database: &Database,
    caller: &Caller,
    consumer: &dyn Consumer,
    seq: i64,
    batch: &[pb::Event],
) -> Result<i64, Fault> {
    let Some(last) = batch.last() else { return Ok(seq) };
    let tx = database.begin(caller).await?;
    advance(&tx, consumer.name(), seq, last.seq).await?;
    for event in batch {
        consumer.effect(&tx, event).await?;
    }
    tx.commit().await?;
    Ok(last.seq)
}

async fn position(tx: &TenantTx, consumer: &str) -> Result<i64, Fault> {
    let mine = cursor::Column::Consumer.eq(consumer);
    let row = tx.find::<cursor::Entity>().filter(mine).one().await?;
    Ok(row.map_or(0, |row| row.seq))
}

/// Moves the cursor from where it was read to stand.
async fn advance(tx: &TenantTx, consumer: &str, from: i64, to: i64) -> Result<(), Fault> {
    if from == 0 {
        let first = cursor::ActiveModel {
            tenant_id: Set(Uuid::nil()),
            consumer: Set(consumer.to_owned()),
            seq: Set(0),
        };
        tx.insert_if_absent(first).await?;
    }
    let read = cursor::Column::Consumer.eq(consumer).and(cursor::Column::Seq.eq(from));
    let moved = tx.update::<cursor::Entity>().set(cursor::Column::Seq, to).filter(read);
    if moved.exec().await? == 1 { Ok(()) } else { Err(Fault::Contended) }
}

#[cfg(test)]
mod tests;
