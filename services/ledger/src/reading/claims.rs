//! The adjudication ledger.

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::Order;
use sea_orm::{ColumnTrait, FromQueryResult};
use uuid::Uuid;

use crate::entity::{case, claim, claim_part, subject};

pub use case::Model as Case;
pub use claim::{Column as ClaimColumn, Entity as Claims, Model as Claim};
pub use subject::Model as Subject;

/// The claim occurrence with this id.
pub async fn with_id(tx: &TenantTx, id: Uuid) -> Result<Option<Claim>, Fault> {
    Ok(tx.find::<Claims>().filter(ClaimColumn::Id.eq(id)).one().await?)
}

/// What a long claim has beyond its first part, in order.
pub async fn further_parts(tx: &TenantTx, claim: Uuid) -> Result<Vec<Vec<u8>>, Fault> {
    let rows = tx
        .find::<claim_part::Entity>()
        .filter(claim_part::Column::ClaimId.eq(claim))
        .order_by(claim_part::Column::Part, Order::Asc)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.document).collect())
}

/// Whom a claim is about.
pub async fn subject_of(tx: &TenantTx, claim: Uuid) -> Result<Option<Subject>, Fault> {
    Ok(tx.find::<subject::Entity>().filter(subject::Column::ClaimId.eq(claim)).one().await?)
}

/// The case with this id.
pub async fn case(tx: &TenantTx, id: Uuid) -> Result<Option<Case>, Fault> {
    Ok(tx.find::<case::Entity>().filter(case::Column::Id.eq(id)).one().await?)
}

/// The newest occurrences of a case.
pub async fn newest_of(tx: &TenantTx, case: Uuid, limit: u64) -> Result<Vec<Claim>, Fault> {
    Ok(tx
        .find::<Claims>()
        .filter(ClaimColumn::CaseId.eq(case))
        .order_by(ClaimColumn::PostedAt, Order::Desc)
        .order_by(ClaimColumn::Id, Order::Desc)
        .limit(limit)
        .all()
        .await?)
}

#[derive(FromQueryResult)]
struct Paid {
    paid_cents: i64,
}

/// What was paid on a case, over all its occurrences; reversals are negative as sent.
pub async fn paid_on(tx: &TenantTx, case: Uuid) -> Result<i64, Fault> {
    let rows: Vec<Paid> = tx
        .find::<Claims>()
        .filter(ClaimColumn::CaseId.eq(case))
        .columns([ClaimColumn::PaidCents])
        .await?;
    Ok(rows.iter().fold(0, |sum, row| sum.saturating_add(row.paid_cents)))
}
