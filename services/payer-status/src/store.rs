//! Rows of statuses and of the claims that were heard of, each query a function of the tenant's
//! transaction.

use chrono::DateTime;
use domain_work::payer_status::Outcome;
use ledger::adjudications::{ITEM_CLAIMED, ITEM_OPEN, ITEM_WAITING};
use ledger::entity::work_item;
use ledger::reading::work_items::{WorkItem, WorkItemColumn, WorkItems};
use ledger::set;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::{Condition, ExprTrait, Order, Value};
use sea_orm::{ActiveModelTrait, ColumnTrait, FromQueryResult, IntoActiveModel};
use uuid::Uuid;

/// Items of one claim that a status reaches: more is no claim.
const ITEMS: u64 = 500;

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
pub(crate) mod status {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "routing_payer_status")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Nil while no remittance has named the claim.
        pub case_id: Uuid,
        pub payer_id: Uuid,
        pub patient_control_number: String,
        pub payer_claim_number: String,
        pub source: String,
        pub category_code: String,
        pub status_code: String,
        pub entity_code: String,
        pub outcome: String,
        pub note: String,
        pub stated_at: DateTimeUtc,
        pub created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
pub(crate) mod heard {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "routing_heard_claim")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub payer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub patient_control_number: String,
        /// When the last status was stated; 1970-01-01 before the first.
        pub stated_at: DateTimeUtc,
        /// What it means; empty before the first.
        pub outcome: String,
        pub rejection_item: Option<Uuid>,
        pub status_item: Option<Uuid>,
        pub meaning_item: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

pub(crate) use heard::Model as Heard;
pub(crate) use status::{Column as StatusColumn, Model as Status};

impl Heard {
    /// What was opened for the claim.
    pub(crate) fn items(&self) -> Vec<Uuid> {
        let own = [self.rejection_item, self.status_item, self.meaning_item];
        own.into_iter().flatten().collect()
    }
}

/// Keeps a status.
pub(crate) async fn keep(tx: &TenantTx, row: Status) -> Result<(), Fault> {
    tx.insert(row.into_active_model().reset_all()).await?;
    Ok(())
}

/// Statuses that a filter wants, the newest first, before the one named `before`.
pub(crate) async fn list(
    tx: &TenantTx,
    wanted: Condition,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Status>, Fault> {
    let before: Option<[Value; 1]> = before.map(|id| [id.into()]);
    Ok(tx
        .find::<status::Entity>()
        .filter(wanted)
        .keyset(&[(StatusColumn::Id, Order::Desc)], before.as_ref().map(<[Value; 1]>::as_slice))
        .limit(limit)
        .all()
        .await?)
}

#[derive(FromQueryResult)]
struct Recorded {
    created_at: DateTime<chrono::Utc>,
}

/// When the last status of a claim was recorded whose meaning is known; a status may name its case
/// by the payer's number alone.
pub(crate) async fn last_recorded(
    tx: &TenantTx,
    (payer, number): (Uuid, &str),
    case: Option<Uuid>,
) -> Result<Option<DateTime<chrono::Utc>>, Fault> {
    let this = StatusColumn::PatientControlNumber.eq(number).and(StatusColumn::PayerId.eq(payer));
    let mut of_claim = Condition::any().add(this);
    if let Some(case) = case {
        of_claim = of_claim.add(StatusColumn::CaseId.eq(case));
    }
    let known = StatusColumn::Outcome.ne(Outcome::Unknown.as_str());
    let these = tx.find::<status::Entity>().filter(Condition::all().add(of_claim).add(known));
    let newest = these.order_by(StatusColumn::Id, Order::Desc).limit(1);
    let rows: Vec<Recorded> = newest.columns([StatusColumn::CreatedAt]).await?;
    Ok(rows.first().map(|row| row.created_at))
}

/// What was heard of a claim, kept from whoever else hears of it until the transaction ends.
pub(crate) async fn heard(tx: &TenantTx, payer: Uuid, number: &str) -> Result<Heard, Fault> {
    let first = Heard {
        tenant_id: Uuid::nil(),
        payer_id: payer,
        patient_control_number: number.to_owned(),
        stated_at: DateTime::UNIX_EPOCH,
        outcome: String::new(),
        rejection_item: None,
        status_item: None,
        meaning_item: None,
    };
    tx.insert_if_absent(set::<heard::ActiveModel>(first).reset_all()).await?;
    let this = tx.find::<heard::Entity>().filter(of(payer, number)).lock();
    this.one().await?.ok_or(Fault::Contended)
}

fn of(payer: Uuid, number: &str) -> sea_orm::sea_query::SimpleExpr {
    heard::Column::PatientControlNumber.eq(number).and(heard::Column::PayerId.eq(payer))
}

/// What was heard of those of a payer's claims that something was opened for, kept from whoever
/// else hears of them until the transaction ends.
pub(crate) async fn opened_for(
    tx: &TenantTx,
    payer: Uuid,
    numbers: &[&str],
) -> Result<Vec<Heard>, Fault> {
    use heard::Column;
    let these = Column::PayerId.eq(payer);
    let these = these.and(Column::PatientControlNumber.is_in(numbers.iter().copied()));
    let opened = Condition::any()
        .add(Column::RejectionItem.is_not_null())
        .add(Column::StatusItem.is_not_null())
        .add(Column::MeaningItem.is_not_null());
    Ok(tx
        .find::<heard::Entity>()
        .filter(Condition::all().add(these).add(opened))
        .order_by(Column::PatientControlNumber, Order::Asc)
        .lock()
        .all()
        .await?)
}

/// Puts items that have no case into this one.
pub(crate) async fn belong(tx: &TenantTx, items: &[Uuid], case: Uuid) -> Result<(), Fault> {
    let strays = WorkItemColumn::Id.is_in(items.iter().copied());
    tx.update::<WorkItems>()
        .set(WorkItemColumn::CaseId, case)
        .filter(strays.and(WorkItemColumn::CaseId.eq(Uuid::nil())))
        .exec()
        .await?;
    Ok(())
}

/// Writes what was heard; the row is held.
pub(crate) async fn write(tx: &TenantTx, row: &Heard) -> Result<(), Fault> {
    use heard::Column;
    tx.update::<heard::Entity>()
        .set(Column::StatedAt, row.stated_at)
        .set(Column::Outcome, row.outcome.clone())
        .set(Column::RejectionItem, row.rejection_item)
        .set(Column::StatusItem, row.status_item)
        .set(Column::MeaningItem, row.meaning_item)
        .filter(of(row.payer_id, &row.patient_control_number))
        .exec()
        .await?;
    Ok(())
}

/// What is not done of a claim: the items of its case, and those that were opened for it before it
/// had one; kept from other writers until the transaction ends.
pub(crate) async fn work(
    tx: &TenantTx,
    case: Option<Uuid>,
    heard: &Heard,
) -> Result<Vec<WorkItem>, Fault> {
    let own = heard.items();
    if case.is_none() && own.is_empty() {
        return Ok(Vec::new());
    }
    let mut of_claim = Condition::any().add(WorkItemColumn::Id.is_in(own));
    if let Some(case) = case {
        of_claim = of_claim.add(WorkItemColumn::CaseId.eq(case));
    }
    let not_done = WorkItemColumn::State.is_in([ITEM_OPEN, ITEM_CLAIMED, ITEM_WAITING]);
    let items = tx.find::<WorkItems>().filter(Condition::all().add(of_claim).add(not_done));
    // By id, as everybody locks several.
    Ok(items.order_by(WorkItemColumn::Id, Order::Asc).limit(ITEMS).lock().all().await?)
}

/// Opens an item.
pub(crate) async fn open(tx: &TenantTx, row: WorkItem) -> Result<(), Fault> {
    Ok(tx.insert_all(vec![set::<work_item::ActiveModel>(row)]).await?)
}

/// Items that wait and that nobody has changed since `at`, by id, after the item `after`.
pub(crate) async fn waiting_since(
    tx: &TenantTx,
    at: DateTime<chrono::Utc>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<WorkItem>, Fault> {
    let after: Option<[Value; 1]> = after.map(|id| [id.into()]);
    let waiting = WorkItemColumn::State.eq(ITEM_WAITING).and(WorkItemColumn::UpdatedAt.lte(at));
    Ok(tx
        .find::<WorkItems>()
        .filter(waiting)
        .keyset(&[(WorkItemColumn::Id, Order::Asc)], after.as_ref().map(<[Value; 1]>::as_slice))
        .limit(limit)
        .all()
        .await?)
}
