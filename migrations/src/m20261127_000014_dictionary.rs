//! Dictionary: by whose acts a revision has its right.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Beside the revision, whose rows never change: a ratification adds to them.
        Table::of_tenants("dictionary_approver")
            .text("revision")
            .text("act")
            .text("seat")
            .text("user_id")
            .instant("acted_at")
            .key(&["tenant_id", "revision", "act", "seat", "user_id"])
            .append_only()
            .create(manager)
            .await
    }
}
