//! The states of items and denials, and what moves them.

use platform::tenant_tx::TenantTx;
use sea_orm::prelude::Date;
use sea_orm::sea_query::{Expr, ExprTrait, Order};
use sea_orm::{ColumnTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::entity::{claim, denial, work_item};
use super::usual::Counted;

/// Waiting in its queue.
pub const ITEM_OPEN: &str = "OPEN";
/// Done.
pub const ITEM_RESOLVED: &str = "RESOLVED";
/// Held by a person under a lease.
pub const ITEM_CLAIMED: &str = "CLAIMED";
/// Waiting for someone else.
pub const ITEM_WAITING: &str = "WAITING";
/// Taken out of its queue by a revision of the dictionary; a later one may put it back.
pub const ITEM_SUPERSEDED: &str = "SUPERSEDED";
/// Not settled.
pub const DENIAL_OPEN: &str = "OPEN";
/// Taken back by the payer with its adjudication.
pub const DENIAL_REVERSED: &str = "REVERSED";
/// Paid after all.
pub const DENIAL_OVERTURNED: &str = "OVERTURNED";
/// Paid after all, on a corrected claim.
pub const DENIAL_CORRECTED: &str = "CORRECTED";
/// Paid in part.
pub const DENIAL_PARTIALLY_OVERTURNED: &str = "PARTIALLY_OVERTURNED";
/// Refused again; a later denial carries it on.
pub const DENIAL_REPEATED: &str = "REPEATED";
/// Settled without payment.
pub const DENIAL_CLOSED: &str = "CLOSED";
/// No denial under the revision that decided it last; a later one may call it one again.
pub const DENIAL_SUPERSEDED: &str = "SUPERSEDED";

#[derive(FromQueryResult)]
pub(crate) struct OnlyId {
    pub(crate) id: Uuid,
}

/// The occurrence at this place of a file.
pub async fn claim_at(tx: &TenantTx, file: Uuid, ordinal: i64) -> Result<Option<Uuid>, DbErr> {
    let rows = tx
        .find::<claim::Entity>()
        .filter(claim::Column::FileId.eq(file).and(claim::Column::Ordinal.eq(ordinal)))
        .columns::<OnlyId>([claim::Column::Id])
        .await?;
    Ok(rows.first().map(|row| row.id))
}

/// The first and the last day of service.
pub type Days = (Date, Date);

#[derive(FromQueryResult)]
struct Serviced {
    id: Uuid,
    service_starts_on: Option<Date>,
    service_ends_on: Option<Date>,
}

/// The days of service of those of these occurrences that have one.
pub async fn service_days(tx: &TenantTx, claims: &[Uuid]) -> Result<Vec<(Uuid, Days)>, DbErr> {
    use claim::Column;
    let these = Column::Id.is_in(claims.iter().copied());
    let columns = [Column::Id, Column::ServiceStartsOn, Column::ServiceEndsOn];
    let rows: Vec<Serviced> = tx.find::<claim::Entity>().filter(these).columns(columns).await?;
    let days = |row: &Serviced| {
        let first = row.service_starts_on.or(row.service_ends_on)?;
        Some((first, Ord::max(row.service_ends_on.unwrap_or(first), first)))
    };
    Ok(rows.iter().filter_map(|row| Some((row.id, days(row)?))).collect())
}

/// Moves those of these denials that are in one state to another, unless a remittance settled them;
/// answers which were, and counts how they ended.
pub async fn transfer(
    tx: &TenantTx,
    denials: &[Uuid],
    from: &str,
    to: &str,
) -> Result<Vec<Uuid>, DbErr> {
    let (mut moved, mut counted) = (Vec::new(), Counted::default());
    for some in denials.chunks(1_000) {
        let these = denial::Column::Id.is_in(some.iter().copied());
        let these = these.and(denial::Column::State.eq(from));
        let these = these.and(denial::Column::SettledBy.is_null());
        let rows = tx.find::<denial::Entity>().filter(these.clone()).lock();
        let columns = [
            denial::Column::Id,
            denial::Column::PayerId,
            denial::Column::GroupCode,
            denial::Column::Carc,
        ];
        let rows = rows.columns::<OfPayer>(columns).await?;
        for row in &rows {
            counted.moved((row.payer_id, &row.group_code, &row.carc), from, to);
        }
        tx.update::<denial::Entity>().set(denial::Column::State, to).filter(these).exec().await?;
        moved.extend(rows.into_iter().map(|row| row.id));
    }
    counted.write(tx).await?;
    Ok(moved)
}

#[derive(FromQueryResult)]
struct OfPayer {
    id: Uuid,
    payer_id: Uuid,
    group_code: String,
    carc: String,
}

/// Ends the open items of occurrences that were taken back; answers which.
pub async fn resolve(tx: &TenantTx, claims: &[Uuid]) -> Result<Vec<Uuid>, DbErr> {
    let mut resolved = Vec::new();
    for some in claims.chunks(1_000) {
        let of_claims = work_item::Column::ClaimId.is_in(some.iter().copied());
        // By id, as everybody locks several; the payer settles it, whoever holds it.
        let rows: Vec<OnlyState> = tx
            .find::<work_item::Entity>()
            .filter(of_claims.and(work_item::Column::State.ne(ITEM_RESOLVED)))
            .order_by(work_item::Column::Id, Order::Asc)
            .lock()
            .columns([work_item::Column::Id, work_item::Column::State])
            .await?;
        let ids = rows.iter().map(|row| row.id);
        tx.update::<work_item::Entity>()
            .set(work_item::Column::State, ITEM_RESOLVED)
            .set(work_item::Column::Holder, "")
            .set(work_item::Column::LookOn, crate::held::NEVER)
            .set(work_item::Column::Version, Expr::col(work_item::Column::Version).add(1))
            .set(work_item::Column::UpdatedAt, tx.clock().now())
            .filter(work_item::Column::Id.is_in(ids))
            .exec()
            .await?;
        // What a revision took out of its queue does not come back either, and is no news.
        let known = rows.into_iter().filter(|row| row.state != ITEM_SUPERSEDED);
        resolved.extend(known.map(|row| row.id));
    }
    Ok(resolved)
}

#[derive(FromQueryResult)]
pub(crate) struct OnlyState {
    pub(crate) id: Uuid,
    pub(crate) state: String,
}

/// The items of an occurrence that are not done.
pub async fn open_items_of(tx: &TenantTx, claim: Uuid) -> Result<Vec<Uuid>, DbErr> {
    let not_done = [ITEM_OPEN, ITEM_CLAIMED, ITEM_WAITING];
    let these = work_item::Column::ClaimId.eq(claim);
    let these = these.and(work_item::Column::State.is_in(not_done));
    let rows: Vec<OnlyId> =
        tx.find::<work_item::Entity>().filter(these).columns([work_item::Column::Id]).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The items an occurrence has, kept from other writers until the transaction ends.
pub async fn items_of(tx: &TenantTx, claim: Uuid) -> Result<Vec<work_item::Model>, DbErr> {
    let items = tx.find::<work_item::Entity>().filter(work_item::Column::ClaimId.eq(claim));
    items.order_by(work_item::Column::Id, Order::Asc).lock().all().await
}
