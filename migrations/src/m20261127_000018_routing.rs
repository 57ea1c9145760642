//! Routing: how work ended, who agreed to write-offs, and minutes worked.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("routing_resolution")
            .uuid("id")
            .uuid("work_item_id")
            .text("kind")
            .bigint("recovered_cents")
            .bigint("written_off_cents")
            .bigint("left_cents")
            // The number of a claim: patient data.
            .text("corrected_claim_number")
            .text("write_off_code")
            .text("approved_by")
            .text("reason")
            .boolean("automated")
            .text("ended_by")
            // The denials that were open before, and what they became, as JSON.
            .bytes("denials")
            .instant("created_at")
            .maybe_instant("reopened_at")
            .maybe_instant("undone_at")
            .text("undone_by")
            .text("undone_reason")
            .key(&["tenant_id", "id"])
            .index(&["tenant_id", "work_item_id"])
            .create(manager)
            .await?;
        Table::of_tenants("routing_write_off_approval")
            .uuid("work_item_id")
            .text("approved_by")
            .bigint("up_to_cents")
            .text("reason")
            .instant("approved_at")
            .key(&["tenant_id", "work_item_id"])
            .create(manager)
            .await?;
        Table::of_tenants("routing_touch")
            .uuid("id")
            .uuid("work_item_id")
            .text("kind")
            .int("minutes")
            .text("user_id")
            .maybe_instant("started_at")
            .instant("created_at")
            // Of the item at that time, so that minutes are summed by them alone.
            .text("payer_slug")
            .text("carc")
            .text("owner_team")
            .key(&["tenant_id", "id"])
            .index(&["tenant_id", "created_at"])
            .append_only()
            .create(manager)
            .await
    }
}
