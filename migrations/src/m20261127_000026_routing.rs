//! Routing: rules that act on items by themselves.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("routing_automation_rule")
            .uuid("id")
            .text("title")
            .text("action")
            .text("filter")
            .text("mode")
            .bigint("ceiling_cents")
            .bigint("daily_ceiling_cents")
            .text("write_off_code")
            .bigint("acted_count")
            // Raised by every change of what it does.
            .bigint("edition")
            // The edition that has passed over all items in dry run; 0 before any has.
            .bigint("rehearsed_edition")
            .bigint("rehearsed_count")
            // What the dictionary and the tenant said when it was last changed.
            .text("revision")
            .instant("activated_at")
            .text("time_zone")
            .bigint("version")
            .instant("created_at")
            .instant("updated_at")
            .key(&["tenant_id", "id"])
            .check("daily_ceiling_cents >= ceiling_cents AND ceiling_cents >= 0")
            .create(manager)
            .await?;
        Table::of_tenants("routing_automation_day")
            .uuid("rule_id")
            // Of a dry run the edition that told; 0 of acts, whatever the edition.
            .bigint("edition")
            .date("on_day")
            .bigint("cents")
            .key(&["tenant_id", "rule_id", "edition", "on_day"])
            .create(manager)
            .await?;
        Table::of_tenants("routing_automation_told")
            .uuid("rule_id")
            .bigint("edition")
            .uuid("work_item_id")
            .key(&["tenant_id", "rule_id", "edition", "work_item_id"])
            .create(manager)
            .await
    }
}
