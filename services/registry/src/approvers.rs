//! By whose acts revisions have their right: added to, never changed.

use sea_orm::sea_query::Order;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;

use super::entity::approver;

pub use approver::Model as Approver;

impl Approver {
    /// What tells it from the others of its revision.
    pub fn key(&self) -> (&str, &str, &str) {
        (&self.act, &self.seat, &self.user_id)
    }
}

/// Adds those that are not there.
pub async fn add(tx: &TenantTx, rows: Vec<Approver>) -> Result<(), Fault> {
    for row in rows {
        tx.insert_if_absent(row.into_active_model().reset_all()).await?;
    }
    Ok(())
}

/// Those of these revisions, the earliest first.
pub async fn of(tx: &TenantTx, revisions: Vec<String>) -> Result<Vec<Approver>, Fault> {
    Ok(tx
        .find::<approver::Entity>()
        .filter(approver::Column::Revision.is_in(revisions))
        .order_by(approver::Column::ActedAt, Order::Asc)
        .order_by(approver::Column::Seat, Order::Asc)
        .all()
        .await?)
}
