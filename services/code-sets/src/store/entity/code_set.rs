use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dictionary_code_set")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub release: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub slug: String,
    pub title: String,
    pub owner: String,
    pub source: String,
    pub as_of: String,
    pub code_count: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl platform::tenant_tx::ReferenceTable for Entity {}
