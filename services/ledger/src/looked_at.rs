//! Items that time alone asks to look at: a new band, a step of the escalation path, a closed
//! window.

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::prelude::Date;
use sea_orm::sea_query::{ExprTrait, Order, Value};
use sea_orm::{ColumnTrait, DbErr};
use uuid::Uuid;

use crate::adjudications::{ITEM_CLAIMED, ITEM_OPEN, ITEM_WAITING};
use crate::each::{BATCH, each};
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

/// Writes the rank of items, what was told of them and when to look again: nothing that a reader
/// holds an etag of.
///
/// # Errors
/// When the database fails.
pub async fn write(tx: &TenantTx, rows: &[Model]) -> Result<(), Fault> {
    for some in rows.chunks(BATCH) {
        let each =
            |of: fn(&Model) -> Value| each(some, Column::Id, |row: &Model| (row.id, of(row)));
        tx.update::<Entity>()
            .set(Column::Priority, each(|row| row.priority.into()))
            .set(Column::NextBandOn, each(|row| row.next_band_on.into()))
            .set(Column::LookOn, each(|row| row.look_on.into()))
            .set(Column::Told, each(|row| row.told.clone().into()))
            .filter(Column::Id.is_in(some.iter().map(|row| row.id)))
            .exec()
            .await?;
    }
    Ok(())
}
