//! Which appeals a denial is in, for what a remittance says of it.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("appeals_denial")
            .uuid("denial_id")
            .uuid("appeal_id")
            .key(&["tenant_id", "denial_id", "appeal_id"])
            .references(&["tenant_id", "appeal_id"], "appeals_appeal", &["tenant_id", "id"])
            .index(&["tenant_id", "appeal_id"])
            .create(manager)
            .await
    }
}
