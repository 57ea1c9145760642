//! What became active when, and by what right: two append-only tables, the second of which names a
//! row of the first by a foreign key.

use sea_orm::sea_query::Order;
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;

use super::entity::{activation, approval};

pub use activation::Model as Activation;
pub use approval::Model as Approval;

/// Every event after the start, the oldest first.
pub async fn all(tx: &TenantTx) -> Result<Vec<Activation>, Fault> {
    Ok(tx
        .find::<activation::Entity>()
        .order_by(activation::Column::Number, Order::Asc)
        .all()
        .await?)
}

/// Appends one; false when its number was taken meanwhile.
pub async fn append(tx: &TenantTx, row: Activation) -> Result<bool, Fault> {
    Ok(tx.insert_if_absent(row.into_active_model().reset_all()).await?)
}

/// Notes by what right a content of a change may become active.
pub async fn approve(tx: &TenantTx, row: Approval) -> Result<(), Fault> {
    tx.insert_if_absent(row.into_active_model().reset_all()).await?;
    Ok(())
}
