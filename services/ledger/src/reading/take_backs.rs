//! What payers gave and took at provider level.

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Order;
use uuid::Uuid;

use crate::entity::take_back;

pub use take_back::{Column as TakeBackColumn, Entity as TakeBacks, Model as TakeBack};

/// The newest of a case.
pub async fn newest_of(tx: &TenantTx, case: Uuid, limit: u64) -> Result<Vec<TakeBack>, Fault> {
    Ok(tx
        .find::<TakeBacks>()
        .filter(TakeBackColumn::CaseId.eq(case))
        .order_by(TakeBackColumn::PostedAt, Order::Desc)
        .order_by(TakeBackColumn::Id, Order::Desc)
        .limit(limit)
        .all()
        .await?)
}
