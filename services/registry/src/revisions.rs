//! Revisions, their content, and which of them is active.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Condition, Order, Value};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};
use uuid::Uuid;

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;

use super::entity::{revision, revision_alias, revision_content};

pub use revision::Model as Revision;
pub use revision_alias::Model as Active;

/// The alias of the revision that decisions are made with.
const ACTIVE: &str = "active";

/// Which revision is active, if any.
pub async fn active(tx: &TenantTx) -> Result<Option<Active>, Fault> {
    let this = revision_alias::Column::Alias.eq(ACTIVE);
    Ok(tx.find::<revision_alias::Entity>().filter(this).one().await?)
}

/// The revision with this hash.
pub async fn with_hash(tx: &TenantTx, hash: &str) -> Result<Option<Revision>, Fault> {
    Ok(tx.find::<revision::Entity>().filter(revision::Column::Hash.eq(hash)).one().await?)
}

/// The revision with this number.
pub async fn with_number(tx: &TenantTx, number: i64) -> Result<Option<Revision>, Fault> {
    Ok(tx.find::<revision::Entity>().filter(revision::Column::Number.eq(number)).one().await?)
}

/// Whether the tenant has any revision.
pub async fn any(tx: &TenantTx) -> Result<bool, Fault> {
    Ok(tx.find::<revision::Entity>().limit(1).one().await?.is_some())
}

/// Revisions, the newest first, before the number `before`.
pub async fn page(tx: &TenantTx, before: Option<i64>, limit: u64) -> Result<Vec<Revision>, Fault> {
    let before: Option<[Value; 1]> = before.map(|number| [number.into()]);
    Ok(tx
        .find::<revision::Entity>()
        .filter(Condition::all())
        .keyset(
            &[(revision::Column::Number, Order::Desc)],
            before.as_ref().map(<[Value; 1]>::as_slice),
        )
        .limit(limit)
        .all()
        .await?)
}

/// The canonical JSON of a revision.
pub async fn content(tx: &TenantTx, hash: &str) -> Result<Vec<u8>, Fault> {
    let this = revision_content::Column::Hash.eq(hash);
    let row = tx.find::<revision_content::Entity>().filter(this).one().await?;
    Ok(row.ok_or(Fault::Broken("a revision has no content"))?.canonical_json)
}

/// Stores a revision with its content; false when its hash or number is in use.
pub async fn insert(tx: &TenantTx, row: Revision, canonical_json: Vec<u8>) -> Result<bool, Fault> {
    let hash = row.hash.clone();
    if !tx.insert_if_absent(row.into_active_model().reset_all()).await? {
        return Ok(false);
    }
    tx.insert_all(vec![revision_content::ActiveModel {
        tenant_id: Set(Uuid::nil()),
        hash: Set(hash),
        canonical_json: Set(canonical_json),
    }])
    .await?;
    Ok(true)
}

/// Makes a tenant's first revision the active one.
pub async fn activate_first(tx: &TenantTx, hash: &str, since: DateTime<Utc>) -> Result<(), Fault> {
    let row = revision_alias::ActiveModel {
        tenant_id: Set(Uuid::nil()),
        alias: Set(ACTIVE.to_owned()),
        hash: Set(hash.to_owned()),
        since: Set(since),
    };
    if tx.insert_if_absent(row).await? { Ok(()) } else { Err(Fault::Contended) }
}

/// Makes another revision the active one.
pub async fn switch(tx: &TenantTx, hash: &str, since: DateTime<Utc>) -> Result<(), Fault> {
    tx.update::<revision_alias::Entity>()
        .set(revision_alias::Column::Hash, hash)
        .set(revision_alias::Column::Since, since)
        .filter(revision_alias::Column::Alias.eq(ACTIVE))
        .exec()
        .await?;
    Ok(())
}

/// The number of the newest revision; 0 before the first.
pub async fn last_number(tx: &TenantTx) -> Result<i64, Fault> {
    let last = page(tx, None, 1).await?;
    Ok(last.first().map_or(0, |revision| revision.number))
}
