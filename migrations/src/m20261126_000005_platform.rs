//! Finds the events of one resource: its last number in the feed, its timeline.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = ["tenant_id", "feed", "subject", "seq"].map(Alias::new);
        let mut index = Index::create();
        index.name("ix_platform_feed_event_feed_subject_seq");
        index.table(Alias::new("platform_feed_event"));
        for column in columns {
            index.col(column);
        }
        manager.create_index(index).await
    }
}
