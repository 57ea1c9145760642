//! Routing: payers that remittances name and nobody knows, each with the item about it.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("routing_unknown_payer")
            // The name that was sent, as names are compared.
            .text("name")
            .uuid("work_item_id")
            .key(&["tenant_id", "name"])
            .create(manager)
            .await
    }
}
