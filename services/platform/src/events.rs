//! Event feeds: append-only, per tenant and service, gapless, read by cursor.
//!
//! A writer inserts pending events in the transaction of its change. A reader seals them: under the
//! lock of the tenant's counter it numbers what was committed 1, 2, 3... before it reads. Writers
//! never wait for one another and nobody skips a late commit (reading `id > last` does: 1,180 of
//! 2,175 events in a measured run). Pending events are numbered by their UUIDv7; two writers of
//! *different* processes that commit within the clocks' difference may swap places.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

use crate::access::Caller;
use crate::rejection::Fault;
use crate::tenant_tx::{Database, TenantTx};

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod entity;

use entity::{counter, event, pending};

/// How many events one read seals at most.
const SEAL_AT_ONCE: u64 = 1_000;

/// Something that happened to one resource; carries no patient data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `<resource>.<what happened>` in the past tense, such as `work_item.opened`.
    pub kind: &'static str,
    /// The resource it happened to.
    pub subject: Uuid,
    /// The dictionary revision it was decided under, as lowercase hexadecimal; empty when none.
    pub revision: String,
    /// The payload, JSON of the published schema.
    pub payload: Vec<u8>,
}

/// An event with its place in the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// 1, 2, 3... without gaps, per tenant and feed.
    pub seq: i64,
    /// The event's own id, stable across repeats.
    pub id: Uuid,
    /// When the change was written.
    pub occurred_at: DateTime<Utc>,
    /// As [`Event::kind`].
    pub kind: String,
    /// As [`Event::subject`].
    pub subject: Uuid,
    /// As [`Event::revision`].
    pub revision: String,
    /// As [`Event::payload`].
    pub payload: Vec<u8>,
}

/// Tells readers in this process that something was committed; nothing depends on it.
#[derive(Clone, Debug, Default)]
pub struct Hints(Arc<tokio::sync::Notify>);

impl Hints {
    pub(crate) fn wake(&self) {
        self.0.notify_waiters();
    }

    /// Waits for the next hint, or `at_most` long: another process's commits give none.
    pub async fn wait(&self, at_most: std::time::Duration) {
        tokio::time::timeout(at_most, self.0.notified()).await.ok();
    }
}

impl TenantTx {
    /// Appends `events` to `feed`, to be seen once this transaction commits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn emit(&self, feed: &'static str, events: Vec<Event>) -> Result<(), Fault> {
        if events.is_empty() {
            return Ok(());
        }
        let now = self.clock().now();
        let rows = events.into_iter().map(|event| pending::ActiveModel {
            tenant_id: Set(Uuid::nil()),
            feed: Set(feed.to_owned()),
            id: Set(crate::ids::new()),
            occurred_at: Set(now),
            kind: Set(event.kind.to_owned()),
            subject: Set(event.subject),
            revision: Set(event.revision),
            payload: Set(event.payload),
        });
        self.insert_all(rows.collect()).await?;
        self.emitted();
        Ok(())
    }
}

/// The events of `feed` after `cursor`, oldest first, at most `limit`; seals what is pending.
///
/// # Errors
/// When the database fails.
pub async fn read(
    database: &Database,
    caller: &Caller,
    feed: &'static str,
    cursor: i64,
    limit: u64,
) -> Result<Vec<Sealed>, Fault> {
    let tx = database.read(caller).await?;
    // Look first, so that an idle poll stays a read.
    let waiting = tx
        .find::<pending::Entity>()
        .filter(pending::Column::Feed.eq(feed))
        .limit(1)
        .one()
        .await?
        .is_some();
    if !waiting {
        return after(&tx, feed, cursor, limit).await;
    }
    drop(tx);
    let tx = database.keep_books(caller).await?;
    seal(&tx, feed).await?;
    let events = after(&tx, feed, cursor, limit).await?;
    tx.commit().await?;
    Ok(events)
}

/// The number of the last sealed event of each of `subjects` that has one.
///
/// # Errors
/// When the database fails.
pub async fn last_of(
    tx: &TenantTx,
    feed: &'static str,
    subjects: Vec<Uuid>,
) -> Result<BTreeMap<Uuid, i64>, Fault> {
    let theirs = event::Column::Feed.eq(feed).and(event::Column::Subject.is_in(subjects));
    let last = tx.find::<event::Entity>().filter(theirs);
    Ok(last.greatest(event::Column::Subject, event::Column::Seq).await?.into_iter().collect())
}

async fn seal(tx: &TenantTx, feed: &'static str) -> Result<(), Fault> {
    tx.insert_if_absent(counter::ActiveModel {
        tenant_id: Set(Uuid::nil()),
        feed: Set(feed.to_owned()),
        last: Set(0),
    })
    .await?;
    let mine = counter::Column::Feed.eq(feed);
    // The lock and the numbering are two statements: the second sees what committed meanwhile.
    let last = tx.find::<counter::Entity>().filter(mine.clone()).lock().one().await?;
    let last = last.ok_or(Fault::Contended)?.last;
    let waiting = tx
        .find::<pending::Entity>()
        .filter(pending::Column::Feed.eq(feed))
        .order_by(pending::Column::Id, Order::Asc)
        .limit(SEAL_AT_ONCE)
        .all()
        .await?;
    let count = i64::try_from(waiting.len()).expect("a thousand fits");
    let ids: Vec<Uuid> = waiting.iter().map(|row| row.id).collect();
    let sealed = waiting.into_iter().zip(last + 1..).map(|(row, seq)| event::ActiveModel {
        tenant_id: Set(row.tenant_id),
        feed: Set(row.feed),
        seq: Set(seq),
        id: Set(row.id),
        occurred_at: Set(row.occurred_at),
        kind: Set(row.kind),
        subject: Set(row.subject),
        revision: Set(row.revision),
        payload: Set(row.payload),
    });
    tx.insert_all(sealed.collect()).await?;
    tx.delete::<pending::Entity>().filter(pending::Column::Id.is_in(ids)).exec().await?;
    tx.update::<counter::Entity>()
        .set(counter::Column::Last, Expr::val(last + count))
        .filter(mine)
        .exec()
        .await?;
    Ok(())
}

async fn after(
    tx: &TenantTx,
    feed: &'static str,
    cursor: i64,
    limit: u64,
) -> Result<Vec<Sealed>, Fault> {
    let rows = tx
        .find::<event::Entity>()
        .filter(event::Column::Feed.eq(feed).and(event::Column::Seq.gt(cursor)))
        .order_by(event::Column::Seq, Order::Asc)
        .limit(limit)
        .all()
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Sealed {
            seq: row.seq,
            id: row.id,
            occurred_at: row.occurred_at,
            kind: row.kind,
            subject: row.subject,
            revision: row.revision,
            payload: row.payload,
        })
        .collect())
}
