use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "routing_claim")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    pub file_id: Uuid,
    pub transaction_id: Uuid,
    /// Place among the claims of the file, from 0.
    pub ordinal: i64,
    pub byte_offset: i64,
    pub patient_control_number: String,
    pub payer_claim_number: String,
    /// Nil when no payer matched.
    pub payer_id: Uuid,
    pub payer_slug: String,
    pub payer_name: String,
    /// Nil when no facility matched.
    pub facility_id: Uuid,
    pub facility_slug: String,
    pub facility_name: String,
    pub line_of_business: String,
    pub claim_type: String,
    pub status: String,
    pub reversal: bool,
    pub charge_cents: i64,
    pub paid_cents: i64,
    pub patient_cents: i64,
    pub denied_cents: i64,
    pub contractual_cents: i64,
    pub balanced: bool,
    pub service_starts_on: Option<Date>,
    pub service_ends_on: Option<Date>,
    pub remit_on: Date,
    /// A `document::ClaimDocument`.
    pub document: Vec<u8>,
    pub posted_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
platform::tenant_owned!();
