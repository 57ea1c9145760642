//! Base dictionaries: what the operator maintains, tenants start from, and are offered when it is
//! new.
//!
//! A base is reference data, numbered 1, 2, 3..., named by its content hash; base 1 is the build's
//! own starter, published where there is none yet. What a base is to a tenant is drafted by the
//! tenant's own due row ([`UPGRADE`]): a tenant that starts gets one, far away; a publication calls
//! all of them in the transaction of the base, and whoever has done its own puts it off again. So
//! nobody lists tenants, no tenant's rows are read across tenants, and a crash loses no tenant.
//!
//! Invariants: a base never changes; the number that a tenant's revision holds never falls, and a
//! rollback finds the one of the revision it returns to. Absent: what is drafted, which is
//! dictionary's governance, and whether a bundle may be published, which dictionary proves.

mod list_base_revisions;
mod objections;
mod publish_base_revision;
mod store;

use chrono::{DateTime, TimeDelta, Utc};
use contracts::dictionary::v1 as pb;
use platform::keys::Keys;
use platform::rejection::Fault;
use platform::tasks::Tasks;
use platform::tenant_tx::{Database, TenantTx};
use uuid::Uuid;

pub use objections::objections;

/// The kind of job that an operator watches; what it called goes on when its process dies.
pub const PUBLICATION: &str = "dictionary.publish_base_revision";
/// The kind of each tenant's due row.
pub const UPGRADE: &str = "dictionary.upgrade_base";

/// The key of that row: a tenant has one.
const KEY: Uuid = Uuid::nil();
/// How far away a row is that nobody called.
const FAR: TimeDelta = TimeDelta::days(365_000);

/// Publications of a process; clones share them.
#[derive(Clone, Debug)]
pub struct Bases {
    database: Database,
    keys: Keys,
    tasks: Tasks,
}

/// A base that was proved and may be published.
#[derive(Clone, Debug)]
pub struct NewBase {
    /// What it is; its number is given with its publication.
    pub described: pb::Revision,
    /// Its content.
    pub canonical: String,
}

/// A published base.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    /// UUIDv7.
    pub id: Uuid,
    /// Its place among the others.
    pub number: i64,
    /// What it is.
    pub described: pb::Revision,
}

impl Bases {
    /// Bases in a database.
    #[must_use]
    pub fn new(database: Database, keys: Keys, tasks: Tasks) -> Self {
        Self { database, keys, tasks }
    }
}

/// The newest base.
///
/// # Errors
/// When the database fails, or there is none: a process publishes the first before it serves.
pub async fn newest(tx: &TenantTx) -> Result<Base, Fault> {
    let newest = store::page(tx, None, 1).await?.pop();
    newest.ok_or(Fault::Broken("there is no base dictionary"))
}

/// The base with this id.
///
/// # Errors
/// When the database fails.
pub async fn with_id(tx: &TenantTx, id: Uuid) -> Result<Option<Base>, Fault> {
    store::with_id(tx, id).await
}

/// The canonical JSON of a base.
///
/// # Errors
/// When the database fails, or there is no such base.
pub async fn content(tx: &TenantTx, number: i64) -> Result<Vec<u8>, Fault> {
    store::content(tx, number).await
}

/// The number of the base that a revision of the tenant holds; none for one that started before
/// bases were published, whose base is its own first revision.
///
/// # Errors
/// When the database fails.
pub async fn held(tx: &TenantTx, revision: &str) -> Result<Option<i64>, Fault> {
    store::held(tx, revision).await
}

/// Notes which base a revision holds, unless it holds a later one.
///
/// # Errors
/// When the database fails.
pub async fn hold(tx: &TenantTx, revision: &str, number: i64) -> Result<(), Fault> {
    store::hold(tx, revision, number).await
}

/// Gives the tenant its due row, unless it has one; it is looked at once, and then when called.
///
/// # Errors
/// When the database fails.
pub async fn enlist(tx: &TenantTx) -> Result<(), Fault> {
    tx.schedule(UPGRADE, KEY, tx.clock().now()).await
}

/// Puts the tenant's due row off until it is called again. It is the first thing a tenant does
/// about a base: whoever publishes another one meanwhile waits, and calls it again.
///
/// # Errors
/// When the database fails.
pub async fn put_off(tx: &TenantTx) -> Result<(), Fault> {
    tx.put_off(UPGRADE, KEY, far(tx.clock().now())).await
}

fn far(now: DateTime<Utc>) -> DateTime<Utc> {
    now + FAR
}
