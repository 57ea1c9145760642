use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "routing_transaction")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub file_id: Uuid,
    pub ordinal: i64,
    pub canonical_sha256: String,
    pub trace: String,
    pub payer_id: Uuid,
    pub payer_slug: String,
    pub payer_name: String,
    pub paid_cents: i64,
    pub remit_on: Date,
    pub claims: i64,
    /// Claim parts in the ledger: the guard that makes each post once.
    pub posted_parts: i64,
    pub denials: i64,
    pub exceptions: i64,
    pub work_items: i64,
    /// `OPEN` until every part is in the ledger, then `POSTED`.
    pub state: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
platform::tenant_owned!();
