//! Rows of queues, of the timeline and of ends, each query a function of the tenant's transaction.

pub(crate) mod clarifications;
#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod entity;
pub(crate) mod forecasts;

mod ends;

use domain_work::queue::Queue;
use ledger::adjudications::ITEM_OPEN;
use ledger::reading::work_items::{WorkItem, WorkItemColumn, WorkItems};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::{Condition, ExprTrait, Order, Value};
use sea_orm::{ActiveModelTrait, ColumnTrait, FromQueryResult, IntoActiveModel};
use uuid::Uuid;

use entity::queue;

use crate::waiting::Alike;
pub(crate) use ends::{
    ApprovalRow, ResolutionRow, TouchRow, approval, approve, end, ended, ended_by_people, reopened,
    standing, touch, undone, use_approval,
};
pub(crate) use queue::Model as QueueRow;

/// The rules of a row.
pub(crate) fn rules(row: &QueueRow) -> Result<Queue, Fault> {
    serde_json::from_slice(&row.queue).map_err(|_| Fault::Broken("a queue does not read"))
}

/// Every queue of the tenant, by slug.
pub(crate) async fn all(tx: &TenantTx) -> Result<Vec<QueueRow>, Fault> {
    Ok(tx.find::<queue::Entity>().order_by(queue::Column::Slug, Order::Asc).all().await?)
}

/// Queues of a team, by slug.
pub(crate) async fn of_team(tx: &TenantTx, team: &str) -> Result<Vec<QueueRow>, Fault> {
    let these = tx.find::<queue::Entity>().filter(queue::Column::Team.eq(team));
    Ok(these.order_by(queue::Column::Slug, Order::Asc).all().await?)
}

/// The queue with this id or slug.
pub(crate) async fn named(tx: &TenantTx, name: &str) -> Result<QueueRow, Fault> {
    let this = match Uuid::try_parse(name) {
        Ok(id) => queue::Column::Id.eq(id),
        Err(_) => queue::Column::Slug.eq(name),
    };
    tx.find::<queue::Entity>().filter(this).one().await?.ok_or(Fault::NotFound)
}

/// Stores a new one; false when its slug is in use.
pub(crate) async fn insert(tx: &TenantTx, row: QueueRow) -> Result<bool, Fault> {
    Ok(tx.insert_if_absent(row.into_active_model().reset_all()).await?)
}

/// Writes one over the version that was read; whether it was this call.
pub(crate) async fn update(tx: &TenantTx, row: &QueueRow, former: i64) -> Result<bool, Fault> {
    let written = tx
        .update::<queue::Entity>()
        .set(queue::Column::DisplayName, row.display_name.clone())
        .set(queue::Column::Team, row.team.clone())
        .set(queue::Column::Queue, row.queue.clone())
        .set(queue::Column::Version, row.version)
        .set(queue::Column::UpdatedAt, row.updated_at)
        .filter(queue::Column::Id.eq(row.id).and(queue::Column::Version.eq(former)))
        .exec()
        .await?;
    Ok(written == 1)
}

/// Open items of a queue, the most urgent first, after the item `after`: what its scope takes and
/// no scope of `before_it` does.
pub(crate) async fn open_in(
    tx: &TenantTx,
    queue: &Queue,
    before_it: &[&Queue],
    after: Option<&WorkItem>,
    limit: u64,
) -> Result<Vec<WorkItem>, Fault> {
    let order = [(WorkItemColumn::Priority, Order::Desc), (WorkItemColumn::Id, Order::Asc)];
    let after = after.map(|item| -> [Value; 2] { [item.priority.into(), item.id.into()] });
    let open = taken_by(queue).add(WorkItemColumn::State.eq(ITEM_OPEN));
    let theirs = before_it.iter().map(|queue| taken_by(queue).not());
    Ok(tx
        .find::<WorkItems>()
        .filter(theirs.fold(open, Condition::add))
        .keyset(&order, after.as_ref().map(<[Value; 2]>::as_slice))
        .limit(limit)
        .all()
        .await?)
}

/// Ids and money of the items that a filter wants, by id, at most `limit`.
pub(crate) async fn fitting(
    tx: &TenantTx,
    wanted: Condition,
    limit: usize,
) -> Result<Vec<(Uuid, i64)>, Fault> {
    let found = tx.find::<WorkItems>().filter(wanted).order_by(WorkItemColumn::Id, Order::Asc);
    let rows: Vec<Fitting> = found
        .limit(u64::try_from(limit).unwrap_or(u64::MAX))
        .columns([WorkItemColumn::Id, WorkItemColumn::AtStakeCents])
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.at_stake_cents)).collect())
}

#[derive(FromQueryResult)]
struct Fitting {
    id: Uuid,
    at_stake_cents: i64,
}

/// The items with these ids.
pub(crate) async fn items(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<WorkItem>, Fault> {
    let these = WorkItemColumn::Id.is_in(ids.iter().copied());
    let these = tx.find::<WorkItems>().filter(these);
    Ok(these.order_by(WorkItemColumn::Id, Order::Asc).all().await?)
}

/// What a queue's scope takes, as `domain_work::queue::Scope::admits` says it.
fn taken_by(queue: &Queue) -> Condition {
    let scope = &queue.scope;
    let mut narrow = Condition::all().add(WorkItemColumn::OwnerTeam.eq(scope.team.as_str()));
    if !scope.payers.is_any() {
        narrow = narrow.add(WorkItemColumn::PayerId.is_in(scope.payers.values().iter().copied()));
    }
    if !scope.facilities.is_any() {
        let facilities = scope.facilities.values().iter().copied();
        narrow = narrow.add(WorkItemColumn::FacilityId.is_in(facilities));
    }
    if !scope.kinds.is_any() {
        let kinds = scope.kinds.values().iter().map(|kind| kind.as_str());
        narrow = narrow.add(WorkItemColumn::Kind.is_in(kinds));
    }
    if let Some(skill) = &scope.skill {
        let names = [WorkItemColumn::OwnerFunction, WorkItemColumn::NextAction];
        let any = names.into_iter().chain([WorkItemColumn::Category]);
        let any = any.map(|column| column.eq(skill.as_str()));
        narrow = narrow.add(any.fold(Condition::any(), Condition::add));
    }
    narrow
}

/// Open items of these teams, counted by what queues tell apart.
pub(crate) async fn open_alike(tx: &TenantTx, teams: Vec<String>) -> Result<Vec<Alike>, Fault> {
    use WorkItemColumn as Column;
    let by = [
        Column::OwnerTeam,
        Column::PayerId,
        Column::FacilityId,
        Column::Kind,
        Column::OwnerFunction,
        Column::NextAction,
        Column::Category,
    ];
    let open = Column::State.eq(ITEM_OPEN).and(Column::OwnerTeam.is_in(teams));
    Ok(tx.find::<WorkItems>().filter(open).totals(&by, Column::AtStakeCents, Column::DueOn).await?)
}
