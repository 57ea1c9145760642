//! Cases, what was denied on them before, and what a reversal takes back.

use platform::tenant_tx::TenantTx;
use sea_orm::prelude::Date;
use sea_orm::sea_query::{Expr, ExprTrait, Order};
use sea_orm::{ColumnTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::entity::{case, claim, denial, work_item};

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

/// No denial under the revision that decided it last; a later one may call it one again.
pub const DENIAL_SUPERSEDED: &str = "SUPERSEDED";

/// Earlier occurrences, or denials of them, that one chunk looks at, at most: beyond it a lineage
/// is long and adds nothing.
const PRIORS: u64 = 50_000;

/// A denial of an earlier occurrence.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Prior {
    pub id: Uuid,
    pub case_id: Uuid,
    pub claim_id: Uuid,
    pub line_key: String,
    pub carc: String,
    pub state: String,
}

/// An earlier occurrence.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PriorClaim {
    pub id: Uuid,
    pub case_id: Uuid,
    pub payer_claim_number: String,
    pub remit_on: Date,
}

#[derive(FromQueryResult)]
struct OnlyId {
    id: Uuid,
}

/// The cases with one of these numbers, of any payer.
pub async fn cases(
    tx: &TenantTx,
    patient_control_numbers: Vec<String>,
) -> Result<Vec<case::Model>, DbErr> {
    tx.find::<case::Entity>()
        .filter(case::Column::PatientControlNumber.is_in(patient_control_numbers))
        .all()
        .await
}

/// What was denied on these cases, other than on `claim` itself, the oldest first.
pub async fn priors(
    tx: &TenantTx,
    cases: Vec<Uuid>,
    claim: Option<Uuid>,
) -> Result<Vec<Prior>, DbErr> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let mut condition = denial::Column::CaseId.is_in(cases);
    if let Some(claim) = claim {
        condition = condition.and(denial::Column::ClaimId.ne(claim));
    }
    let mut rows = tx
        .find::<denial::Entity>()
        .filter(condition)
        .limit(PRIORS)
        .columns::<Prior>([
            denial::Column::Id,
            denial::Column::CaseId,
            denial::Column::ClaimId,
            denial::Column::LineKey,
            denial::Column::Carc,
            denial::Column::State,
        ])
        .await?;
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

/// What was adjudicated on these cases, other than `claim` itself and than reversals, the oldest
/// first.
pub async fn occurrences(
    tx: &TenantTx,
    cases: Vec<Uuid>,
    claim: Option<Uuid>,
) -> Result<Vec<PriorClaim>, DbErr> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let mut condition = claim::Column::CaseId.is_in(cases).and(claim::Column::Reversal.eq(false));
    if let Some(claim) = claim {
        condition = condition.and(claim::Column::Id.ne(claim));
    }
    let mut rows = tx
        .find::<claim::Entity>()
        .filter(condition)
        .limit(PRIORS)
        .columns::<PriorClaim>([
            claim::Column::Id,
            claim::Column::CaseId,
            claim::Column::PayerClaimNumber,
            claim::Column::RemitOn,
        ])
        .await?;
    rows.sort_by_key(|row| row.id);
    Ok(rows)
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

/// Marks denials as taken back.
pub async fn reverse(tx: &TenantTx, denials: &[Uuid]) -> Result<(), DbErr> {
    for some in denials.chunks(1_000) {
        tx.update::<denial::Entity>()
            .set(denial::Column::State, DENIAL_REVERSED)
            .filter(denial::Column::Id.is_in(some.iter().copied()))
            .exec()
            .await?;
    }
    Ok(())
}

/// Moves those of these denials that are in one state to another; answers which were.
pub async fn transfer(
    tx: &TenantTx,
    denials: &[Uuid],
    from: &str,
    to: &str,
) -> Result<Vec<Uuid>, DbErr> {
    let mut moved = Vec::new();
    for some in denials.chunks(1_000) {
        let these = denial::Column::Id.is_in(some.iter().copied());
        let these = these.and(denial::Column::State.eq(from));
        let rows = tx.find::<denial::Entity>().filter(these.clone()).lock();
        let rows = rows.columns::<OnlyId>([denial::Column::Id]).await?;
        tx.update::<denial::Entity>().set(denial::Column::State, to).filter(these).exec().await?;
        moved.extend(rows.into_iter().map(|row| row.id));
    }
    Ok(moved)
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
struct OnlyState {
    id: Uuid,
    state: String,
}

/// The items an occurrence has, kept from other writers until the transaction ends.
pub async fn items_of(tx: &TenantTx, claim: Uuid) -> Result<Vec<work_item::Model>, DbErr> {
    let items = tx.find::<work_item::Entity>().filter(work_item::Column::ClaimId.eq(claim));
    items.order_by(work_item::Column::Id, Order::Asc).lock().all().await
}
