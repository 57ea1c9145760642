//! Calls between physicians.

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::Order;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};
use uuid::Uuid;

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod peer_to_peer {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "appeals_peer_to_peer")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub case_id: Uuid,
        pub held_on: Date,
        pub outcome: String,
        /// Patient data.
        pub note: String,
        /// The last day for such a call, where a rule has one.
        pub last_day: Option<Date>,
        /// Its rule; empty where none has one.
        pub rule: String,
        pub days_late: i64,
        pub recorded_by: String,
        pub created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

pub(crate) use peer_to_peer::Model as PeerToPeer;
use peer_to_peer::{Column, Entity};

/// Keeps a call.
pub(crate) async fn keep_peer_to_peer(tx: &TenantTx, row: PeerToPeer) -> Result<PeerToPeer, Fault> {
    Ok(tx.insert(row.into_active_model().reset_all()).await?)
}

/// The calls about a claim after one of them, the first one first.
pub(crate) async fn peer_to_peers(
    tx: &TenantTx,
    case: Uuid,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<PeerToPeer>, Fault> {
    let after = Column::Id.gt(after.unwrap_or_default());
    let rows = tx.find::<Entity>().filter(Column::CaseId.eq(case)).filter(after);
    Ok(rows.order_by(Column::Id, Order::Asc).limit(limit).all().await?)
}
