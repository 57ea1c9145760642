//! The tenant's committee: one row, whose key is the tenant, and at most one change that waits.

use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;

use super::entity::{committee, committee_consent, committee_proposal, committee_version};

pub use committee::Model as Committee;
pub use committee_consent::Model as Consent;
pub use committee_proposal::Model as Proposal;

impl Consent {
    /// By what right a version of the committee stands, where nobody else had to agree.
    pub fn of(row: &Committee, cause: &str, author: String, reason: String) -> Self {
        Self {
            tenant_id: row.tenant_id,
            version: row.version,
            cause: cause.to_owned(),
            author,
            confirmed_by: String::new(),
            hash: String::new(),
            reason,
            created_at: row.updated_at,
        }
    }
}

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

/// Remembers a version for good, and by what right it stands: the database refuses one after the
/// first that nobody but its author consented to.
pub async fn remember(tx: &TenantTx, row: &Committee, consent: Consent) -> Result<(), Fault> {
    let version = committee_version::Model {
        tenant_id: row.tenant_id,
        version: row.version,
        document: row.document.clone(),
        author: consent.author.clone(),
        created_at: row.updated_at,
    };
    tx.insert_all(vec![consent.into_active_model().reset_all()]).await?;
    tx.insert_all(vec![version.into_active_model().reset_all()]).await?;
    Ok(())
}

/// The change of version `of` that waits for a second person.
pub async fn proposal(tx: &TenantTx, of: i64) -> Result<Option<Proposal>, Fault> {
    let this = committee_proposal::Column::BaseVersion.eq(of);
    Ok(tx.find::<committee_proposal::Entity>().filter(this).one().await?)
}

/// Has `row` wait in the place of what waited; false when its base is not what stands by now.
pub async fn propose(tx: &TenantTx, row: Proposal) -> Result<bool, Fault> {
    use committee::Column;
    // Looked at again and held until the end: what waits for a later committee is not this one's.
    let stands = tx
        .update::<committee::Entity>()
        .set(Column::Version, row.base_version)
        .filter(Column::Version.eq(row.base_version))
        .exec()
        .await?;
    if stands != 1 {
        return Ok(false);
    }
    drop_proposal(tx).await?;
    Ok(tx.insert_if_absent(row.into_active_model().reset_all()).await?)
}

/// Has nothing wait any longer.
pub async fn drop_proposal(tx: &TenantTx) -> Result<(), Fault> {
    tx.delete::<committee_proposal::Entity>().exec().await?;
    Ok(())
}
