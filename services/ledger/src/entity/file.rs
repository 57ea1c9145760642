use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "routing_file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub sha256: String,
    pub name: String,
    /// `LIVE` or `HISTORY`.
    pub purpose: String,
    /// `RECEIVED`, `PARSED`, `POSTED` or `QUARANTINED`.
    pub state: String,
    pub size_bytes: i64,
    pub object_path: String,
    pub received_at: DateTimeUtc,
    pub finished_at: Option<DateTimeUtc>,
    pub uploaded_by: String,
    pub revision: String,
    /// A `Context` as JSON: the facts of peers it was posted under.
    pub context: Vec<u8>,
    /// A `document::Report` as JSON.
    pub report: Vec<u8>,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
platform::tenant_owned!();
