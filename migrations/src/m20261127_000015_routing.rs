//! Routing: by whose acts a revision had its right when it decided.

use sea_orm_migration::prelude::*;

use crate::table::add_bytes;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A receipt with nothing but its approvers, in protobuf; empty where nobody noted them.
        add_bytes(manager, "routing_revision", "approvers").await
    }
}
