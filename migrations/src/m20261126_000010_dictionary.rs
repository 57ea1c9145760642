//! Base dictionaries with their way to tenants, and what outcomes say of entries.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        bases(manager).await?;
        outcomes(manager).await
    }
}

/// Reference data: every tenant reads it and only the operator writes it.
async fn bases(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // Of two that race to be the next, one is refused by the key.
    Table::of_operator("dictionary_base")
        .bigint("number")
        .uuid("id")
        .text("hash")
        // A `Revision` of the contract.
        .bytes("described")
        .key(&["number"])
        .unique(&["id"])
        .append_only()
        .create(manager)
        .await?;
    Table::of_operator("dictionary_base_content")
        .bigint("number")
        .bytes("canonical_json")
        .key(&["number"])
        .append_only()
        .create(manager)
        .await?;
    // The base that a revision of a tenant holds: started from, or merged. A rollback finds that of
    // the revision it returns to.
    Table::of_tenants("dictionary_revision_base")
        .text("hash")
        .bigint("base_number")
        .key(&["tenant_id", "hash"])
        .create(manager)
        .await
}

async fn outcomes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // Every outcome once: what is counted can be counted again.
    Table::of_tenants("dictionary_outcome")
        .uuid("id")
        .text("entry")
        .text("revision")
        .boolean("overturned")
        // -1 when not known.
        .int("decision_days")
        .instant("decided_at")
        .instant("recorded_at")
        .key(&["tenant_id", "id"])
        .append_only()
        .create(manager)
        .await?;
    // Counts for as long as an entry states the same; their interval is a part of what they say.
    Table::of_tenants("dictionary_entry_evidence")
        .uuid("id")
        .text("entry")
        .int("expected_overturn")
        .int("expected_days")
        .bigint("outcomes")
        .bigint("overturned")
        .bigint("answers")
        .bigint("late")
        .int("low")
        .int("high")
        .text("words")
        .maybe_instant("suspect_since")
        .maybe_uuid("change_request_id")
        // How many outcomes there were when that change was drafted.
        .bigint("drafted_at")
        .key(&["tenant_id", "id"])
        .unique(&["tenant_id", "entry", "expected_overturn", "expected_days"])
        .create(manager)
        .await
}
