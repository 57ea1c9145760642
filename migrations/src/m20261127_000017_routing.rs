//! Routing: queues, who holds which item, and what happened to it.

use sea_orm_migration::prelude::*;

use crate::table::{Table, add_bigint, add_bytes};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("routing_queue")
            .uuid("id")
            .text("slug")
            .text("display_name")
            .text("team")
            // Scope, members and lead, as JSON.
            .bytes("queue")
            .bigint("version")
            .instant("created_at")
            .instant("updated_at")
            .key(&["tenant_id", "id"])
            .unique(&["tenant_id", "slug"])
            .create(manager)
            .await?;
        Table::of_tenants("routing_timeline")
            .uuid("work_item_id")
            .uuid("id")
            .text("kind")
            .text("actor")
            // What people wrote stands here: patient data.
            .text("words")
            .instant("occurred_at")
            .key(&["tenant_id", "work_item_id", "id"])
            .append_only()
            .create(manager)
            .await?;
        // Of the latest lease; 0 where nobody ever held the item.
        add_bigint(manager, "routing_work_item", "fencing_number").await?;
        // Lease, reservation or wait, as JSON; empty where nobody ever touched the item.
        add_bytes(manager, "routing_work_item", "hold").await
    }
}
