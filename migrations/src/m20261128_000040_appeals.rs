//! Documents, letters and packets of appeals.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("appeals_document")
            .uuid("id")
            .uuid("appeal_id")
            // Patient data, as the document is.
            .text("file_name")
            // What it is by its content.
            .text("media")
            .bigint("size_bytes")
            .text("sha256")
            // Slug of the documentation standard it fulfills; empty where it fulfills none.
            .text("standard")
            // Where the store of originals keeps it.
            .text("object_path")
            .text("uploaded_by")
            .instant("created_at")
            .key(&["tenant_id", "id"])
            .references(&["tenant_id", "appeal_id"], "appeals_appeal", &["tenant_id", "id"])
            .index(&["tenant_id", "appeal_id", "id"])
            .append_only()
            .create(manager)
            .await?;
        Table::of_tenants("appeals_letter")
            .uuid("id")
            .uuid("appeal_id")
            .text("template")
            .text("revision")
            // What was laid out, as JSON; patient data.
            .bytes("sheet")
            .text("sha256")
            .text("object_path")
            .bigint("page_count")
            .text("written_by")
            .instant("created_at")
            .key(&["tenant_id", "id"])
            .references(&["tenant_id", "appeal_id"], "appeals_appeal", &["tenant_id", "id"])
            .index(&["tenant_id", "appeal_id"])
            .append_only()
            .create(manager)
            .await?;
        Table::of_tenants("appeals_packet")
            .uuid("id")
            .uuid("appeal_id")
            .uuid("letter_id")
            // Exhibits, what had to be among them, and their index, as JSON; patient data.
            .bytes("contents")
            .text("sha256")
            .text("object_path")
            .bigint("page_count")
            .text("assembled_by")
            .instant("created_at")
            .key(&["tenant_id", "id"])
            .references(&["tenant_id", "appeal_id"], "appeals_appeal", &["tenant_id", "id"])
            .references(&["tenant_id", "letter_id"], "appeals_letter", &["tenant_id", "id"])
            .index(&["tenant_id", "appeal_id"])
            .append_only()
            .create(manager)
            .await
    }
}
