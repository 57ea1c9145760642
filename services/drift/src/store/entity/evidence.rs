use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dictionary_entry_evidence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub entry: String,
    pub expected_overturn: i32,
    pub expected_days: i32,
    pub outcomes: i64,
    pub overturned: i64,
    pub answers: i64,
    pub late: i64,
    pub low: i32,
    pub high: i32,
    pub words: String,
    pub suspect_since: Option<DateTimeUtc>,
    pub change_request_id: Option<Uuid>,
    /// How many outcomes there were when that change was drafted.
    pub drafted_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
platform::tenant_owned!();
