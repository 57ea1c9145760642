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

/// Items that are not done and ask for a look on or before `day`, after the day and id `after`;
/// kept from other writers until the transaction ends. What somebody else writes is passed over: it
/// is looked at in the next hour.
///
/// # Errors
/// When the database fails.
pub async fn due(
    tx: &TenantTx,
    day: Date,
    after: Option<(Date, Uuid)>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let after: Option<[Value; 2]> = after.map(|(day, id)| [day.into(), id.into()]);
    let not_done = Column::State.is_in([ITEM_OPEN, ITEM_CLAIMED, ITEM_WAITING]);
    let order = [(Column::LookOn, Order::Asc), (Column::Id, Order::Asc)];
    tx.find::<Entity>()
        .filter(Column::LookOn.lte(day).and(not_done))
        .keyset(&order, after.as_ref().map(<[Value; 2]>::as_slice))
        .limit(limit)
        .lock_skipping()
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
