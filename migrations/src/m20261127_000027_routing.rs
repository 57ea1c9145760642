//! Routing: documents and words that fulfill checklists, and how much of each is missing.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::table::{Table, add_bigint};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("routing_evidence_document")
            .uuid("id")
            .uuid("case_id")
            // Patient data, as the document is.
            .text("file_name")
            // Slugs of documentation standards, as JSON.
            .text("standards")
            // What it is by its content; empty where it is no kind that payers take.
            .text("media")
            .bigint("size_bytes")
            .text("sha256")
            // Where the store of originals keeps it.
            .text("object_path")
            .maybe_date("dated_on")
            .text("uploaded_by")
            .instant("created_at")
            .key(&["tenant_id", "id"])
            .index(&["tenant_id", "case_id", "id"])
            .append_only()
            .create(manager)
            .await?;
        Table::of_tenants("routing_evidence_word")
            .uuid("id")
            .uuid("case_id")
            .text("standard")
            .text("state")
            .uuid("said_by")
            // Patient data.
            .text("reason")
            .instant("created_at")
            .key(&["tenant_id", "id"])
            .index(&["tenant_id", "case_id"])
            .append_only()
            .create(manager)
            .await?;
        add_bigint(manager, "routing_work_item", "evidence_missing").await?;
        count_missing(manager).await
    }
}

/// Of items that are there nothing is on file.
async fn count_missing(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let database = manager.get_connection();
    let statements: &[&str] = match database.get_database_backend() {
        // The owner is no tenant: forced, its policy hides every row from it.
        DbBackend::Postgres => &[
            "ALTER TABLE routing_work_item NO FORCE ROW LEVEL SECURITY",
            "UPDATE routing_work_item SET evidence_missing = \
             jsonb_array_length(convert_from(document, 'UTF8')::jsonb -> 'evidence') \
             WHERE length(document) > 0",
            "ALTER TABLE routing_work_item FORCE ROW LEVEL SECURITY",
        ],
        _ => &["UPDATE routing_work_item SET evidence_missing = \
                json_array_length(CAST(document AS TEXT), '$.evidence') \
                WHERE length(document) > 0"],
    };
    for statement in statements {
        database.execute_unprepared(statement).await?;
    }
    Ok(())
}
