//! Governance of the dictionary: change requests, committees, reviews, checks, activations.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        changes(manager).await?;
        votes(manager).await?;
        activations(manager).await
    }
}

async fn changes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::of_tenants("dictionary_change_request")
        .uuid("id")
        .bigint("number")
        .text("title")
        .text("reason")
        .text("state")
        .text("source")
        .text("source_id")
        .text("author")
        .text("base_revision")
        .text("result_hash")
        // Words between commas, so that a section is found by a pattern.
        .text("sections")
        .bytes("edits")
        // Votes, checks, editors, suspension, emergency: what the rules need to know.
        .bytes("ballot")
        // Grows when content or base changes: votes are of one version.
        .bigint("content_version")
        .maybe_instant("activate_at")
        .instant("created_at")
        .instant("updated_at")
        .bigint("version")
        .key(&["tenant_id", "id"])
        .unique(&["tenant_id", "number"])
        .create(manager)
        .await?;
    Table::of_tenants("dictionary_comment")
        .uuid("id")
        .uuid("change_request_id")
        .text("author")
        .text("words")
        .instant("created_at")
        .key(&["tenant_id", "id"])
        .index(&["tenant_id", "change_request_id", "id"])
        .append_only()
        .create(manager)
        .await?;
    Table::of_tenants("dictionary_check")
        .uuid("id")
        .uuid("change_request_id")
        .text("kind")
        .text("base_revision")
        .text("result_hash")
        .boolean("passed")
        .bytes("findings")
        .bytes("replay")
        .instant("finished_at")
        .key(&["tenant_id", "id"])
        .index(&["tenant_id", "change_request_id", "id"])
        .append_only()
        .create(manager)
        .await
}

async fn votes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // One committee a tenant: the key says so.
    Table::of_tenants("dictionary_committee")
        .uuid("id")
        .text("title")
        .text("time_zone")
        .bytes("document")
        .instant("created_at")
        .instant("updated_at")
        .bigint("version")
        .key(&["tenant_id"])
        .create(manager)
        .await?;
    // Every committee there ever was: an approval names the one that it satisfied.
    Table::of_tenants("dictionary_committee_version")
        .bigint("version")
        .bytes("document")
        .text("author")
        .instant("created_at")
        .key(&["tenant_id", "version"])
        .append_only()
        .create(manager)
        .await?;
    // A vote is final: a seat speaks once on one version of a change, a person is recused once.
    Table::of_tenants("dictionary_review")
        .uuid("id")
        .uuid("change_request_id")
        .bigint("content_version")
        .text("speaker")
        .text("reviewer")
        .text("verdict")
        .text("result_hash")
        .instant("created_at")
        .key(&["tenant_id", "id"])
        .unique(&["tenant_id", "change_request_id", "content_version", "speaker"])
        .append_only()
        .create(manager)
        .await
}

async fn activations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // By what right a content may become active. Whoever activates must find it here.
    Table::of_tenants("dictionary_approval")
        .uuid("change_request_id")
        .text("hash")
        .text("cause")
        .bigint("committee_version")
        .instant("approved_at")
        .key(&["tenant_id", "change_request_id", "hash", "cause"])
        .append_only()
        .create(manager)
        .await?;
    // Numbered without gaps: of two that race to be the next, one is refused by the key.
    Table::of_tenants("dictionary_activation")
        .bigint("number")
        .uuid("change_request_id")
        .text("hash")
        .text("cause")
        .bytes("event")
        .instant("happened_at")
        .key(&["tenant_id", "number"])
        .references(
            &["tenant_id", "change_request_id", "hash", "cause"],
            "dictionary_approval",
            &["tenant_id", "change_request_id", "hash", "cause"],
        )
        .append_only()
        .create(manager)
        .await
}
