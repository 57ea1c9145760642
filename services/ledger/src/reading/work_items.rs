//! Work, ranked.

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Order;
use uuid::Uuid;

use crate::entity::work_item;

pub use work_item::{Column as WorkItemColumn, Entity as WorkItems, Model as WorkItem};

/// The item with this id.
pub async fn with_id(tx: &TenantTx, id: Uuid) -> Result<Option<WorkItem>, Fault> {
    Ok(tx.find::<WorkItems>().filter(WorkItemColumn::Id.eq(id)).one().await?)
}

/// The newest items of a case.
pub async fn newest_of(tx: &TenantTx, case: Uuid, limit: u64) -> Result<Vec<WorkItem>, Fault> {
    Ok(tx
        .find::<WorkItems>()
        .filter(WorkItemColumn::CaseId.eq(case))
        .order_by(WorkItemColumn::CreatedAt, Order::Desc)
        .order_by(WorkItemColumn::Id, Order::Desc)
        .limit(limit)
        .all()
        .await?)
}
