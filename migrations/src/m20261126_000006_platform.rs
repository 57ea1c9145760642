//! Long work that its caller can watch and cancel.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("platform_job")
            .uuid("id")
            .text("kind")
            .text("state")
            .bigint("done")
            .bigint("total")
            .text("unit")
            .maybe_uuid("result_id")
            .text("failure_reason")
            .text("failure_text")
            .instant("created_at")
            .maybe_instant("finished_at")
            .key(&["tenant_id", "id"])
            .create(manager)
            .await
    }
}
