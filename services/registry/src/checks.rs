//! Checks of change requests.

use sea_orm::sea_query::{Order, Value};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};
use uuid::Uuid;

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;

use super::entity::check;

pub use check::Model as Check;

/// The check with this id.
pub async fn find(tx: &TenantTx, id: Uuid) -> Result<Option<Check>, Fault> {
    Ok(tx.find::<check::Entity>().filter(check::Column::Id.eq(id)).one().await?)
}

/// Stores one.
pub async fn insert(tx: &TenantTx, row: Check) -> Result<(), Fault> {
    tx.insert_all(vec![row.into_active_model().reset_all()]).await?;
    Ok(())
}

/// Checks of a change, the newest first, before the one with the id `before`.
pub async fn page(
    tx: &TenantTx,
    change: Uuid,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Check>, Fault> {
    let before: Option<[Value; 1]> = before.map(|id| [id.into()]);
    Ok(tx
        .find::<check::Entity>()
        .filter(check::Column::ChangeRequestId.eq(change))
        .keyset(&[(check::Column::Id, Order::Desc)], before.as_ref().map(<[Value; 1]>::as_slice))
        .limit(limit)
        .all()
        .await?)
}
