//! Items that time alone asks to look at: a new band, a step of the escalation path, a closed
//! window.

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Date;
use sea_orm::sea_query::{Expr, ExprTrait, Order};
use sea_orm::{ColumnTrait, DbErr};
use uuid::Uuid;

use crate::adjudications::{ITEM_CLAIMED, ITEM_OPEN, ITEM_WAITING};
use crate::entity::work_item::{ActiveModel, Column, Entity, Model};
use crate::put::put;

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
    let not_done = Column::State.is_in([ITEM_OPEN, ITEM_CLAIMED, ITEM_WAITING]);
    let mut due = tx.find::<Entity>().filter(Column::LookOn.lte(day).and(not_done));
    if let Some((day, id)) = after {
        // As one value: a database finds its place by it, and does not walk again through all that
        // was written since.
        let place = Expr::tuple([Expr::col(Column::LookOn), Expr::col(Column::Id)]);
        due = due.filter(place.gt(Expr::tuple([Expr::val(day), Expr::val(id)])));
    }
    due.order_by(Column::LookOn, Order::Asc)
        .order_by(Column::Id, Order::Asc)
        .limit(limit)
        .lock_skipping()
        .all()
        .await
}

/// Writes the rank of items, what was told of them and when to look again: nothing that a reader
/// holds an etag of. The transaction holds the items.
///
/// # Errors
/// When the database fails.
pub async fn write(tx: &TenantTx, rows: Vec<Model>) -> Result<(), Fault> {
    let looked = rows.into_iter().map(|row| ActiveModel {
        id: Set(row.id),
        priority: Set(row.priority),
        next_band_on: Set(row.next_band_on),
        look_on: Set(row.look_on),
        told: Set(row.told),
        ..Default::default()
    });
    let written = [Column::Priority, Column::NextBandOn, Column::LookOn, Column::Told];
    put(tx, looked.collect(), &written).await
}
