use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "routing_preview")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// That of the dictionary's preview.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub decided: i64,
    pub diverged: i64,
    pub unmapped: i64,
    pub short: i64,
    /// Empty while no limit is passed.
    pub suspended_words: String,
    pub suspended_at: Option<DateTimeUtc>,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
platform::tenant_owned!();
