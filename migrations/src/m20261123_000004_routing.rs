//! Routing: files as they came, the adjudication ledger, denials and the work they make.
//!
//! Names, member numbers and record numbers stand in `routing_subject` alone, so that they can be
//! sealed or destroyed without touching the ledger.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        files(manager).await?;
        ledger(manager).await?;
        denials(manager).await?;
        work_items(manager).await
    }
}

async fn files(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::of_tenants("routing_file")
        .uuid("id")
        .text("sha256")
        .text("name")
        .text("purpose")
        .text("state")
        .bigint("size_bytes")
        .text("object_path")
        .instant("received_at")
        .maybe_instant("finished_at")
        .text("uploaded_by")
        .text("revision")
        .bytes("context")
        .bytes("report")
        .bigint("version")
        .key(&["tenant_id", "id"])
        .unique(&["tenant_id", "sha256"])
        .index(&["tenant_id", "received_at", "id"])
        .create(manager)
        .await?;
    Table::of_tenants("routing_transaction")
        .uuid("id")
        .uuid("file_id")
        .bigint("ordinal")
        .text("canonical_sha256")
        .text("trace")
        .uuid("payer_id")
        .text("payer_slug")
        .text("payer_name")
        .bigint("paid_cents")
        .date("remit_on")
        .bigint("claims")
        .bigint("posted_parts")
        .bigint("denials")
        .bigint("exceptions")
        .bigint("work_items")
        .text("state")
        .key(&["tenant_id", "id"])
        .unique(&["tenant_id", "canonical_sha256"])
        .unique(&["tenant_id", "file_id", "ordinal"])
        .index(&["tenant_id", "payer_slug", "trace"])
        .create(manager)
        .await?;
    // The revision a file was decided under, so that a resume needs no peer.
    Table::of_tenants("routing_revision")
        .text("hash")
        .bytes("canonical")
        .key(&["tenant_id", "hash"])
        .create(manager)
        .await
}

async fn ledger(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    Table::of_tenants("routing_case")
        .uuid("id")
        .text("payer_key")
        .text("patient_control_number")
        .uuid("payer_id")
        .instant("opened_at")
        .key(&["tenant_id", "id"])
        .unique(&["tenant_id", "patient_control_number", "payer_key"])
        .create(manager)
        .await?;
    let claim = Table::of_tenants("routing_claim")
        .uuid("id")
        .uuid("case_id")
        .uuid("file_id")
        .uuid("transaction_id")
        .bigint("ordinal")
        .bigint("byte_offset");
    payer_and_facility(claim_numbers(claim))
        .text("facility_name")
        .text("line_of_business")
        .text("claim_type")
        .text("status")
        .boolean("reversal")
        .bigint("charge_cents")
        .bigint("paid_cents")
        .bigint("patient_cents")
        .bigint("denied_cents")
        .bigint("contractual_cents")
        .boolean("balanced")
        .maybe_date("service_starts_on")
        .maybe_date("service_ends_on")
        .date("remit_on")
        .bytes("document")
        .instant("posted_at")
        .key(&["tenant_id", "id"])
        .unique(&["tenant_id", "file_id", "ordinal"])
        .index(&["tenant_id", "case_id"])
        .index(&["tenant_id", "patient_control_number"])
        .index(&["tenant_id", "payer_claim_number"])
        .create(manager)
        .await?;
    // What a claim of more than 10,000 segments has beyond its first part.
    Table::of_tenants("routing_claim_part")
        .uuid("claim_id")
        .bigint("part")
        .bytes("document")
        .key(&["tenant_id", "claim_id", "part"])
        .create(manager)
        .await?;
    Table::of_tenants("routing_subject")
        .uuid("claim_id")
        .text("patient_name")
        .text("member_id")
        .text("medical_record_number")
        .key(&["tenant_id", "claim_id"])
        .create(manager)
        .await
}

fn claim_numbers(table: Table) -> Table {
    table.text("patient_control_number").text("payer_claim_number")
}

fn payer_and_facility(table: Table) -> Table {
    table
        .uuid("payer_id")
        .text("payer_slug")
        .text("payer_name")
        .uuid("facility_id")
        .text("facility_slug")
}

async fn denials(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let denial = Table::of_tenants("routing_denial")
        .uuid("id")
        .uuid("claim_id")
        .uuid("case_id")
        .uuid("file_id")
        .uuid("work_item_id");
    payer_and_facility(claim_numbers(denial))
        .bigint("line")
        .text("line_key")
        .text("group_code")
        .text("carc")
        .text("rarcs")
        .bigint("denied_cents")
        .bigint("charge_cents")
        .text("extent")
        .text("state")
        .text("lineage")
        .uuid("repeat_of")
        .text("record_class")
        .text("category")
        .text("owner_function")
        .text("owner_team")
        .text("next_action")
        .text("entry")
        .text("revision")
        .bytes("receipt")
        .text("service_line")
        .text("procedure_code")
        .text("modifiers")
        .text("revenue_code")
        .maybe_date("service_on")
        .date("remit_on")
        .text("purpose")
        .instant("posted_at")
        .key(&["tenant_id", "id"])
        .index(&["tenant_id", "posted_at", "id"])
        .index(&["tenant_id", "case_id"])
        .index(&["tenant_id", "claim_id"])
        .create(manager)
        .await
}

async fn work_items(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let item = Table::of_tenants("routing_work_item").uuid("id").uuid("claim_id").uuid("case_id");
    payer_and_facility(claim_numbers(item))
        .text("facility_name")
        .text("kind")
        .text("state")
        .text("category")
        .text("exception")
        .text("owner_function")
        .text("owner_team")
        .text("next_action")
        .text("deadline_rule")
        .date("due_on")
        .bigint("priority")
        .date("next_band_on")
        .bigint("at_stake_cents")
        .bigint("expected_cents")
        .maybe_date("service_on")
        .text("revision")
        .text("holder")
        .bytes("document")
        .bigint("version")
        .instant("created_at")
        .instant("updated_at")
        .key(&["tenant_id", "id"])
        .index(&["tenant_id", "state", "priority", "id"])
        .index(&["tenant_id", "owner_team", "state", "priority"])
        .index(&["tenant_id", "claim_id"])
        .index(&["tenant_id", "case_id"])
        .create(manager)
        .await
}
