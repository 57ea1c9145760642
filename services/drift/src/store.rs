//! Rows of outcomes and of what they say, each query a function of the tenant's transaction.

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod entity;

use std::collections::BTreeMap;

use domain::dictionary::Slug;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::{Condition, ExprTrait, Order};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};
use uuid::Uuid;

use crate::{Evidence, Outcome};
use entity::{evidence, outcome};

pub(crate) use evidence::Model as Row;

/// The counts of a statement, made when it has none, and held until the transaction ends.
pub(crate) async fn hold(
    tx: &TenantTx,
    (entry, overturn, days): &(String, i32, i32),
) -> Result<Row, Fault> {
    let row = Row {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        entry: entry.clone(),
        expected_overturn: *overturn,
        expected_days: *days,
        outcomes: 0,
        overturned: 0,
        answers: 0,
        late: 0,
        low: 0,
        high: 10_000,
        words: String::new(),
        suspect_since: None,
        change_request_id: None,
        drafted_at: 0,
    };
    tx.insert_if_absent(row.into_active_model().reset_all()).await?;
    let this = evidence::Column::Entry
        .eq(entry.as_str())
        .and(evidence::Column::ExpectedOverturn.eq(*overturn))
        .and(evidence::Column::ExpectedDays.eq(*days));
    let held = tx.find::<evidence::Entity>().filter(this).lock().one().await?;
    held.ok_or(Fault::Broken("counts that were just made are not there"))
}

/// Those of some outcomes that were recorded.
pub(crate) async fn outcomes(
    tx: &TenantTx,
    ids: Vec<Uuid>,
) -> Result<BTreeMap<Uuid, Outcome>, Fault> {
    let rows = tx.find::<outcome::Entity>().filter(outcome::Column::Id.is_in(ids)).all().await?;
    rows.into_iter().map(|row| Ok((row.id, read(row)?))).collect()
}

fn read(row: outcome::Model) -> Result<Outcome, Fault> {
    let unreadable = "a stored outcome cannot be read";
    Ok(Outcome {
        id: row.id,
        entry: Slug::new(row.entry).map_err(|_| Fault::Broken(unreadable))?,
        revision: row.revision.parse().map_err(|_| Fault::Broken(unreadable))?,
        overturned: row.overturned,
        decision_days: u32::try_from(row.decision_days).ok(),
        decided_at: row.decided_at,
    })
}

/// Keeps outcomes.
pub(crate) async fn keep(tx: &TenantTx, outcomes: Vec<Outcome>) -> Result<(), Fault> {
    let now = tx.clock().now();
    let row = |one: Outcome| outcome::Model {
        tenant_id: Uuid::nil(),
        id: one.id,
        entry: one.entry.to_string(),
        revision: one.revision.to_string(),
        overturned: one.overturned,
        decision_days: one.decision_days.and_then(|days| i32::try_from(days).ok()).unwrap_or(-1),
        decided_at: one.decided_at,
        recorded_at: now,
    };
    let rows = outcomes.into_iter().map(|one| row(one).into_active_model().reset_all());
    tx.insert_all(rows.collect()).await?;
    Ok(())
}

/// Writes counts over those that were held, and what they say.
pub(crate) async fn write(tx: &TenantTx, row: &Row) -> Result<(), Fault> {
    use evidence::Column;
    tx.update::<evidence::Entity>()
        .set(Column::Outcomes, row.outcomes)
        .set(Column::Overturned, row.overturned)
        .set(Column::Answers, row.answers)
        .set(Column::Late, row.late)
        .set(Column::Low, row.low)
        .set(Column::High, row.high)
        .set(Column::Words, row.words.clone())
        .set(Column::SuspectSince, row.suspect_since)
        .filter(Column::Id.eq(row.id))
        .exec()
        .await?;
    Ok(())
}

/// Notes the change that was drafted of evidence.
///
/// # Errors
/// When the database fails.
pub async fn drafted(tx: &TenantTx, evidence: &mut Evidence, change: Uuid) -> Result<(), Fault> {
    let row = &mut evidence.row;
    (row.change_request_id, row.drafted_at) = (Some(change), row.outcomes);
    tx.update::<evidence::Entity>()
        .set(evidence::Column::ChangeRequestId, row.change_request_id)
        .set(evidence::Column::DraftedAt, row.drafted_at)
        .filter(evidence::Column::Id.eq(row.id))
        .exec()
        .await?;
    Ok(())
}

/// All evidence of the tenant, by slug: at most what entries ever stated and outcomes came for.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &TenantTx) -> Result<Vec<Evidence>, Fault> {
    let rows = tx
        .find::<evidence::Entity>()
        .filter(Condition::all())
        .order_by(evidence::Column::Entry, Order::Asc)
        .all()
        .await?;
    Ok(rows.into_iter().map(Evidence::of).collect())
}
