use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dictionary_code")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub release: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_set: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub position: i32,
    pub effect: String,
    pub content: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl platform::tenant_tx::ReferenceTable for Entity {}
