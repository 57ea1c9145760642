//! Appeals: calls between physicians before the first level, batches, and how appeals ended.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("appeals_peer_to_peer")
            .append_only()
            .uuid("id")
            .uuid("case_id")
            .date("held_on")
            .text("outcome")
            .text("note")
            .maybe_date("last_day")
            .text("rule")
            .bigint("days_late")
            .text("recorded_by")
            .instant("created_at")
            .key(&["tenant_id", "id"])
            .index(&["tenant_id", "case_id", "id"])
            .create(manager)
            .await?;
        Table::of_tenants("appeals_batch")
            .uuid("id")
            .text("filter")
            .text("path")
            .bigint("opened")
            .bigint("refused")
            .bytes("document")
            .text("created_by")
            .instant("created_at")
            .key(&["tenant_id", "id"])
            .create(manager)
            .await?;
        Table::of_tenants("appeals_ended")
            .uuid("appeal_id")
            .text("entry")
            .uuid("payer_id")
            .text("path")
            .text("template")
            .text("evidence")
            .text("kind")
            .date("decided_on")
            .bigint("days")
            .key(&["tenant_id", "appeal_id", "entry"])
            .index(&["tenant_id", "decided_on"])
            .create(manager)
            .await
    }
}
