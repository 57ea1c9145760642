//! Routing: when time alone changes what is known of an item, and what was told of it.

use sea_orm_migration::prelude::*;

use crate::table::{add_bytes, add_day, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = "routing_work_item";
        // The first day on which its rank, a step of its escalation path or the end of its window
        // asks for a look; 9999-12-31 when none does.
        add_day(manager, table, "look_on").await?;
        // Which steps were told and whether the missed date was, as JSON; empty before the first.
        add_bytes(manager, table, "told").await?;
        index(manager, table, &["tenant_id", "look_on", "id"]).await
    }
}
