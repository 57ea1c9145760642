//! Codes that payers made up.

use sea_orm::sea_query::{Condition, ExprTrait, Order, Value};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};
use uuid::Uuid;

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;

use super::entity::payer_code;

pub(crate) use payer_code::{Column, Model as PayerCode};

/// The code of a payer, locked until the transaction ends.
pub(crate) async fn find(
    tx: &TenantTx,
    payer: Uuid,
    code: &str,
) -> Result<Option<PayerCode>, Fault> {
    let this = Column::PayerId.eq(payer).and(Column::Code.eq(code));
    Ok(tx.find::<payer_code::Entity>().filter(this).lock().one().await?)
}

/// Stores one; false when it is there.
pub(crate) async fn insert(tx: &TenantTx, row: PayerCode) -> Result<bool, Fault> {
    Ok(tx.insert_if_absent(row.into_active_model().reset_all()).await?)
}

/// Writes what a code stands for over its `former` version; false when somebody else wrote.
pub(crate) async fn update(tx: &TenantTx, row: &PayerCode, former: i64) -> Result<bool, Fault> {
    let changed = tx
        .update::<payer_code::Entity>()
        .set(Column::StandardCarc, row.standard_carc.clone())
        .set(Column::StandardRarc, row.standard_rarc.clone())
        .set(Column::Version, row.version)
        .set(Column::UpdatedAt, row.updated_at)
        .filter(Column::Id.eq(row.id).and(Column::Version.eq(former)))
        .exec()
        .await?;
    Ok(changed == 1)
}

/// Those that meet `narrow`, in the order they came, after `after`.
pub(crate) async fn page(
    tx: &TenantTx,
    narrow: Condition,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<PayerCode>, Fault> {
    let after: Option<[Value; 1]> = after.map(|id| [id.into()]);
    Ok(tx
        .find::<payer_code::Entity>()
        .filter(narrow)
        .keyset(&[(Column::Id, Order::Asc)], after.as_ref().map(<[Value; 1]>::as_slice))
        .limit(limit)
        .all()
        .await?)
}
