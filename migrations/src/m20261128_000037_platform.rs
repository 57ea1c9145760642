//! Why patient data was read, as whoever read it said.

use sea_orm_migration::prelude::*;

use crate::table::add_text;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_text(manager, "platform_audit", "purpose").await
    }
}
