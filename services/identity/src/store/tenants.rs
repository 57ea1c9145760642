use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::entity::tenant::{ActiveModel, Entity, Model};
use super::{Stamp, stamp};

/// Limits of one tenant; 0 means the default of the installation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Quotas {
    pub(crate) remittance_bytes_max: i64,
    pub(crate) claims_per_day_max: i64,
    pub(crate) calls_per_second_max: i32,
    pub(crate) users_max: i32,
}

/// Where a tenant stands; its name in rows is the contract's without the prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tenant {
    pub(crate) id: Uuid,
    pub(crate) slug: String,
    pub(crate) display_name: String,
    pub(crate) state: String,
    pub(crate) time_zone: String,
    pub(crate) holiday_calendar: String,
    pub(crate) quotas: Quotas,
    pub(crate) stamp: Stamp,
}

/// The name of the state of a tenant in use.
pub(crate) const ACTIVE: &str = "ACTIVE";

impl From<Model> for Tenant {
    fn from(row: Model) -> Self {
        Self {
            id: row.tenant_id,
            stamp: stamp!(row),
            slug: row.slug,
            display_name: row.display_name,
            state: row.state,
            time_zone: row.time_zone,
            holiday_calendar: row.holiday_calendar,
            quotas: Quotas {
                remittance_bytes_max: row.remittance_bytes_max,
                claims_per_day_max: row.claims_per_day_max,
                calls_per_second_max: row.calls_per_second_max,
                users_max: row.users_max,
            },
        }
    }
}

/// Stores the tenant of `tx`; false when it is there already.
pub(crate) async fn insert(tx: &TenantTx, tenant: &Tenant) -> Result<bool, Fault> {
    let row = ActiveModel {
        tenant_id: Set(tenant.id),
        slug: Set(tenant.slug.clone()),
        display_name: Set(tenant.display_name.clone()),
        state: Set(tenant.state.clone()),
        time_zone: Set(tenant.time_zone.clone()),
        holiday_calendar: Set(tenant.holiday_calendar.clone()),
        remittance_bytes_max: Set(tenant.quotas.remittance_bytes_max),
        claims_per_day_max: Set(tenant.quotas.claims_per_day_max),
        calls_per_second_max: Set(tenant.quotas.calls_per_second_max),
        users_max: Set(tenant.quotas.users_max),
        created_at: Set(tenant.stamp.created_at),
        updated_at: Set(tenant.stamp.updated_at),
        version: Set(tenant.stamp.version),
    };
    Ok(tx.insert_if_absent(row).await?)
}

/// The tenant of `tx`.
pub(crate) async fn own(tx: &TenantTx) -> Result<Option<Tenant>, Fault> {
    Ok(tx.find::<Entity>().one().await?.map(Tenant::from))
}

/// The tenant of `tx`, locked: changes that count its users wait for one another.
pub(crate) async fn lock(tx: &TenantTx) -> Result<Option<Tenant>, Fault> {
    Ok(tx.find::<Entity>().lock().one().await?.map(Tenant::from))
}
