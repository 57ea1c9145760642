//! Rows of rules, each query a function of the tenant's transaction.

use chrono::NaiveDate;
use ledger::adjudications::ITEM_OPEN;
use ledger::reading::work_items::{WorkItem, WorkItemColumn, WorkItems};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Value};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};
use uuid::Uuid;

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
pub(crate) mod rule {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "routing_automation_rule")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub title: String,
        pub action: String,
        pub filter: String,
        pub mode: String,
        pub ceiling_cents: i64,
        pub daily_ceiling_cents: i64,
        pub write_off_code: String,
        pub acted_count: i64,
        /// Raised by every change of what it does.
        pub edition: i64,
        /// The edition that has passed over all items in dry run; 0 before any has.
        pub rehearsed_edition: i64,
        pub rehearsed_count: i64,
        /// Items that its last whole pass could not read.
        pub skipped_count: i64,
        pub revision: String,
        pub activated_at: DateTimeUtc,
        pub time_zone: String,
        pub version: i64,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod day {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "routing_automation_day")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub rule_id: Uuid,
        /// Of a dry run the edition that told; 0 of acts.
        #[sea_orm(primary_key, auto_increment = false)]
        pub edition: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub on_day: Date,
        pub cents: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod told {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "routing_automation_told")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub rule_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub edition: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub work_item_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

pub(crate) use rule::Model as RuleRow;
use rule::{Column, Entity};

/// Every rule of the tenant.
pub(crate) async fn all(tx: &TenantTx) -> Result<Vec<RuleRow>, Fault> {
    Ok(tx.find::<Entity>().order_by(Column::Id, Order::Asc).all().await?)
}

/// The rule with this id, kept from other writers until the transaction ends.
pub(crate) async fn locked(tx: &TenantTx, id: Uuid) -> Result<Option<RuleRow>, Fault> {
    Ok(tx.find::<Entity>().filter(Column::Id.eq(id)).lock().one().await?)
}

/// Stores a new one.
pub(crate) async fn insert(tx: &TenantTx, row: RuleRow) -> Result<RuleRow, Fault> {
    Ok(tx.insert(row.into_active_model().reset_all()).await?)
}

/// Writes what a caller says, over the version that was read.
pub(crate) async fn update(tx: &TenantTx, row: &RuleRow, former: i64) -> Result<bool, Fault> {
    let written = tx
        .update::<Entity>()
        .set(Column::Title, row.title.clone())
        .set(Column::Action, row.action.clone())
        .set(Column::Filter, row.filter.clone())
        .set(Column::Mode, row.mode.clone())
        .set(Column::CeilingCents, row.ceiling_cents)
        .set(Column::DailyCeilingCents, row.daily_ceiling_cents)
        .set(Column::WriteOffCode, row.write_off_code.clone())
        .set(Column::Edition, row.edition)
        .set(Column::RehearsedCount, row.rehearsed_count)
        .set(Column::Revision, row.revision.clone())
        .set(Column::ActivatedAt, row.activated_at)
        .set(Column::TimeZone, row.time_zone.clone())
        .set(Column::Version, row.version)
        .set(Column::UpdatedAt, row.updated_at)
        .filter(Column::Id.eq(row.id).and(Column::Version.eq(former)))
        .exec()
        .await?;
    Ok(written == 1)
}

/// Adds to what a rule did, and to its day; `edition` is 0 for acts.
pub(crate) async fn count(
    tx: &TenantTx,
    rule: Uuid,
    edition: i64,
    on_day: NaiveDate,
    (acts, cents): (i64, i64),
) -> Result<(), Fault> {
    let column = if edition == 0 { Column::ActedCount } else { Column::RehearsedCount };
    let counted = tx.update::<Entity>().set(column, Expr::col(column).add(acts));
    counted.filter(Column::Id.eq(rule)).exec().await?;
    let row = day::Model { tenant_id: Uuid::nil(), rule_id: rule, edition, on_day, cents };
    let row: day::ActiveModel = ledger::set(row);
    Ok(tx.add_all(vec![row], &[day::Column::Cents]).await?)
}

/// Notes how many items a whole pass could not read.
pub(crate) async fn skipped(tx: &TenantTx, rule: Uuid, items: i64) -> Result<(), Fault> {
    tx.update::<Entity>()
        .set(Column::SkippedCount, items)
        .filter(Column::Id.eq(rule))
        .exec()
        .await?;
    Ok(())
}

/// Notes that an edition has passed over all items in dry run.
pub(crate) async fn rehearsed(tx: &TenantTx, rule: Uuid, edition: i64) -> Result<(), Fault> {
    tx.update::<Entity>()
        .set(Column::RehearsedEdition, edition)
        .filter(Column::Id.eq(rule))
        .exec()
        .await?;
    Ok(())
}

/// What a rule has spent on a day; `edition` is 0 for acts.
pub(crate) async fn spent(
    tx: &TenantTx,
    rule: Uuid,
    edition: i64,
    on_day: NaiveDate,
) -> Result<i64, Fault> {
    let this = day::Column::RuleId.eq(rule).and(day::Column::Edition.eq(edition));
    let this = this.and(day::Column::OnDay.eq(on_day));
    let row = tx.find::<day::Entity>().filter(this).one().await?;
    Ok(row.map_or(0, |row| row.cents))
}

/// Notes that an edition told of an item; false when it had.
pub(crate) async fn tell(
    tx: &TenantTx,
    rule: Uuid,
    edition: i64,
    item: Uuid,
) -> Result<bool, Fault> {
    let row = told::Model { tenant_id: Uuid::nil(), rule_id: rule, edition, work_item_id: item };
    Ok(tx.insert_if_absent(row.into_active_model().reset_all()).await?)
}

/// What a rule may look at: open items that nobody has touched, with its next action.
fn candidates(wanted: Condition, action: &str) -> Condition {
    wanted
        .add(WorkItemColumn::State.eq(ITEM_OPEN))
        .add(WorkItemColumn::Hold.eq(Vec::<u8>::new()))
        .add(WorkItemColumn::NextAction.eq(action))
}

/// The first of them after the item `after`: the most urgent first, of equals the oldest.
pub(crate) async fn page(
    tx: &TenantTx,
    (wanted, action): (Condition, &str),
    after: Option<&WorkItem>,
    limit: u64,
) -> Result<Vec<WorkItem>, Fault> {
    let order = [(WorkItemColumn::Priority, Order::Desc), (WorkItemColumn::Id, Order::Asc)];
    let after = after.map(|item| -> [Value; 2] { [item.priority.into(), item.id.into()] });
    Ok(tx
        .find::<WorkItems>()
        .filter(candidates(wanted, action))
        .keyset(&order, after.as_ref().map(<[Value; 2]>::as_slice))
        .limit(limit)
        .all()
        .await?)
}

/// One of them, kept from other writers until the transaction ends; `None` where it is none any
/// more, or somebody else writes it at this moment.
pub(crate) async fn candidate(
    tx: &TenantTx,
    (wanted, action): (Condition, &str),
    id: Uuid,
) -> Result<Option<WorkItem>, Fault> {
    let this = candidates(wanted, action).add(WorkItemColumn::Id.eq(id));
    Ok(tx.find::<WorkItems>().filter(this).lock_skipping().one().await?)
}
