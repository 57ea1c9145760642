//! Routing: questions to other departments.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("routing_clarification")
            .uuid("id")
            .uuid("work_item_id")
            .uuid("case_id")
            .text("to_team")
            // Both are patient data.
            .text("question")
            .text("answer")
            .text("state")
            .date("due_on")
            .text("asked_by")
            .text("answered_by")
            .maybe_instant("answered_at")
            // Of the item at that time: precedents are looked for by them.
            .uuid("payer_id")
            .text("codes")
            .bigint("version")
            .instant("created_at")
            .instant("updated_at")
            .key(&["tenant_id", "id"])
            .index(&["tenant_id", "work_item_id"])
            .index(&["tenant_id", "to_team", "state", "id"])
            .index(&["tenant_id", "payer_id", "id"])
            .create(manager)
            .await
    }
}
