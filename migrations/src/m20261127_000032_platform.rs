//! How far a service has followed the feed of a peer.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("platform_feed_cursor")
            .text("consumer")
            .bigint("seq")
            .key(&["tenant_id", "consumer"])
            .create(manager)
            .await
    }
}
