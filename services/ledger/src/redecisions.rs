//! Redecisions: which revision open work was brought under, and how that went.

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::Order;
use sea_orm::{ColumnTrait, DbErr};
use uuid::Uuid;

use crate::document::{Tally, to_json};
pub use crate::entity::redecision::Model as Redecision;
use crate::entity::redecision::{ActiveModel, Column, Entity};

/// The job, whose id is the redecision's.
pub const KIND: &str = "routing.redecide_work_items";

/// The one with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &TenantTx, id: Uuid) -> Result<Option<Redecision>, DbErr> {
    tx.find::<Entity>().filter(Column::Id.eq(id)).one().await
}

/// The newest one.
///
/// # Errors
/// When the database fails.
pub async fn latest(tx: &TenantTx) -> Result<Option<Redecision>, DbErr> {
    tx.find::<Entity>().order_by(Column::Round, Order::Desc).limit(1).one().await
}

/// Keeps a new one.
///
/// # Errors
/// [`Fault::Contended`] when another one took its place, or when the database fails.
pub async fn open(tx: &TenantTx, row: Redecision) -> Result<(), Fault> {
    tx.insert_all(vec![crate::set::<ActiveModel>(row)]).await.map_err(crate::contended)
}

/// Writes how it goes.
///
/// # Errors
/// When the database fails.
pub async fn count(tx: &TenantTx, id: Uuid, tally: &Tally) -> Result<(), DbErr> {
    let update = tx.update::<Entity>().set(Column::Tally, to_json(tally));
    update.filter(Column::Id.eq(id)).exec().await.map(drop)
}

/// How it goes.
///
/// # Errors
/// When what is stored does not decode.
pub fn tally(row: &Redecision) -> Result<Tally, Fault> {
    serde_json::from_slice(&row.tally)
        .map_err(|_| Fault::Broken("the tally of a redecision does not decode"))
}
