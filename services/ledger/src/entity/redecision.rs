use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "routing_redecision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// That of its job.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its place among the tenant's, from 1; a later one is never of an earlier activation.
    pub round: i64,
    /// The revision that decides, by content hash.
    pub revision: String,
    /// The change on trial that decides too, by content hash; empty when none does.
    pub canary: String,
    pub activated_at: DateTimeUtc,
    /// What people call the teams, by slug, as JSON.
    pub teams: Vec<u8>,
    /// A `document::Tally` as JSON.
    pub tally: Vec<u8>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
platform::tenant_owned!();
