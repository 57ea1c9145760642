//! Who holds an item, in its row.

use domain_work::UserId;
use domain_work::hold::{Hold, State};
use platform::rejection::Fault;
use platform::tenant_tx::{Find, TenantTx};
use sea_orm::ActiveValue::Set;
use sea_orm::ColumnTrait;
use sea_orm::prelude::Date;
use sea_orm::sea_query::{ExprTrait, Order};
use uuid::Uuid;

use crate::adjudications::{ITEM_CLAIMED, ITEM_OPEN, ITEM_RESOLVED, ITEM_SUPERSEDED, ITEM_WAITING};
use crate::document::to_json;
use crate::entity::work_item::{ActiveModel, Column, Entity, Model};
use crate::put::put;

/// The day that stands for no day in a column that sorts.
pub const NEVER: Date = Date::from_ymd_opt(9999, 12, 31).expect("it exists");

/// A day of a column that sorts; [`NEVER`] stands for none.
#[must_use]
pub fn known_day(day: Date) -> Option<Date> {
    (day != NEVER).then_some(day)
}

/// How an item is held. What a remittance or a revision ended stands in the state alone.
///
/// # Errors
/// When the row does not read.
pub fn hold(row: &Model) -> Result<Hold, Fault> {
    read(&row.state, &row.hold, row.fencing_number)
}

/// As [`hold`], from the columns of a row.
///
/// # Errors
/// When they do not read.
pub fn read(state: &str, hold: &[u8], fencing_number: i64) -> Result<Hold, Fault> {
    let state = match state {
        ITEM_RESOLVED => State::Resolved,
        ITEM_SUPERSEDED => State::Superseded,
        _ if hold.is_empty() => State::Open(None),
        _ => serde_json::from_slice(hold)
            .map_err(|_| Fault::Broken("how an item is held does not read"))?,
    };
    Ok(Hold { state, fencing_number })
}

/// The row with another hold.
#[must_use]
pub fn with(row: Model, hold: &Hold) -> Model {
    let holder = match hold.state {
        State::Claimed(lease) => lease.holder.to_string(),
        State::Open(_) | State::Waiting(_) | State::Resolved | State::Superseded => String::new(),
    };
    let look_on = match hold.state {
        // Time does nothing to what is done.
        State::Resolved | State::Superseded => NEVER,
        // Open again, it is looked at anew.
        State::Open(_) | State::Claimed(_) | State::Waiting(_) if row.look_on == NEVER => {
            row.created_at.date_naive()
        }
        State::Open(_) | State::Claimed(_) | State::Waiting(_) => row.look_on,
    };
    Model {
        look_on,
        state: hold.state.name().as_str().to_owned(),
        holder,
        fencing_number: hold.fencing_number,
        hold: to_json(&hold.state),
        ..row
    }
}

/// The item with this id, kept from other writers until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn locked(tx: &TenantTx, id: Uuid) -> Result<Option<Model>, Fault> {
    Ok(tx.find::<Entity>().filter(Column::Id.eq(id)).lock().one().await?)
}

/// The items with these ids, by id, kept from other writers until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn locked_all(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<Model>, Fault> {
    let mut rows = Vec::with_capacity(ids.len());
    for some in ids.chunks(1_000) {
        let these = tx.find::<Entity>().filter(Column::Id.is_in(some.iter().copied()));
        rows.append(&mut these.order_by(Column::Id, Order::Asc).lock().all().await?);
    }
    Ok(rows)
}

/// As [`locked`]; `None` as well where somebody else writes it at this moment.
///
/// # Errors
/// When the database fails.
pub async fn locked_at_once(tx: &TenantTx, id: Uuid) -> Result<Option<Model>, Fault> {
    Ok(tx.find::<Entity>().filter(Column::Id.eq(id)).lock_skipping().one().await?)
}

/// What is not done of these cases, by id.
///
/// # Errors
/// When the database fails.
pub async fn undone(tx: &TenantTx, cases: &[Uuid]) -> Result<Vec<Model>, Fault> {
    Ok(of_cases(tx, cases).all().await?)
}

/// As [`undone`], kept from other writers until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn locked_undone(tx: &TenantTx, cases: &[Uuid]) -> Result<Vec<Model>, Fault> {
    Ok(of_cases(tx, cases).lock().all().await?)
}

fn of_cases<'tx>(tx: &'tx TenantTx, cases: &[Uuid]) -> Find<'tx, Entity> {
    let undone = Column::State.is_in([ITEM_OPEN, ITEM_CLAIMED, ITEM_WAITING]);
    let these = Column::CaseId.is_in(cases.iter().copied()).and(undone);
    tx.find::<Entity>().filter(these).order_by(Column::Id, Order::Asc)
}

/// The open items of a case, kept from other writers until the transaction ends; by id, so that
/// two who take cases wait for one another and not in a circle.
///
/// # Errors
/// When the database fails.
pub async fn locked_case(tx: &TenantTx, case: Uuid, limit: u64) -> Result<Vec<Model>, Fault> {
    let open = Column::CaseId.eq(case).and(Column::State.eq(ITEM_OPEN));
    let items = tx.find::<Entity>().filter(open).order_by(Column::Id, Order::Asc);
    Ok(items.limit(limit).lock().all().await?)
}

/// Writes who holds an item, its team, its rank and its document, over the version that was read;
/// answers the row as it stands then. A change that nobody needs to see leaves the version.
///
/// # Errors
/// [`Fault::Contended`] when somebody was faster, or when the database fails.
pub async fn write(tx: &TenantTx, row: Model, seen: bool) -> Result<Model, Fault> {
    let former = row.version;
    let now = if seen { tx.clock().now() } else { row.updated_at };
    let row = Model { version: former + i64::from(seen), updated_at: now, ..row };
    let written = tx
        .update::<Entity>()
        .set(Column::State, row.state.clone())
        .set(Column::Holder, row.holder.clone())
        .set(Column::FencingNumber, row.fencing_number)
        .set(Column::Hold, row.hold.clone())
        .set(Column::LookOn, row.look_on)
        .set(Column::OwnerTeam, row.owner_team.clone())
        .set(Column::AtStakeCents, row.at_stake_cents)
        .set(Column::ExpectedCents, row.expected_cents)
        .set(Column::Priority, row.priority)
        .set(Column::NextBandOn, row.next_band_on)
        .set(Column::EffortMinutes, row.effort_minutes)
        .set(Column::EvidenceMissing, row.evidence_missing)
        .set(Column::Document, row.document.clone())
        .set(Column::Version, row.version)
        .set(Column::UpdatedAt, row.updated_at)
        .filter(Column::Id.eq(row.id).and(Column::Version.eq(former)))
        .exec()
        .await?;
    if written == 1 { Ok(row) } else { Err(Fault::Contended) }
}

/// As [`write()`], of many items that the transaction holds, with a change that everybody sees.
/// What is over keeps its rank and its document, so that a database need not write it again.
///
/// # Errors
/// When the database fails.
pub async fn write_all(tx: &TenantTx, rows: Vec<Model>) -> Result<(), Fault> {
    let now = tx.clock().now();
    let held = [
        Column::State,
        Column::Holder,
        Column::FencingNumber,
        Column::Hold,
        Column::LookOn,
        Column::Version,
        Column::UpdatedAt,
    ];
    let ranked = [
        Column::OwnerTeam,
        Column::AtStakeCents,
        Column::ExpectedCents,
        Column::Priority,
        Column::NextBandOn,
        Column::EffortMinutes,
        Column::EvidenceMissing,
        Column::Document,
    ];
    let (mut over, mut others) = (Vec::new(), Vec::new());
    for row in rows {
        let row = Model { version: row.version + 1, updated_at: now, ..row };
        if row.state == ITEM_RESOLVED {
            over.push(ActiveModel {
                id: Set(row.id),
                state: Set(row.state),
                holder: Set(row.holder),
                fencing_number: Set(row.fencing_number),
                hold: Set(row.hold),
                look_on: Set(row.look_on),
                version: Set(row.version),
                updated_at: Set(row.updated_at),
                ..Default::default()
            });
        } else {
            others.push(crate::set::<ActiveModel>(row));
        }
    }
    put(tx, over, &held).await?;
    put(tx, others, &[held.as_slice(), ranked.as_slice()].concat()).await
}

/// A person's id, as the token names it; `None` for whoever is no person.
#[must_use]
pub fn person(actor: &str) -> Option<UserId> {
    actor.parse().ok().map(UserId)
}
