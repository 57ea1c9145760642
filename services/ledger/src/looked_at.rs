//! Items that time alone asks to look at: a new band, a step of the escalation path, a closed
//! window.

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::prelude::Date;
use sea_orm::sea_query::{ExprTrait, Order, Value};
use sea_orm::{ColumnTrait, DbErr};
use uuid::Uuid;

use crate::adjudications::{ITEM_CLAIMED, ITEM_OPEN, ITEM_WAITING};
use crate::entity::work_item::{Column, Entity, Model};

/// Items that are not done and ask for a look on or before `day`, after the item `after`, by id;
/// kept from other writers until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn due(
    tx: &TenantTx,
    day: Date,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let after: Option<[Value; 1]> = after.map(|id| [id.into()]);
    let not_done = Column::State.is_in([ITEM_OPEN, ITEM_CLAIMED, ITEM_WAITING]);
    tx.find::<Entity>()
        .filter(Column::LookOn.lte(day).and(not_done))
        .keyset(&[(Column::Id, Order::Asc)], after.as_ref().map(<[Value; 1]>::as_slice))
        .limit(limit)
        .lock()
        .all()
        .await
}

/// Writes the rank of an item, what was told of it and when to look again: nothing that a reader
/// holds an etag of.
///
/// # Errors
/// When the database fails.
pub async fn write(tx: &TenantTx, row: &Model) -> Result<(), Fault> {
    tx.update::<Entity>()
        .set(Column::Priority, row.priority)
        .set(Column::NextBandOn, row.next_band_on)
        .set(Column::LookOn, row.look_on)
        .set(Column::Told, row.told.clone())
        .filter(Column::Id.eq(row.id))
        .exec()
        .await?;
    Ok(())
}
