//! The identity service's tables: tenants and what stands inside them, who may act, signing keys.

use sea_orm_migration::prelude::*;

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tenants(manager).await?;
        facilities(manager).await?;
        people(manager).await?;
        applications(manager).await?;
        // Private keys are sealed under the master key; a generation is made once, by whoever
        // comes first.
        Table::of_operator("identity_signing_key")
            .bigint("generation")
            .text("kid")
            .text("public_key")
            .bytes("sealed_key")
            .instant("signs_from")
            .instant("created_at")
            .key(&["generation"])
            .create(manager)
            .await
    }
}

fn versioned(table: Table) -> Table {
    table.instant("created_at").instant("updated_at").bigint("version")
}

async fn tenants(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    versioned(
        Table::of_tenants("identity_tenant")
            .text("slug")
            .text("display_name")
            .text("state")
            .text("time_zone")
            .text("holiday_calendar")
            .bigint("remittance_bytes_max")
            .bigint("claims_per_day_max")
            .int("calls_per_second_max")
            .int("users_max"),
    )
    .key(&["tenant_id"])
    .create(manager)
    .await?;
    // Names that are looked up before a tenant is known. `realm` is empty for names that are
    // unique in the installation, the tenant's id for those that are unique in the tenant: the
    // one table whose uniqueness may cross tenants.
    Table::of_tenants_read_by_all("identity_directory")
        .text("kind")
        .text("name")
        .text("realm")
        .uuid("subject")
        .instant("created_at")
        .key(&["tenant_id", "kind", "name"])
        .unique(&["kind", "name", "realm"])
        .create(manager)
        .await
}

async fn facilities(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    versioned(
        Table::of_tenants("identity_facility")
            .uuid("id")
            .text("slug")
            .text("display_name")
            .text("ccn")
            .text("state_code")
            .text("time_zone"),
    )
    .key(&["tenant_id", "id"])
    .unique(&["tenant_id", "slug"])
    .create(manager)
    .await?;
    Table::of_tenants("identity_facility_npi")
        .text("npi")
        .uuid("facility_id")
        .key(&["tenant_id", "npi"])
        .index(&["tenant_id", "facility_id"])
        .create(manager)
        .await?;
    Table::of_tenants("identity_facility_tax_id")
        .text("tax_id")
        .uuid("facility_id")
        .key(&["tenant_id", "tax_id", "facility_id"])
        .index(&["tenant_id", "facility_id"])
        .create(manager)
        .await?;
    versioned(
        Table::of_tenants("identity_service_line")
            .uuid("id")
            .text("slug")
            .text("display_name")
            .text("rules"),
    )
    .key(&["tenant_id", "id"])
    .unique(&["tenant_id", "slug"])
    .create(manager)
    .await?;
    versioned(
        Table::of_tenants("identity_team")
            .uuid("id")
            .text("slug")
            .text("display_name")
            .text("owner_functions")
            .text("facility_ids"),
    )
    .key(&["tenant_id", "id"])
    .unique(&["tenant_id", "slug"])
    .create(manager)
    .await
}

async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    versioned(
        Table::of_tenants("identity_user")
            .uuid("id")
            .text("email")
            .text("email_key")
            .text("display_name")
            .text("state"),
    )
    .key(&["tenant_id", "id"])
    .unique(&["tenant_id", "email_key"])
    .create(manager)
    .await?;
    // A user's roles, teams and facilities: `kind` says which, `value` is a name or an id.
    Table::of_tenants("identity_user_link")
        .uuid("user_id")
        .text("kind")
        .text("value")
        .key(&["tenant_id", "user_id", "kind", "value"])
        .index(&["tenant_id", "kind", "value"])
        .create(manager)
        .await
}

async fn applications(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    versioned(
        Table::of_tenants("identity_service_account")
            .uuid("id")
            .text("client_id")
            .text("display_name")
            .text("scopes")
            .text("state"),
    )
    .key(&["tenant_id", "id"])
    .unique(&["tenant_id", "client_id"])
    .create(manager)
    .await?;
    Table::of_tenants("identity_service_account_key")
        .uuid("account_id")
        .text("kid")
        .text("algorithm")
        .text("jwk")
        .maybe_instant("expires_at")
        .key(&["tenant_id", "account_id", "kid"])
        .create(manager)
        .await?;
    // One row per used assertion: the key is what makes a second use fail.
    Table::of_tenants("identity_assertion")
        .uuid("account_id")
        .text("jti")
        .instant("expires_at")
        .key(&["tenant_id", "account_id", "jti"])
        .index(&["tenant_id", "account_id", "expires_at"])
        .create(manager)
        .await
}
