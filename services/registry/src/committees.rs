//! The tenant's committee: one row, whose key is the tenant.

use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;

use super::entity::{committee, committee_version};

pub use committee::Model as Committee;

/// The committee, once somebody made one.
pub async fn find(tx: &TenantTx) -> Result<Option<Committee>, Fault> {
    Ok(tx.find::<committee::Entity>().one().await?)
}

/// Stores the first one; false when there is one.
pub async fn insert(tx: &TenantTx, row: Committee) -> Result<bool, Fault> {
    Ok(tx.insert_if_absent(row.into_active_model().reset_all()).await?)
}

/// Writes `row` over its `former` version; false when somebody else wrote meanwhile.
pub async fn update(tx: &TenantTx, row: &Committee, former: i64) -> Result<bool, Fault> {
    use committee::Column;
    let changed = tx
        .update::<committee::Entity>()
        .set(Column::Title, row.title.clone())
        .set(Column::TimeZone, row.time_zone.clone())
        .set(Column::Document, row.document.clone())
        .set(Column::UpdatedAt, row.updated_at)
        .set(Column::Version, row.version)
        .filter(Column::Version.eq(former))
        .exec()
        .await?;
    Ok(changed == 1)
}

/// Remembers a version for good.
pub async fn remember(tx: &TenantTx, row: &Committee) -> Result<(), Fault> {
    let version = committee_version::Model {
        tenant_id: row.tenant_id,
        version: row.version,
        document: row.document.clone(),
        author: tx.caller().actor().to_owned(),
        created_at: row.updated_at,
    };
    tx.insert_all(vec![version.into_active_model().reset_all()]).await?;
    Ok(())
}
