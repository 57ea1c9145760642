//! Routing: open work is brought under the active revision, and changes are tried on live intake.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("routing_redecision")
            .uuid("id")
            .bigint("round")
            .text("revision")
            .text("canary")
            .instant("activated_at")
            .bytes("teams")
            .bytes("tally")
            .instant("created_at")
            .key(&["tenant_id", "id"])
            // Of two that begin at once, one is the first.
            .unique(&["tenant_id", "round"])
            .create(manager)
            .await?;
        Table::of_tenants("routing_preview")
            .uuid("id")
            .bigint("decided")
            .bigint("diverged")
            .bigint("unmapped")
            .bigint("short")
            .text("suspended_words")
            .maybe_instant("suspended_at")
            .bigint("version")
            .key(&["tenant_id", "id"])
            .create(manager)
            .await?;
        // What waits under another revision, without looking at all that waits.
        let outdated = Index::create()
            .name("ix_routing_work_item_state_revision_claim_id")
            .table("routing_work_item")
            .col("tenant_id")
            .col("state")
            .col("revision")
            .col("claim_id")
            .to_owned();
        manager.create_index(outdated).await
    }
}
