use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dictionary_combination")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub table_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub carc: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub rarc: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub claim_group: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub scenario: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
platform::tenant_owned!();
