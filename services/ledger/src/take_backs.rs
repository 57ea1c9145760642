//! What payers gave and took at provider level for single claims, and the cases they are about.

use std::collections::{BTreeMap, BTreeSet};

use domain::dictionary::vocabulary::ExceptionKind;
use domain::money::Cents;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::{ExprTrait, Order};
use sea_orm::{ColumnTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::cases;
use crate::entity::take_back::{ActiveModel, Column, Entity};
use crate::entity::{case, work_item};

pub use crate::entity::take_back::Model as TakeBack;

/// It is about a case.
pub const MATCHED: &str = "MATCHED";
/// No claim of the payer has the number.
pub const UNMATCHED: &str = "UNMATCHED";
/// Claims of several cases have the number.
pub const AMBIGUOUS: &str = "AMBIGUOUS";

/// Values a look-up binds at most.
const AT_ONCE: usize = 1_000;

/// Keeps rows.
///
/// # Errors
/// When somebody else kept one of them, or the database fails.
pub async fn keep(tx: &TenantTx, rows: &[TakeBack]) -> Result<(), DbErr> {
    tx.insert_all(rows.iter().cloned().map(crate::set::<ActiveModel>).collect()).await
}

#[derive(FromQueryResult)]
struct Placed {
    transaction_id: Uuid,
    ordinal: i64,
}

/// Which pairs of these transactions are kept already, by transaction and place.
///
/// # Errors
/// When the database fails.
pub async fn kept(
    tx: &TenantTx,
    transactions: &BTreeSet<Uuid>,
) -> Result<BTreeSet<(Uuid, i64)>, DbErr> {
    let mut kept = BTreeSet::new();
    let transactions: Vec<Uuid> = transactions.iter().copied().collect();
    for some in transactions.chunks(AT_ONCE) {
        let these = Column::TransactionId.is_in(some.iter().copied());
        let rows = tx.find::<Entity>().filter(these);
        let rows: Vec<Placed> = rows.columns([Column::TransactionId, Column::Ordinal]).await?;
        kept.extend(rows.into_iter().map(|row| (row.transaction_id, row.ordinal)));
    }
    Ok(kept)
}

/// What is about no case yet of this payer, after a row; the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn without_case(
    tx: &TenantTx,
    payer_key: &str,
    after: Uuid,
    limit: u64,
) -> Result<Vec<TakeBack>, DbErr> {
    let these = Column::State.is_in([UNMATCHED, AMBIGUOUS]);
    let these = these.and(Column::PayerKey.eq(payer_key)).and(Column::Id.gt(after));
    let rows = tx.find::<Entity>().filter(these).order_by(Column::Id, Order::Asc);
    rows.limit(limit).all().await
}

/// Says which case a row is about; false when somebody else did.
///
/// # Errors
/// When the database fails.
pub async fn place(tx: &TenantTx, row: &TakeBack) -> Result<bool, DbErr> {
    let placed = tx
        .update::<Entity>()
        .set(Column::CaseId, row.case_id)
        .set(Column::State, row.state.as_str())
        .filter(Column::Id.eq(row.id).and(Column::State.ne(MATCHED)))
        .exec()
        .await?;
    Ok(placed == 1)
}

/// The cases that claims of a payer with these numbers are of: by the payer's own number, and by
/// the provider's where that names none.
///
/// # Errors
/// When the database fails.
pub async fn cases_named(
    tx: &TenantTx,
    numbers: &BTreeSet<String>,
) -> Result<BTreeMap<(String, String), BTreeSet<Uuid>>, DbErr> {
    let mut named: BTreeMap<(String, String), BTreeSet<Uuid>> = BTreeMap::new();
    let numbers: Vec<String> = numbers.iter().cloned().collect();
    for some in numbers.chunks(AT_ONCE) {
        let of_payer = cases::numbered(tx, some.to_vec()).await?;
        let ids: BTreeSet<Uuid> = of_payer.iter().map(|row| row.case_id).collect();
        let keys: BTreeMap<Uuid, String> =
            with_ids(tx, &ids).await?.into_iter().map(|case| (case.id, case.payer_key)).collect();
        for row in of_payer {
            if let Some(key) = keys.get(&row.case_id) {
                let place = (key.clone(), row.payer_claim_number);
                named.entry(place).or_default().insert(row.case_id);
            }
        }
        for case in cases::named(tx, some.to_vec()).await? {
            let place = (case.payer_key, case.patient_control_number);
            named.entry(place).or_insert_with(|| BTreeSet::from([case.id]));
        }
    }
    Ok(named)
}

async fn with_ids(tx: &TenantTx, ids: &BTreeSet<Uuid>) -> Result<Vec<case::Model>, DbErr> {
    let mut found = Vec::new();
    let ids: Vec<Uuid> = ids.iter().copied().collect();
    for some in ids.chunks(AT_ONCE) {
        let these = case::Column::Id.is_in(some.iter().copied());
        found.append(&mut tx.find::<case::Entity>().filter(these).all().await?);
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct OfCase {
    case_id: Uuid,
    amount_cents: i64,
}

/// All that was given and taken for these cases, in cents.
///
/// # Errors
/// When the database fails.
pub async fn amounts(tx: &TenantTx, cases: &[Uuid]) -> Result<BTreeMap<Uuid, Vec<Cents>>, DbErr> {
    let mut amounts: BTreeMap<Uuid, Vec<Cents>> = BTreeMap::new();
    for some in cases.chunks(AT_ONCE) {
        let rows = tx.find::<Entity>().filter(Column::CaseId.is_in(some.iter().copied()));
        let rows: Vec<OfCase> = rows.columns([Column::CaseId, Column::AmountCents]).await?;
        for row in rows {
            amounts.entry(row.case_id).or_default().push(Cents::new(row.amount_cents));
        }
    }
    Ok(amounts)
}

/// An item about what was taken for a case.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PastTakeBack {
    /// The item.
    pub id: Uuid,
    /// Its case.
    pub case_id: Uuid,
    /// Where it stands.
    pub state: String,
    /// What it is about.
    pub at_stake_cents: i64,
}

/// The items about what was taken for these cases, by id.
///
/// # Errors
/// When the database fails.
pub async fn items(tx: &TenantTx, cases: &[Uuid]) -> Result<Vec<PastTakeBack>, DbErr> {
    use work_item::Column;
    let columns = [Column::Id, Column::CaseId, Column::State, Column::AtStakeCents];
    let mut items = Vec::new();
    for some in cases.chunks(AT_ONCE) {
        let these = Column::CaseId.is_in(some.iter().copied());
        let these = these.and(Column::Exception.eq(ExceptionKind::TakeBack.as_str()));
        let these = tx.find::<work_item::Entity>().filter(these).order_by(Column::Id, Order::Asc);
        items.append(&mut these.columns(columns).await?);
    }
    Ok(items)
}
