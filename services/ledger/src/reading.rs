//! What is found for a caller: rows of one tenant, in pages or by id.

pub mod claims;
pub mod denials;
pub mod files;
pub mod take_backs;
pub mod work_items;

use platform::rejection::Fault;
use platform::tenant_tx::{TenantOwned, TenantTx};
use sea_orm::Value;
use sea_orm::sea_query::{Condition, Order};

/// Which rows of a sorted list are wanted.
#[derive(Debug)]
pub struct Page<C> {
    /// Which rows at all.
    pub narrow: Condition,
    /// What they are sorted by; the last column is unique.
    pub order: Vec<(C, Order)>,
    /// The sort values of the row before the first one wanted.
    pub after: Option<Vec<Value>>,
    /// How many rows at most.
    pub limit: u64,
}

/// A page of whole rows.
pub async fn page<E: TenantOwned>(
    tx: &TenantTx,
    page: Page<E::Column>,
) -> Result<Vec<E::Model>, Fault> {
    Ok(tx
        .find::<E>()
        .filter(page.narrow)
        .keyset(&page.order, page.after.as_deref())
        .limit(page.limit)
        .all()
        .await?)
}
