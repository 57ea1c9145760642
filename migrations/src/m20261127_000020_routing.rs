//! Routing: forecasts, and the minutes of work that they are made of.

use sea_orm_migration::prelude::*;

use crate::table::{Table, add_bigint};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("routing_forecast")
            // Empty for all teams together.
            .text("team")
            // A `overturn.routing.v1.Forecast`, in protobuf.
            .bytes("forecast")
            .key(&["tenant_id", "team"])
            .create(manager)
            .await?;
        // Minutes of work expected; 0 in rows of an earlier release, which count as little work.
        add_bigint(manager, "routing_work_item", "effort_minutes").await
    }
}
