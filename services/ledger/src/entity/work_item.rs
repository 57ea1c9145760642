use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "routing_work_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub claim_id: Uuid,
    pub case_id: Uuid,
    pub patient_control_number: String,
    pub payer_claim_number: String,
    pub payer_id: Uuid,
    pub payer_slug: String,
    pub payer_name: String,
    pub facility_id: Uuid,
    pub facility_slug: String,
    pub facility_name: String,
    pub kind: String,
    pub state: String,
    pub category: String,
    /// The kind of exception; empty unless the kind is `EXCEPTION`.
    pub exception: String,
    pub owner_function: String,
    pub owner_team: String,
    pub next_action: String,
    /// The rule that ranks it; empty when none does.
    pub deadline_rule: String,
    /// 9999-12-31 when no date is known.
    pub due_on: Date,
    pub priority: i64,
    /// 9999-12-31 when the rank does not change by itself.
    pub next_band_on: Date,
    /// The first day on which its rank, a step of its escalation path or the end of its window asks
    /// for a look; 9999-12-31 when none does.
    pub look_on: Date,
    /// A `document::Telling` as JSON; empty before anything was told.
    pub told: Vec<u8>,
    pub at_stake_cents: i64,
    pub expected_cents: i64,
    /// Minutes of work that are left.
    pub effort_minutes: i64,
    /// How many items of the checklist are missing.
    pub evidence_missing: i64,
    pub service_on: Option<Date>,
    pub revision: String,
    /// Who holds it under a lease; empty unless the state is `CLAIMED`.
    pub holder: String,
    /// Of the latest lease; 0 where nobody ever held it.
    pub fencing_number: i64,
    /// Lease, reservation or wait as JSON; empty where nobody ever touched it.
    pub hold: Vec<u8>,
    /// A `document::WorkDocument` as JSON.
    pub document: Vec<u8>,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
platform::tenant_owned!();
