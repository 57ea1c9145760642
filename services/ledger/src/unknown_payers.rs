//! Payers that remittances name and nobody knows: one open item about each.

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DbErr};
use uuid::Uuid;

use crate::adjudications::ITEM_RESOLVED;
use crate::entity::unknown_payer::{ActiveModel, Column, Entity};
use crate::entity::work_item;

pub use crate::entity::unknown_payer::Model as UnknownPayer;

/// Those of these names that are open. One whose item somebody ended without saying who it is is
/// forgotten, so that the next file asks again.
///
/// # Errors
/// When the database fails.
pub async fn named(tx: &TenantTx, names: Vec<String>) -> Result<Vec<UnknownPayer>, DbErr> {
    let mut open = tx.find::<Entity>().filter(Column::Name.is_in(names)).all().await?;
    let items = open.iter().map(|row| row.work_item_id);
    let ended = work_item::Column::Id.is_in(items).and(work_item::Column::State.eq(ITEM_RESOLVED));
    let ended = tx.find::<work_item::Entity>().filter(ended).all().await?;
    for item in &ended {
        tx.delete::<Entity>().filter(Column::WorkItemId.eq(item.id)).exec().await?;
        open.retain(|row| row.work_item_id != item.id);
    }
    Ok(open)
}

/// Opens an item about a name.
///
/// # Errors
/// [`Fault::Contended`] when somebody opened one at the same time, or when the database fails.
pub async fn open(tx: &TenantTx, name: String, item: work_item::Model) -> Result<(), Fault> {
    let row = UnknownPayer { tenant_id: Uuid::nil(), name, work_item_id: item.id };
    if !tx.insert_if_absent(crate::set::<ActiveModel>(row)).await? {
        return Err(Fault::Contended);
    }
    Ok(tx.insert_all(vec![crate::set::<work_item::ActiveModel>(item)]).await?)
}

/// Ends the item about a name that is known now; whether it was not done yet.
///
/// # Errors
/// When the database fails.
pub async fn close(tx: &TenantTx, row: &UnknownPayer) -> Result<bool, DbErr> {
    use work_item::Column as Item;
    tx.delete::<Entity>().filter(Column::Name.eq(row.name.as_str())).exec().await?;
    let resolved = tx
        .update::<work_item::Entity>()
        .set(Item::State, ITEM_RESOLVED)
        .set(Item::Holder, "")
        .set(Item::LookOn, crate::held::NEVER)
        .set(Item::UpdatedAt, tx.clock().now())
        .set(Item::Version, Expr::col(Item::Version).add(1))
        .filter(Item::Id.eq(row.work_item_id).and(Item::State.ne(ITEM_RESOLVED)))
        .exec()
        .await?;
    Ok(resolved == 1)
}
