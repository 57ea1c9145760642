//! Dictionary: how far tenants have looked at releases, and changes of the committee that wait.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The number of the operator's last release of a set that a tenant compared with its
        // dictionary.
        Table::of_tenants("dictionary_release_seen")
            .text("code_set")
            .bigint("number")
            .key(&["tenant_id", "code_set"])
            .create(manager)
            .await
    }
}
