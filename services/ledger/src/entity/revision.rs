use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "routing_revision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// SHA-256 of `canonical`, lowercase hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub canonical: Vec<u8>,
    /// A receipt with nothing but its approvers, in protobuf: as far as they were known when it
    /// decided last.
    pub approvers: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
platform::tenant_owned!();
