//! Routing: what payers say of claims between claim and remittance.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("routing_payer_status")
            .uuid("id")
            // Nil while no remittance has named the claim.
            .uuid("case_id")
            .uuid("payer_id")
            // Numbers and note are patient data; a number that was not sent is empty.
            .text("patient_control_number")
            .text("payer_claim_number")
            .text("source")
            .text("category_code")
            .text("status_code")
            .text("entity_code")
            .text("outcome")
            .text("note")
            .instant("stated_at")
            .instant("created_at")
            .key(&["tenant_id", "id"])
            .index(&["tenant_id", "case_id", "id"])
            .index(&["tenant_id", "payer_id", "patient_control_number"])
            .index(&["tenant_id", "outcome", "id"])
            .append_only()
            .create(manager)
            .await?;
        // A claim that a payer said something of: its last word, and the work it made. Whoever
        // hears of a claim holds its row, so that two who do open one item.
        Table::of_tenants("routing_heard_claim")
            .uuid("payer_id")
            .text("patient_control_number")
            // When the last status was stated; 1970-01-01 before the first.
            .instant("stated_at")
            .text("outcome")
            .maybe_uuid("rejection_item")
            .maybe_uuid("status_item")
            .maybe_uuid("meaning_item")
            .key(&["tenant_id", "payer_id", "patient_control_number"])
            .create(manager)
            .await
    }
}
