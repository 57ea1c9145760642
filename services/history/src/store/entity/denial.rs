use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "routing_denial_signature")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub denial_id: Uuid,
    pub signature: Uuid,
    /// The remittance's: notice and request are of that day.
    pub remit_on: Date,
    pub denied_cents: i64,
    /// The date of service that entries are asked for: the line's, else the claim's.
    pub service_on: Option<Date>,
    /// The date of service from which clocks run.
    pub claim_service_on: Option<Date>,
    /// When the payer had the claim.
    pub payer_received_on: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
platform::tenant_owned!();
