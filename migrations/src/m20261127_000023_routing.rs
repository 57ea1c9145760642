//! Routing: what partner systems know of claims.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("routing_claim_context")
            .uuid("id")
            .uuid("payer_id")
            // The number of a claim: patient data, as much of the parts is.
            .text("patient_control_number")
            // A `overturn.routing.v1.ClaimContext` with its parts alone, in protobuf.
            .bytes("parts")
            .bigint("version")
            .instant("created_at")
            .instant("updated_at")
            .key(&["tenant_id", "id"])
            .unique(&["tenant_id", "patient_control_number", "payer_id"])
            .create(manager)
            .await
    }
}
