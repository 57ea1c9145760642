//! Dictionary: changes on trial before they are activated.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("dictionary_preview")
            .uuid("id")
            .uuid("change_request_id")
            .text("base_revision")
            .text("result_hash")
            .text("stage")
            .text("state")
            // `running` of the one that runs, its own id once it has ended: of two that begin at
            // once, one is refused by the key.
            .text("slot")
            // Facilities, payers and limits.
            .bytes("scope")
            .text("suspended_words")
            .text("stopped_words")
            .instant("created_at")
            .instant("updated_at")
            .bigint("version")
            .key(&["tenant_id", "id"])
            .unique(&["tenant_id", "slot"])
            .create(manager)
            .await
    }
}
