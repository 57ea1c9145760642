//! Routing: history folded for replay, and what replays found.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        history(manager).await?;
        Table::of_tenants("routing_replay")
            .uuid("id")
            .uuid("job_id")
            .bytes("summary")
            .instant("created_at")
            .key(&["tenant_id", "id"])
            .append_only()
            .create(manager)
            .await
    }
}

/// A signature stands for what its denials have in common. It is named by the first 128 bits of
/// its hash: there is a row for every denial.
async fn history(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::of_tenants("routing_signature")
        .uuid("signature")
        .bytes("encoded")
        .key(&["tenant_id", "signature"])
        .append_only()
        .create(manager)
        .await?;
    Table::of_tenants("routing_signature_month")
        .uuid("signature")
        .int("month")
        .bigint("denials")
        .bigint("cents")
        .key(&["tenant_id", "signature", "month"])
        .create(manager)
        .await?;
    // What a signature leaves out of a denial and a rule may ask for.
    Table::of_tenants("routing_denial_signature")
        .uuid("denial_id")
        .uuid("signature")
        .date("remit_on")
        .bigint("denied_cents")
        .maybe_date("service_on")
        .maybe_date("claim_service_on")
        .maybe_date("payer_received_on")
        .key(&["tenant_id", "denial_id"])
        .index(&["tenant_id", "signature", "remit_on", "denial_id"])
        .append_only()
        .create(manager)
        .await
}
