//! Rows of claim context, each query a function of the tenant's transaction.

use std::collections::BTreeMap;

use contracts::routing::v1 as pb;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use prost::Message;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};
use uuid::Uuid;

/// The payer and the control number of a claim, as the ledger compares it.
pub type Key = (Uuid, String);

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
pub(crate) mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "routing_claim_context")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub payer_id: Uuid,
        pub patient_control_number: String,
        /// A `overturn.routing.v1.ClaimContext` with its parts alone, in protobuf.
        pub parts: Vec<u8>,
        pub version: i64,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

pub(crate) use entity::Model as Row;
use entity::{Column, Entity};

/// What is known of a claim.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Which.
    pub id: Uuid,
    /// Raised by every change.
    pub version: i64,
    /// What it says.
    pub parts: pb::ClaimContext,
}

/// What a row says.
pub(crate) fn parts(row: &Row) -> Result<pb::ClaimContext, Fault> {
    pb::ClaimContext::decode(row.parts.as_slice())
        .map_err(|_| Fault::Broken("a claim context does not decode"))
}

/// What is known of these claims.
///
/// # Errors
/// When the database fails.
pub async fn by_claims(tx: &TenantTx, keys: &[Key]) -> Result<BTreeMap<Key, Stored>, Fault> {
    let mut found = BTreeMap::new();
    for some in keys.chunks(1_000) {
        let numbers = some.iter().map(|(_, number)| number.as_str());
        let these = Column::PatientControlNumber.is_in(numbers);
        for row in tx.find::<Entity>().filter(these).all().await? {
            let stored = Stored { id: row.id, version: row.version, parts: parts(&row)? };
            found.insert((row.payer_id, row.patient_control_number), stored);
        }
    }
    Ok(found)
}

/// What is known of one claim.
///
/// # Errors
/// When the database fails.
pub async fn of_claim(tx: &TenantTx, key: &Key) -> Result<Option<Stored>, Fault> {
    Ok(by_claims(tx, std::slice::from_ref(key)).await?.remove(key))
}

/// The payer and number of the context with this id.
///
/// # Errors
/// When the database fails.
pub async fn key_of(tx: &TenantTx, id: Uuid) -> Result<Option<Key>, Fault> {
    let row = tx.find::<Entity>().filter(Column::Id.eq(id)).one().await?;
    Ok(row.map(|row| (row.payer_id, row.patient_control_number)))
}

/// The row of a claim.
pub(crate) async fn find(tx: &TenantTx, key: &Key) -> Result<Option<Row>, Fault> {
    Ok(tx.find::<Entity>().filter(this(key)).one().await?)
}

fn this(key: &Key) -> sea_orm::sea_query::SimpleExpr {
    Column::PatientControlNumber.eq(key.1.as_str()).and(Column::PayerId.eq(key.0))
}

/// The row of a claim, kept from other writers until the transaction ends.
pub(crate) async fn locked(tx: &TenantTx, key: &Key) -> Result<Option<Row>, Fault> {
    Ok(tx.find::<Entity>().filter(this(key)).lock().one().await?)
}

/// Stores a new one; false when somebody was faster.
pub(crate) async fn insert(tx: &TenantTx, row: Row) -> Result<bool, Fault> {
    Ok(tx.insert_if_absent(row.into_active_model().reset_all()).await?)
}

/// Writes one over the version that was read.
pub(crate) async fn update(tx: &TenantTx, row: &Row, former: i64) -> Result<(), Fault> {
    let written = tx
        .update::<Entity>()
        .set(Column::Parts, row.parts.clone())
        .set(Column::Version, row.version)
        .set(Column::UpdatedAt, row.updated_at)
        .filter(Column::Id.eq(row.id).and(Column::Version.eq(former)))
        .exec()
        .await?;
    if written == 1 { Ok(()) } else { Err(Fault::Contended) }
}
