//! What forecasts are made of, and what was forecast last.

use chrono::NaiveDate;
use ledger::adjudications::{ITEM_CLAIMED, ITEM_OPEN, ITEM_WAITING};
use ledger::reading::work_items::{WorkItemColumn as Column, WorkItems};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, FromQueryResult};
use uuid::Uuid;

use super::entity::forecast;

/// An item that is not done, as far as a forecast needs it.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Ahead {
    pub(crate) id: Uuid,
    pub(crate) owner_team: String,
    pub(crate) owner_function: String,
    pub(crate) due_on: NaiveDate,
    pub(crate) expected_cents: i64,
    pub(crate) effort_minutes: i64,
    pub(crate) state: String,
    pub(crate) fencing_number: i64,
    pub(crate) hold: Vec<u8>,
}

/// Every item of the tenant that is not done.
pub(crate) async fn ahead(tx: &TenantTx) -> Result<Vec<Ahead>, Fault> {
    let not_done = Column::State.is_in([ITEM_OPEN, ITEM_CLAIMED, ITEM_WAITING]);
    let columns = [
        Column::Id,
        Column::OwnerTeam,
        Column::OwnerFunction,
        Column::DueOn,
        Column::ExpectedCents,
        Column::EffortMinutes,
        Column::State,
        Column::FencingNumber,
        Column::Hold,
    ];
    Ok(tx.find::<WorkItems>().filter(not_done).columns(columns).await?)
}

/// Keeps what was forecast, in place of what was before.
pub(crate) async fn keep(tx: &TenantTx, forecasts: Vec<(String, Vec<u8>)>) -> Result<(), Fault> {
    tx.delete::<forecast::Entity>().filter(forecast::Column::Team.is_not_null()).exec().await?;
    let rows = forecasts.into_iter().map(|(team, encoded)| forecast::ActiveModel {
        tenant_id: Set(Uuid::nil()),
        team: Set(team),
        forecast: Set(encoded),
    });
    Ok(tx.insert_all(rows.collect()).await?)
}

/// What was forecast for a team last; of all together for no team.
pub(crate) async fn find(tx: &TenantTx, team: &str) -> Result<Option<Vec<u8>>, Fault> {
    let of = forecast::Column::Team.eq(team);
    let row = tx.find::<forecast::Entity>().filter(of).one().await?;
    Ok(row.map(|row| row.forecast))
}
