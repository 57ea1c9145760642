use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "routing_denial")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub claim_id: Uuid,
    pub case_id: Uuid,
    pub file_id: Uuid,
    /// Nil for history.
    pub work_item_id: Uuid,
    pub patient_control_number: String,
    pub payer_claim_number: String,
    pub payer_id: Uuid,
    pub payer_slug: String,
    pub payer_name: String,
    pub facility_id: Uuid,
    pub facility_slug: String,
    /// Place of the line in the occurrence from 0; -1 for the claim as a whole.
    pub line: i64,
    /// What recognizes the line on a later remittance, hashed; empty at the claim level.
    pub line_key: String,
    pub group_code: String,
    pub carc: String,
    /// Remark codes, separated by blanks.
    pub rarcs: String,
    pub denied_cents: i64,
    pub charge_cents: i64,
    /// `FULL` or `PARTIAL`.
    pub extent: String,
    /// `OPEN`, `REVERSED` and so on: the names of the contract without their prefix.
    pub state: String,
    /// `INITIAL` or `REPEAT`.
    pub lineage: String,
    /// The denial it repeats; nil for an initial one.
    pub repeat_of: Uuid,
    /// How many denials of its claim and line came before it.
    pub repeats: i64,
    /// The claim occurrence that settled it or took it back.
    pub settled_by: Option<Uuid>,
    /// What that brought back.
    pub recovered_cents: i64,
    pub record_class: String,
    pub category: String,
    pub owner_function: String,
    pub owner_team: String,
    pub next_action: String,
    pub entry: String,
    pub revision: String,
    /// A `document::Proof` as JSON.
    pub receipt: Vec<u8>,
    pub service_line: String,
    pub procedure_code: String,
    /// Separated by blanks.
    pub modifiers: String,
    pub revenue_code: String,
    pub service_on: Option<Date>,
    pub remit_on: Date,
    pub purpose: String,
    pub posted_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
platform::tenant_owned!();
