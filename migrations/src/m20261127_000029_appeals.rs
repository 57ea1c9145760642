//! Appeals: what is appealed, how it was sent, and which stops were lifted.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Whoever opens or changes an appeal of a claim holds its row.
        Table::of_tenants("appeals_claim")
            .uuid("case_id")
            .key(&["tenant_id", "case_id"])
            .create(manager)
            .await?;
        Table::of_tenants("appeals_appeal")
            .uuid("id")
            .uuid("case_id")
            .uuid("payer_id")
            .maybe_uuid("batch_id")
            .text("state")
            .text("path")
            // As numbers are compared; the document has it as sent.
            .text("patient_control_number")
            .bigint("in_dispute_cents")
            // 9999-12-31 where there is no last day.
            .date("due_on")
            .text("revision")
            .bytes("document")
            .bigint("version")
            .instant("created_at")
            .instant("updated_at")
            .key(&["tenant_id", "id"])
            .references(&["tenant_id", "case_id"], "appeals_claim", &["tenant_id", "case_id"])
            .index(&["tenant_id", "due_on", "id"])
            .index(&["tenant_id", "in_dispute_cents", "id"])
            .index(&["tenant_id", "case_id"])
            .index(&["tenant_id", "patient_control_number"])
            .create(manager)
            .await?;
        // A line has one appeal that counts at a level.
        Table::of_tenants("appeals_line")
            .uuid("case_id")
            .bigint("line_number")
            .text("path")
            .uuid("appeal_id")
            .key(&["tenant_id", "case_id", "line_number", "path"])
            .references(&["tenant_id", "appeal_id"], "appeals_appeal", &["tenant_id", "id"])
            .index(&["tenant_id", "appeal_id"])
            .create(manager)
            .await?;
        // A number proves one sending to a payer.
        Table::of_tenants("appeals_proof")
            .append_only()
            .uuid("payer_id")
            .text("confirmation_number")
            .uuid("appeal_id")
            .key(&["tenant_id", "payer_id", "confirmation_number"])
            .references(&["tenant_id", "appeal_id"], "appeals_appeal", &["tenant_id", "id"])
            .create(manager)
            .await?;
        Table::of_tenants("appeals_override")
            .append_only()
            .uuid("id")
            .uuid("case_id")
            .text("rarc")
            .text("reason")
            .text("overridden_by")
            .instant("created_at")
            .key(&["tenant_id", "id"])
            .index(&["tenant_id", "case_id"])
            .create(manager)
            .await
    }
}
