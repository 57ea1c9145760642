//! Rows of bases, each query a function of the transaction it is handed.

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod entity;

use contracts::dictionary::v1 as pb;
use platform::rejection::Fault;
use platform::tenant_tx::{OperatorTx, TenantTx};
use prost::Message;
use sea_orm::ActiveValue::Set;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Condition, ExprTrait, Order, Value};
use uuid::Uuid;

use crate::{Base, NewBase};
use entity::{base, base_content, revision_base};

/// The newest base, if any.
pub(crate) async fn last(tx: &OperatorTx) -> Result<Option<Base>, Fault> {
    let newest = tx.reference::<base::Entity>().order_by(base::Column::Number, Order::Desc);
    newest.limit(1).one().await?.map(read).transpose()
}

/// Publishes a base under a number.
pub(crate) async fn publish(tx: &OperatorTx, number: i64, new: &NewBase) -> Result<Base, Fault> {
    let id = platform::ids::new();
    let described = pb::Revision { number, ..new.described.clone() };
    let row = base::ActiveModel {
        number: Set(number),
        id: Set(id),
        hash: Set(described.hash.clone()),
        described: Set(described.encode_to_vec()),
    };
    tx.publish(vec![row]).await?;
    let content = base_content::ActiveModel {
        number: Set(number),
        canonical_json: Set(new.canonical.clone().into_bytes()),
    };
    tx.publish(vec![content]).await?;
    Ok(Base { id, number, described })
}

/// Bases, the newest first, before the number `before`.
pub(crate) async fn page(
    tx: &TenantTx,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<Base>, Fault> {
    let before: Option<[Value; 1]> = before.map(|number| [number.into()]);
    let rows = tx
        .reference::<base::Entity>()
        .filter(Condition::all())
        .keyset(&[(base::Column::Number, Order::Desc)], before.as_ref().map(<[Value; 1]>::as_slice))
        .limit(limit)
        .all()
        .await?;
    rows.into_iter().map(read).collect()
}

/// The base with this id.
pub(crate) async fn with_id(tx: &TenantTx, id: Uuid) -> Result<Option<Base>, Fault> {
    let this = tx.reference::<base::Entity>().filter(base::Column::Id.eq(id));
    this.one().await?.map(read).transpose()
}

/// The canonical JSON of a base.
pub(crate) async fn content(tx: &TenantTx, number: i64) -> Result<Vec<u8>, Fault> {
    let this = base_content::Column::Number.eq(number);
    let row = tx.reference::<base_content::Entity>().filter(this).one().await?;
    Ok(row.ok_or(Fault::Broken("a base has no content"))?.canonical_json)
}

/// The base that a revision of the tenant holds.
pub(crate) async fn held(tx: &TenantTx, revision: &str) -> Result<Option<i64>, Fault> {
    let this = revision_base::Column::Hash.eq(revision);
    let row = tx.find::<revision_base::Entity>().filter(this).one().await?;
    Ok(row.map(|row| row.base_number))
}

/// Notes the base that a revision holds, unless it holds a later one.
pub(crate) async fn hold(tx: &TenantTx, revision: &str, number: i64) -> Result<(), Fault> {
    let row = revision_base::ActiveModel {
        tenant_id: Set(Uuid::nil()),
        hash: Set(revision.to_owned()),
        base_number: Set(number),
    };
    if !tx.insert_if_absent(row).await? {
        let earlier = revision_base::Column::BaseNumber.lt(number);
        tx.update::<revision_base::Entity>()
            .set(revision_base::Column::BaseNumber, number)
            .filter(revision_base::Column::Hash.eq(revision).and(earlier))
            .exec()
            .await?;
    }
    Ok(())
}

fn read(row: base::Model) -> Result<Base, Fault> {
    let described = pb::Revision::decode(row.described.as_slice())
        .map_err(|_| Fault::Broken("a stored base cannot be read"))?;
    Ok(Base { id: row.id, number: row.number, described })
}
