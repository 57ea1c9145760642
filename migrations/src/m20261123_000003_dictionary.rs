//! The dictionary's tables: code sets for everyone, payers and revisions by tenant.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        code_sets(manager).await?;
        payers(manager).await?;
        revisions(manager).await
    }
}

/// A release is named by the hash of its content and never changes, so that an old and a new binary
/// each read their own.
async fn code_sets(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::of_operator("dictionary_code_set")
        .text("release")
        .text("slug")
        .text("title")
        .text("owner")
        .text("source")
        .text("as_of")
        .int("code_count")
        .key(&["release", "slug"])
        .append_only()
        .create(manager)
        .await?;
    Table::of_operator("dictionary_code")
        .text("release")
        .text("code_set")
        .text("code")
        .int("position")
        .text("effect")
        .text("content")
        .key(&["release", "code_set", "code"])
        .unique(&["release", "code_set", "position"])
        .append_only()
        .create(manager)
        .await
}

async fn payers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::of_tenants("dictionary_payer")
        .uuid("id")
        .text("slug")
        .text("display_name")
        .text("line_of_business")
        .text("network")
        .text("time_zone")
        .bigint("version")
        .instant("created_at")
        .instant("updated_at")
        .key(&["tenant_id", "id"])
        .unique(&["tenant_id", "slug"])
        .create(manager)
        .await?;
    Table::of_tenants("dictionary_payer_alias")
        .text("kind")
        .text("normalized")
        .text("value")
        .uuid("payer_id")
        .instant("created_at")
        .key(&["tenant_id", "kind", "normalized"])
        .index(&["tenant_id", "payer_id"])
        .create(manager)
        .await
}

async fn revisions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let sections = [
        "entries",
        "remark_rules",
        "owner_rules",
        "documentation_standards",
        "appeal_templates",
        "deadline_rules",
        "metric_definitions",
        "exception_policies",
        "automation_limits",
    ];
    let revision = Table::of_tenants("dictionary_revision")
        .text("hash")
        .uuid("id")
        .bigint("number")
        .text("title")
        .boolean("starting_point")
        .int("evaluator_semantics")
        .text("based_on")
        .maybe_uuid("change_request_id")
        .text("approved_by")
        .text("reason")
        .instant("created_at");
    sections
        .into_iter()
        .fold(revision, Table::int)
        .key(&["tenant_id", "hash"])
        .unique(&["tenant_id", "number"])
        .append_only()
        .create(manager)
        .await?;
    // Apart from the revision, so that lists do not read megabytes.
    Table::of_tenants("dictionary_revision_content")
        .text("hash")
        .bytes("canonical_json")
        .key(&["tenant_id", "hash"])
        .append_only()
        .create(manager)
        .await?;
    Table::of_tenants("dictionary_revision_alias")
        .text("alias")
        .text("hash")
        .instant("since")
        .key(&["tenant_id", "alias"])
        .create(manager)
        .await
}
