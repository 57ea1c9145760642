//! Transactions: one row for each distinct content, and the guard that moves as it is posted.

use std::collections::{BTreeMap, BTreeSet};

use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::{Expr, ExprTrait, Order};
use sea_orm::{ColumnTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::entity::transaction::{Column, Entity};

/// Claims of it are still to be posted.
pub const OPEN: &str = "OPEN";
/// All of it is in the ledger.
pub const POSTED: &str = "POSTED";

/// Values a look-up binds at most.
const AT_ONCE: usize = 1_000;

/// What posting needs to know of a transaction.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Plan {
    pub id: Uuid,
    pub ordinal: i64,
    pub posted_parts: i64,
    pub denials: i64,
    pub exceptions: i64,
    pub work_items: i64,
}

/// A transaction by its trace.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Traced {
    pub payer_slug: String,
    pub trace: String,
    pub canonical_sha256: String,
}

#[derive(FromQueryResult)]
struct Owned {
    canonical_sha256: String,
    file_id: Uuid,
}

/// Which files own these contents.
pub async fn owners(tx: &TenantTx, hashes: Vec<String>) -> Result<BTreeMap<String, Uuid>, DbErr> {
    let mut owners = BTreeMap::new();
    for some in hashes.chunks(AT_ONCE) {
        let rows = tx
            .find::<Entity>()
            .filter(Column::CanonicalSha256.is_in(some))
            .columns::<Owned>([Column::CanonicalSha256, Column::FileId])
            .await?;
        owners.extend(rows.into_iter().map(|row| (row.canonical_sha256, row.file_id)));
    }
    Ok(owners)
}

/// The transactions with one of these trace numbers.
pub async fn traced(tx: &TenantTx, traces: Vec<String>) -> Result<Vec<Traced>, DbErr> {
    let mut found = Vec::new();
    let stated: Vec<String> = traces.into_iter().filter(|trace| !trace.is_empty()).collect();
    for some in stated.chunks(AT_ONCE) {
        let rows = tx
            .find::<Entity>()
            .filter(Column::Trace.is_in(some))
            .columns::<Traced>([Column::PayerSlug, Column::Trace, Column::CanonicalSha256])
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// The transactions of a file, by their place in it.
pub async fn of_file(tx: &TenantTx, file: Uuid) -> Result<BTreeMap<i64, Plan>, DbErr> {
    let rows = tx
        .find::<Entity>()
        .filter(Column::FileId.eq(file))
        .order_by(Column::Ordinal, Order::Asc)
        .columns::<Plan>([
            Column::Id,
            Column::Ordinal,
            Column::PostedParts,
            Column::Denials,
            Column::Exceptions,
            Column::WorkItems,
        ])
        .await?;
    Ok(rows.into_iter().map(|row| (row.ordinal, row)).collect())
}

#[derive(FromQueryResult)]
struct OnlyPayer {
    payer_id: Uuid,
}

/// The payers of a file's transactions; nil where nobody knows one.
pub async fn payers_of(tx: &TenantTx, file: Uuid) -> Result<BTreeSet<Uuid>, DbErr> {
    let these = tx.find::<Entity>().filter(Column::FileId.eq(file));
    let rows: Vec<OnlyPayer> = these.columns([Column::PayerId]).await?;
    Ok(rows.into_iter().map(|row| row.payer_id).collect())
}

#[derive(FromQueryResult)]
struct Named {
    payer_slug: String,
    payer_name: String,
}

/// The payers of a file's transactions: the slug, empty where nobody knows one, and the name.
pub async fn payer_names(tx: &TenantTx, file: Uuid) -> Result<BTreeSet<(String, String)>, DbErr> {
    let these = tx.find::<Entity>().filter(Column::FileId.eq(file));
    let rows: Vec<Named> = these.columns([Column::PayerSlug, Column::PayerName]).await?;
    Ok(rows.into_iter().map(|row| (row.payer_slug, row.payer_name)).collect())
}

/// How far one chunk moves a transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// The parts posted before: what the guard must read.
    pub from: i64,
    /// The parts posted after.
    pub to: i64,
    pub denials: i64,
    pub exceptions: i64,
    pub work_items: i64,
}

/// Moves the guard; false when somebody else moved it first.
pub async fn step(tx: &TenantTx, transaction: Uuid, step: Step) -> Result<bool, DbErr> {
    let add = |column: Column, by: i64| Expr::col(column).add(by);
    let moved = tx
        .update::<Entity>()
        .set(Column::PostedParts, step.to)
        .set(Column::Denials, add(Column::Denials, step.denials))
        .set(Column::Exceptions, add(Column::Exceptions, step.exceptions))
        .set(Column::WorkItems, add(Column::WorkItems, step.work_items))
        .filter(Column::Id.eq(transaction).and(Column::PostedParts.eq(step.from)))
        .exec()
        .await?;
    Ok(moved == 1)
}

/// Counts items that a later part opened.
pub async fn add_items(tx: &TenantTx, transaction: Uuid, items: usize) -> Result<(), DbErr> {
    let more = i64::try_from(items).unwrap_or(i64::MAX);
    tx.update::<Entity>()
        .set(Column::WorkItems, Expr::col(Column::WorkItems).add(more))
        .filter(Column::Id.eq(transaction))
        .exec()
        .await
        .map(drop)
}

/// Marks all transactions of a file as posted.
pub async fn close(tx: &TenantTx, file: Uuid) -> Result<u64, DbErr> {
    tx.update::<Entity>().set(Column::State, POSTED).filter(Column::FileId.eq(file)).exec().await
}
