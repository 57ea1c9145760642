//! Routing: what later remittances make of what was denied before.

use sea_orm_migration::prelude::*;

use crate::table::{add_bigint, add_maybe_uuid, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = "routing_denial";
        // How many denials of its claim and line came before it. Rows of an earlier release say 0
        // until the next remittance of their case.
        add_bigint(manager, table, "repeats").await?;
        // The claim occurrence that settled it or took it back, and what that brought back.
        add_maybe_uuid(manager, table, "settled_by").await?;
        add_bigint(manager, table, "recovered_cents").await?;
        // Claims whose numbers have all changed are recognized by their member.
        index(manager, "routing_subject", &["tenant_id", "member_id"]).await
    }
}
