use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dictionary_revision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub id: Uuid,
    pub number: i64,
    pub title: String,
    pub starting_point: bool,
    pub evaluator_semantics: i32,
    pub based_on: String,
    pub change_request_id: Option<Uuid>,
    /// Who published what the tenant began with, and who put later ones into effect: by whose acts
    /// these have their right stands in `dictionary_approver`.
    pub approved_by: String,
    pub reason: String,
    pub created_at: DateTimeUtc,
    pub entries: i32,
    pub remark_rules: i32,
    pub owner_rules: i32,
    pub documentation_standards: i32,
    pub appeal_templates: i32,
    pub deadline_rules: i32,
    pub metric_definitions: i32,
    pub exception_policies: i32,
    pub automation_limits: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
platform::tenant_owned!();
