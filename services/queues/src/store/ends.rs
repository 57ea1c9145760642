//! How work ended, who agreed to write-offs, and minutes worked.

use chrono::{DateTime, Utc};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};
use uuid::Uuid;

use super::entity::{approval, resolution, touch};

pub(crate) use approval::Model as ApprovalRow;
pub(crate) use resolution::Model as ResolutionRow;
pub(crate) use touch::Model as TouchRow;

/// Keeps an end.
pub(crate) async fn end(tx: &TenantTx, row: ResolutionRow) -> Result<ResolutionRow, Fault> {
    Ok(tx.insert(row.into_active_model().reset_all()).await?)
}

/// The end with this id.
pub(crate) async fn ended(tx: &TenantTx, id: Uuid) -> Result<ResolutionRow, Fault> {
    let this = resolution::Column::Id.eq(id);
    tx.find::<resolution::Entity>().filter(this).one().await?.ok_or(Fault::NotFound)
}

/// The end of an item that stands: neither undone nor followed by a reopening. `None` when a
/// remittance ended it.
pub(crate) async fn standing(tx: &TenantTx, item: Uuid) -> Result<Option<ResolutionRow>, Fault> {
    use resolution::Column;
    let stands = Column::ReopenedAt.is_null().and(Column::UndoneAt.is_null());
    let this = Column::WorkItemId.eq(item).and(stands);
    Ok(tx.find::<resolution::Entity>().filter(this).one().await?)
}

/// Those of these items that have an end of a person's that stands.
pub(crate) async fn ended_by_people(tx: &TenantTx, items: &[Uuid]) -> Result<Vec<Uuid>, Fault> {
    use resolution::Column;
    let stands = Column::ReopenedAt.is_null().and(Column::UndoneAt.is_null());
    let these = Column::WorkItemId.is_in(items.iter().copied()).and(stands);
    let rows = tx.find::<resolution::Entity>().filter(these).all().await?;
    Ok(rows.into_iter().map(|row| row.work_item_id).collect())
}

/// Notes that an item was opened again after this end.
pub(crate) async fn reopened(tx: &TenantTx, id: Uuid, at: DateTime<Utc>) -> Result<(), Fault> {
    tx.update::<resolution::Entity>()
        .set(resolution::Column::ReopenedAt, at)
        .filter(resolution::Column::Id.eq(id))
        .exec()
        .await?;
    Ok(())
}

/// Notes that an end was taken back.
pub(crate) async fn undone(
    tx: &TenantTx,
    id: Uuid,
    at: DateTime<Utc>,
    reason: &str,
) -> Result<(), Fault> {
    tx.update::<resolution::Entity>()
        .set(resolution::Column::UndoneAt, at)
        .set(resolution::Column::UndoneBy, tx.caller().actor())
        .set(resolution::Column::UndoneReason, reason)
        .filter(resolution::Column::Id.eq(id))
        .exec()
        .await?;
    Ok(())
}

/// Keeps an approval; it takes the place of an earlier one of the item.
pub(crate) async fn approve(tx: &TenantTx, row: ApprovalRow) -> Result<(), Fault> {
    if tx.insert_if_absent(row.clone().into_active_model().reset_all()).await? {
        return Ok(());
    }
    tx.update::<approval::Entity>()
        .set(approval::Column::ApprovedBy, row.approved_by)
        .set(approval::Column::UpToCents, row.up_to_cents)
        .set(approval::Column::Reason, row.reason)
        .set(approval::Column::ApprovedAt, row.approved_at)
        .filter(approval::Column::WorkItemId.eq(row.work_item_id))
        .exec()
        .await?;
    Ok(())
}

/// The latest approval of an item.
pub(crate) async fn approval(tx: &TenantTx, item: Uuid) -> Result<Option<ApprovalRow>, Fault> {
    let this = approval::Column::WorkItemId.eq(item);
    Ok(tx.find::<approval::Entity>().filter(this).one().await?)
}

/// Forgets the approval of an item: an end has used it.
pub(crate) async fn use_approval(tx: &TenantTx, item: Uuid) -> Result<(), Fault> {
    let this = approval::Column::WorkItemId.eq(item);
    tx.delete::<approval::Entity>().filter(this).exec().await?;
    Ok(())
}

/// Keeps minutes worked.
pub(crate) async fn touch(tx: &TenantTx, row: TouchRow) -> Result<TouchRow, Fault> {
    Ok(tx.insert(row.into_active_model().reset_all()).await?)
}
