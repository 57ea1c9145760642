use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dictionary_published_release")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code_set: String,
    pub number: i64,
    pub released_on: Date,
    pub source: String,
    pub previous: String,
    pub code_count: i32,
    pub added_count: i32,
    pub reworded_count: i32,
    pub stopping_count: i32,
    pub stopped_count: i32,
    pub reactivated_count: i32,
    pub amended_count: i32,
    pub imported_by: String,
    pub imported_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
platform::tenant_owned!();
impl platform::tenant_tx::ReferenceTable for Entity {}
