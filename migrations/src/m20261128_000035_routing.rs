//! Routing: what payers give and take at provider level (PLB) for single claims.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("routing_take_back")
            .uuid("id")
            .uuid("file_id")
            .uuid("transaction_id")
            .bigint("ordinal")
            .bigint("byte_offset")
            .text("reason")
            .text("claim_number")
            .bigint("amount_cents")
            .uuid("payer_id")
            .text("payer_key")
            .text("payer_name")
            .text("trace")
            .date("remit_on")
            .uuid("case_id")
            .text("state")
            .instant("posted_at")
            .key(&["tenant_id", "id"])
            .unique(&["tenant_id", "transaction_id", "ordinal"])
            .index(&["tenant_id", "case_id"])
            .index(&["tenant_id", "state", "payer_key", "id"])
            .index(&["tenant_id", "posted_at", "id"])
            .create(manager)
            .await
    }
}
