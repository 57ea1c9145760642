//! Batches: what was asked for, and what became of it.

use domain::deadline::Path;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Claims that could not be appealed and are kept by name; all of them are counted.
const REFUSED_MAX: usize = 1_000;

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod batch {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "appeals_batch")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// May hold patient data.
        pub filter: String,
        /// Empty where each claim's first open level was asked for.
        pub path: String,
        pub opened: i64,
        pub refused: i64,
        /// A list of [`super::RefusedClaim`] as JSON.
        pub document: Vec<u8>,
        pub created_by: String,
        pub created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

pub(crate) use batch::Model as Batch;
use batch::{Column, Entity};

/// A claim that could not be appealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefusedClaim {
    /// The first of its denials.
    pub(crate) denial: Uuid,
    /// A word of `overturn.appeals.v1.Reason`.
    pub(crate) reason: String,
    pub(crate) words: String,
}

impl Batch {
    /// One of which nothing is opened yet.
    pub(crate) fn new(id: Uuid, filter: &str, level: Option<Path>, tx: &TenantTx) -> Self {
        Self {
            tenant_id: Uuid::nil(),
            id,
            filter: filter.to_owned(),
            path: level.map(|level| level.as_str().to_owned()).unwrap_or_default(),
            opened: 0,
            refused: 0,
            document: b"[]".to_vec(),
            created_by: tx.caller().actor().to_owned(),
            created_at: tx.clock().now(),
        }
    }

    /// What could not be appealed, the first thousand.
    pub(crate) fn refusals(&self) -> Result<Vec<RefusedClaim>, Fault> {
        serde_json::from_slice(&self.document)
            .map_err(|_| Fault::Broken("what a batch could not open does not read"))
    }
}

/// Keeps a batch.
pub(crate) async fn keep_batch(tx: &TenantTx, batch: Batch) -> Result<Batch, Fault> {
    Ok(tx.insert(batch.into_active_model().reset_all()).await?)
}

/// The batch with this id.
pub(crate) async fn batch(tx: &TenantTx, id: Uuid) -> Result<Option<Batch>, Fault> {
    Ok(tx.find::<Entity>().filter(Column::Id.eq(id)).one().await?)
}

/// Adds what a chunk came to.
pub(crate) async fn add_to_batch(
    tx: &TenantTx,
    id: Uuid,
    opened: i64,
    refused: Vec<RefusedClaim>,
) -> Result<(), Fault> {
    let held = tx.find::<Entity>().filter(Column::Id.eq(id)).lock().one().await?;
    let held = held.ok_or(Fault::Broken("a batch is not there"))?;
    let count = i64::try_from(refused.len()).unwrap_or(i64::MAX);
    let mut named = held.refusals()?;
    named.extend(refused);
    named.truncate(REFUSED_MAX);
    let document = serde_json::to_vec(&named).expect("plain values have a JSON form");
    tx.update::<Entity>()
        .set(Column::Opened, held.opened + opened)
        .set(Column::Refused, held.refused + count)
        .set(Column::Document, document)
        .filter(Column::Id.eq(id))
        .exec()
        .await?;
    Ok(())
}
