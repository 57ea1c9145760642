//! Previews of change requests.

use std::collections::BTreeSet;

use sea_orm::sea_query::ExprTrait;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};
use uuid::Uuid;

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;

use super::entity::preview;

pub use preview::Model as Preview;

/// The state, and the slot, of the one that runs.
pub const RUNNING: &str = "running";

/// The preview with this id.
pub async fn find(tx: &TenantTx, id: Uuid) -> Result<Option<Preview>, Fault> {
    Ok(tx.find::<preview::Entity>().filter(preview::Column::Id.eq(id)).one().await?)
}

/// The preview that runs.
pub async fn running(tx: &TenantTx) -> Result<Option<Preview>, Fault> {
    Ok(tx.find::<preview::Entity>().filter(preview::Column::Slot.eq(RUNNING)).one().await?)
}

/// The canaries whose decisions stand: those that run, and those that suspended themselves and that
/// nobody stopped yet.
pub async fn canaries(tx: &TenantTx) -> Result<BTreeSet<Uuid>, Fault> {
    let standing = preview::Column::Stage
        .eq("canary")
        .and(preview::Column::State.is_in([RUNNING, "suspended"]));
    let rows = tx.find::<preview::Entity>().filter(standing).all().await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Stores a new one; false when another runs.
pub async fn insert(tx: &TenantTx, row: Preview) -> Result<bool, Fault> {
    Ok(tx.insert_if_absent(row.into_active_model().reset_all()).await?)
}

/// Writes `row` over its `former` version; false when somebody else wrote meanwhile.
pub async fn update(tx: &TenantTx, row: &Preview, former: i64) -> Result<bool, Fault> {
    use preview::Column;
    let changed = tx
        .update::<preview::Entity>()
        .set(Column::State, row.state.clone())
        .set(Column::Slot, row.slot.clone())
        .set(Column::SuspendedWords, row.suspended_words.clone())
        .set(Column::StoppedWords, row.stopped_words.clone())
        .set(Column::UpdatedAt, row.updated_at)
        .set(Column::Version, row.version)
        .filter(Column::Id.eq(row.id).and(Column::Version.eq(former)))
        .exec()
        .await?;
    Ok(changed == 1)
}
