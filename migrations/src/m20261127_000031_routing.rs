//! Routing: the ranked items of a team, as their pages are read.
//!
//! A page begins with the most urgent item, and with the lesser id of two alike. An index that is
//! not in this order asks for a sort, and where PostgreSQL has no statistics of a tenant, such as
//! right after an import, it sorts all that waits in a queue for each page of it.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = "routing_work_item";
        let ranked = Index::create()
            .name("ix_routing_work_item_team_ranked")
            .table(table)
            .col("tenant_id")
            .col("owner_team")
            .col("state")
            .col(("priority", IndexOrder::Desc))
            .col("id")
            .to_owned();
        manager.create_index(ranked).await?;
        let mut former = Index::drop();
        former.name("ix_routing_work_item_owner_team_state_priority").table(table);
        manager.drop_index(former).await
    }
}
