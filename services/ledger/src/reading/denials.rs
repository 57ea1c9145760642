//! Denials, whole or as the lines of a work item.

use std::collections::BTreeSet;

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::Order;
use sea_orm::{ColumnTrait, FromQueryResult};
use uuid::Uuid;

use crate::adjudications;
use crate::entity::denial;

pub use denial::{Column as DenialColumn, Entity as Denials, Model as Denial};

/// The denial with this id.
pub async fn with_id(tx: &TenantTx, id: Uuid) -> Result<Option<Denial>, Fault> {
    Ok(tx.find::<Denials>().filter(DenialColumn::Id.eq(id)).one().await?)
}

/// One line of a work item.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ItemDenial {
    pub id: Uuid,
    pub work_item_id: Uuid,
    pub line: i64,
    pub denied_cents: i64,
    pub state: String,
    pub recovered_cents: i64,
}

/// The lines of the items of these claims, by item and place.
pub async fn of_claims(tx: &TenantTx, claims: Vec<Uuid>) -> Result<Vec<ItemDenial>, Fault> {
    Ok(tx
        .find::<Denials>()
        .filter(DenialColumn::ClaimId.is_in(claims))
        .order_by(DenialColumn::WorkItemId, Order::Asc)
        .order_by(DenialColumn::Line, Order::Asc)
        .order_by(DenialColumn::Id, Order::Asc)
        .columns([
            DenialColumn::Id,
            DenialColumn::WorkItemId,
            DenialColumn::Line,
            DenialColumn::DeniedCents,
            DenialColumn::State,
            DenialColumn::RecoveredCents,
        ])
        .await?)
}

/// The denials of one work item, by place.
pub async fn of_item(tx: &TenantTx, claim: Uuid, item: Uuid) -> Result<Vec<Denial>, Fault> {
    // The claim too: it has the index.
    Ok(tx
        .find::<Denials>()
        .filter(DenialColumn::ClaimId.eq(claim))
        .filter(DenialColumn::WorkItemId.eq(item))
        .order_by(DenialColumn::Line, Order::Asc)
        .order_by(DenialColumn::Id, Order::Asc)
        .all()
        .await?)
}

/// The denials with these ids, a few of one claim.
pub async fn with_ids(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<Denial>, Fault> {
    let these = DenialColumn::Id.is_in(ids.iter().copied());
    Ok(tx.find::<Denials>().filter(these).all().await?)
}

/// The newest denials of a case.
pub async fn newest_of(tx: &TenantTx, case: Uuid, limit: u64) -> Result<Vec<Denial>, Fault> {
    Ok(tx
        .find::<Denials>()
        .filter(DenialColumn::CaseId.eq(case))
        .order_by(DenialColumn::PostedAt, Order::Desc)
        .order_by(DenialColumn::Id, Order::Desc)
        .limit(limit)
        .all()
        .await?)
}

#[derive(FromQueryResult)]
struct Refused {
    id: Uuid,
    repeat_of: Uuid,
    state: String,
    denied_cents: i64,
}

/// What is refused on a case and not settled. A repeat refuses the same money again, so what it
/// repeats does not count.
pub async fn open_cents(tx: &TenantTx, case: Uuid) -> Result<i64, Fault> {
    let rows: Vec<Refused> = tx
        .find::<Denials>()
        .filter(DenialColumn::CaseId.eq(case))
        .columns([
            DenialColumn::Id,
            DenialColumn::RepeatOf,
            DenialColumn::State,
            DenialColumn::DeniedCents,
        ])
        .await?;
    let repeated: BTreeSet<Uuid> = rows.iter().map(|row| row.repeat_of).collect();
    let open = rows
        .iter()
        .filter(|row| row.state == adjudications::DENIAL_OPEN && !repeated.contains(&row.id));
    Ok(open.fold(0, |sum, row| sum.saturating_add(row.denied_cents)))
}
