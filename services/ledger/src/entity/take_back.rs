use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "routing_take_back")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub file_id: Uuid,
    pub transaction_id: Uuid,
    /// Place among the pairs of the transaction, from 0.
    pub ordinal: i64,
    pub byte_offset: i64,
    /// PLB03-1: `WO` or `FB`.
    pub reason: String,
    /// The first word of PLB03-2; a member's number that follows it stays in the original.
    pub claim_number: String,
    /// PLB04: what it lowers the payment by.
    pub amount_cents: i64,
    /// Nil when no payer matched.
    pub payer_id: Uuid,
    pub payer_key: String,
    pub payer_name: String,
    /// TRN02 of the remittance.
    pub trace: String,
    pub remit_on: Date,
    /// Nil while no case is found.
    pub case_id: Uuid,
    /// A word of `take_backs`.
    pub state: String,
    pub posted_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
platform::tenant_owned!();
