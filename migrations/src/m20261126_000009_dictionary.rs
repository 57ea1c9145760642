//! Releases of code sets as they are imported, combination tables, and codes that payers made up.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        releases(manager).await?;
        combinations(manager).await?;
        payer_codes(manager).await
    }
}

async fn releases(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // A tenant's own: it may be licensed text, so nobody else sees that it is there.
    release(Table::of_tenants("dictionary_own_release")).create(manager).await?;
    Table::of_tenants("dictionary_own_code")
        .uuid("release_id")
        .text("code")
        .int("position")
        .text("effect")
        .text("content")
        .key(&["tenant_id", "release_id", "code"])
        .unique(&["tenant_id", "release_id", "position"])
        .append_only()
        .create(manager)
        .await?;
    // The operator's, for everybody: written with its job in its own transaction, and read by all,
    // for whom it names the reference rows of `dictionary_code` that are in force.
    release(Table::of_tenants_read_by_all("dictionary_published_release")).create(manager).await
}

/// Numbered by set without gaps: of two imports that race to be the next, one is refused.
fn release(table: Table) -> Table {
    table
        .uuid("id")
        .text("code_set")
        .bigint("number")
        .date("released_on")
        .text("source")
        // What it was compared with: the id of a release, or the hash of what a build carries.
        .text("previous")
        .int("code_count")
        .int("added_count")
        .int("reworded_count")
        .int("stopping_count")
        .int("stopped_count")
        .int("reactivated_count")
        .int("amended_count")
        .text("imported_by")
        .instant("imported_at")
        .key(&["tenant_id", "id"])
        .unique(&["tenant_id", "code_set", "number"])
        .append_only()
}

async fn combinations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::of_tenants("dictionary_combination_table")
        .uuid("id")
        .bigint("number")
        .text("version")
        .int("row_count")
        .text("imported_by")
        .instant("imported_at")
        .key(&["tenant_id", "id"])
        .unique(&["tenant_id", "number"])
        .append_only()
        .create(manager)
        .await?;
    Table::of_tenants("dictionary_combination")
        .uuid("table_id")
        .text("carc")
        // Empty where the reason code stands without a remark.
        .text("rarc")
        .text("claim_group")
        .int("scenario")
        .key(&["tenant_id", "table_id", "carc", "rarc", "claim_group", "scenario"])
        .append_only()
        .create(manager)
        .await
}

async fn payer_codes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::of_tenants("dictionary_payer_code")
        .uuid("id")
        .uuid("payer_id")
        .text("code")
        .text("description")
        .text("standard_carc")
        .text("standard_rarc")
        .bigint("version")
        .instant("created_at")
        .instant("updated_at")
        .key(&["tenant_id", "id"])
        .unique(&["tenant_id", "payer_id", "code"])
        .create(manager)
        .await
}
