//! Work that is decided again: what it was decided on, and how it stands then.
//!
//! Free is what no person has touched: items that wait in their queue or that a revision took out
//! of it, and their denials.

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::{Expr, ExprTrait, Order};
use sea_orm::{ColumnTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use crate::adjudications::{ITEM_OPEN, ITEM_SUPERSEDED, OnlyId};
use crate::entity::{claim, claim_part, denial, file, work_item};

/// Occurrences of one claim that are looked at.
const CLAIMS: u64 = 500;

/// A free item that another revision decided.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Outdated {
    /// The revision that decided it.
    pub revision: String,
    /// Its occurrence.
    pub claim_id: Uuid,
    /// Its id.
    pub id: Uuid,
}

/// An occurrence as it stands.
#[derive(Debug)]
pub struct Stored {
    /// Its row.
    pub claim: claim::Model,
    /// What later parts of it added, in their order.
    pub parts: Vec<claim_part::Model>,
    /// Its items, whatever their state.
    pub items: Vec<work_item::Model>,
    /// Its denials, whatever their state.
    pub denials: Vec<denial::Model>,
}

/// Items that wait in their queue, or were taken out of it by a revision, and that none of
/// `revisions` decided: by revision, then by claim.
///
/// # Errors
/// When the database fails.
pub async fn outdated(
    tx: &TenantTx,
    revisions: &[&str],
    after: &[Outdated],
    limit: u64,
) -> Result<Vec<Outdated>, DbErr> {
    use work_item::Column;
    let order =
        [(Column::Revision, Order::Asc), (Column::ClaimId, Order::Asc), (Column::Id, Order::Asc)];
    let after = after.last().map(|last| -> [Value; 3] {
        [last.revision.clone().into(), last.claim_id.into(), last.id.into()]
    });
    tx.find::<work_item::Entity>()
        .filter(free().and(Column::Revision.is_not_in(revisions.iter().copied())))
        .keyset(&order, after.as_ref().map(<[Value; 3]>::as_slice))
        .limit(limit)
        .columns::<Outdated>([Column::Revision, Column::ClaimId, Column::Id])
        .await
}

fn free() -> sea_orm::sea_query::SimpleExpr {
    use work_item::Column;
    // An item of no claim was decided by no code.
    let of_a_claim = Column::ClaimId.ne(Uuid::nil());
    Column::State
        .is_in([ITEM_OPEN, ITEM_SUPERSEDED])
        .and(Column::Hold.eq(Vec::<u8>::new()))
        .and(of_a_claim)
}

/// Whether nobody has touched an item.
#[must_use]
pub fn is_free(item: &work_item::Model) -> bool {
    [ITEM_OPEN, ITEM_SUPERSEDED].contains(&item.state.as_str()) && item.hold.is_empty()
}

/// The occurrences of a claim that are adjudications, at most 500.
///
/// # Errors
/// When the database fails.
pub async fn claims_of(
    tx: &TenantTx,
    payer: Uuid,
    patient_control_number: &str,
) -> Result<Vec<Uuid>, DbErr> {
    use claim::Column;
    let this = Column::PatientControlNumber.eq(patient_control_number);
    let this = this.and(Column::PayerId.eq(payer)).and(Column::Reversal.eq(false));
    let rows: Vec<OnlyId> =
        tx.find::<claim::Entity>().filter(this).limit(CLAIMS).columns([Column::Id]).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The occurrences with these ids.
///
/// # Errors
/// When the database fails.
pub async fn stored(tx: &TenantTx, claims: &[Uuid]) -> Result<Vec<Stored>, DbErr> {
    let ids = || claims.iter().copied();
    let found = tx.find::<claim::Entity>().filter(claim::Column::Id.is_in(ids())).all().await?;
    let mut parts = tx
        .find::<claim_part::Entity>()
        .filter(claim_part::Column::ClaimId.is_in(ids()))
        .order_by(claim_part::Column::Part, Order::Asc)
        .all()
        .await?;
    let items = work_item::Column::ClaimId.is_in(ids());
    let mut items = tx.find::<work_item::Entity>().filter(items).all().await?;
    let denials = denial::Column::ClaimId.is_in(ids());
    let mut denials = tx.find::<denial::Entity>().filter(denials).all().await?;
    let stored = found.into_iter().map(|claim| Stored {
        parts: parts.extract_if(.., |part| part.claim_id == claim.id).collect(),
        items: items.extract_if(.., |item| item.claim_id == claim.id).collect(),
        denials: denials.extract_if(.., |denial| denial.claim_id == claim.id).collect(),
        claim,
    });
    Ok(stored.collect())
}

/// The files with these ids.
///
/// # Errors
/// When the database fails.
pub async fn files(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<file::Model>, DbErr> {
    tx.find::<file::Entity>().filter(file::Column::Id.is_in(ids.iter().copied())).all().await
}

/// Writes what a denial is now.
///
/// # Errors
/// When the database fails.
pub async fn write_denial(tx: &TenantTx, row: denial::Model) -> Result<(), DbErr> {
    use denial::Column;
    tx.update::<denial::Entity>()
        .set(Column::WorkItemId, row.work_item_id)
        .set(Column::State, row.state)
        .set(Column::RecordClass, row.record_class)
        .set(Column::Category, row.category)
        .set(Column::OwnerFunction, row.owner_function)
        .set(Column::OwnerTeam, row.owner_team)
        .set(Column::NextAction, row.next_action)
        .set(Column::Entry, row.entry)
        .set(Column::Revision, row.revision)
        .set(Column::Receipt, row.receipt)
        .filter(Column::Id.eq(row.id))
        .exec()
        .await
        .map(drop)
}

/// Writes what an item is now, over the version that was read.
///
/// # Errors
/// [`Fault::Contended`] when somebody was faster, or when the database fails.
pub async fn write_item(tx: &TenantTx, row: work_item::Model) -> Result<(), Fault> {
    use work_item::Column;
    let read = Column::Id.eq(row.id).and(Column::Version.eq(row.version)).and(free());
    let written = tx
        .update::<work_item::Entity>()
        .set(Column::Kind, row.kind)
        .set(Column::State, row.state)
        .set(Column::Category, row.category)
        .set(Column::Exception, row.exception)
        .set(Column::OwnerFunction, row.owner_function)
        .set(Column::OwnerTeam, row.owner_team)
        .set(Column::NextAction, row.next_action)
        .set(Column::DeadlineRule, row.deadline_rule)
        .set(Column::DueOn, row.due_on)
        .set(Column::Priority, row.priority)
        .set(Column::NextBandOn, row.next_band_on)
        .set(Column::LookOn, row.look_on)
        .set(Column::AtStakeCents, row.at_stake_cents)
        .set(Column::ExpectedCents, row.expected_cents)
        .set(Column::EffortMinutes, row.effort_minutes)
        .set(Column::EvidenceMissing, row.evidence_missing)
        .set(Column::Revision, row.revision)
        .set(Column::Document, row.document)
        .set(Column::Version, Expr::col(Column::Version).add(1))
        .set(Column::UpdatedAt, tx.clock().now())
        .filter(read)
        .exec()
        .await?;
    if written == 1 { Ok(()) } else { Err(Fault::Contended) }
}

/// Writes the sums of an occurrence.
///
/// # Errors
/// When the database fails.
pub async fn write_sums(
    tx: &TenantTx,
    claim: Uuid,
    denied_cents: i64,
    contractual_cents: i64,
) -> Result<(), DbErr> {
    use claim::Column;
    tx.update::<claim::Entity>()
        .set(Column::DeniedCents, denied_cents)
        .set(Column::ContractualCents, contractual_cents)
        .filter(Column::Id.eq(claim))
        .exec()
        .await
        .map(drop)
}
