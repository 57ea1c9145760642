//! Routing: documents that were filed by mistake, and items that a rule of automation cannot read.

use sea_orm_migration::prelude::*;

use crate::table::{Table, add_bigint};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A row of a document never changes: what became of it stands beside it.
        Table::of_tenants("routing_evidence_withdrawal")
            .uuid("document_id")
            .uuid("case_id")
            // Patient data.
            .text("reason")
            .text("withdrawn_by")
            .instant("withdrawn_at")
            .key(&["tenant_id", "document_id"])
            .index(&["tenant_id", "case_id"])
            .append_only()
            .create(manager)
            .await?;
        add_bigint(manager, "routing_automation_rule", "skipped_count").await
    }
}
