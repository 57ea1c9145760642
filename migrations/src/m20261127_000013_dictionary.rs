//! Dictionary: how far tenants have looked at releases, and changes of the committee that wait.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The number of the operator's last release of a set that a tenant compared with its
        // dictionary.
        Table::of_tenants("dictionary_release_seen")
            .text("code_set")
            .bigint("number")
            .key(&["tenant_id", "code_set"])
            .create(manager)
            .await?;
        committee(manager).await
    }
}

async fn committee(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // One that waits a tenant: the key says so.
    Table::of_tenants("dictionary_committee_proposal")
        .text("hash")
        .bigint("base_version")
        .text("title")
        .text("time_zone")
        .bytes("document")
        .text("author")
        .text("reason")
        .instant("created_at")
        .key(&["tenant_id"])
        .create(manager)
        .await?;
    // By what right a version of the committee stands.
    Table::of_tenants("dictionary_committee_consent")
        .bigint("version")
        .text("cause")
        .text("author")
        // Empty where nobody had to: of the first version, and of a holder's own seat.
        .text("confirmed_by")
        .text("hash")
        .text("reason")
        .instant("created_at")
        .key(&["tenant_id", "version"])
        .check(
            "confirmed_by <> author AND (cause <> 'first' OR version = 1) \
             AND (confirmed_by <> '' OR cause IN ('first', 'delegated'))",
        )
        .append_only()
        .create(manager)
        .await?;
    let database = manager.get_connection();
    let statements: &[&str] = match database.get_database_backend() {
        DbBackend::Postgres => &CONSENT_ON_POSTGRES,
        _ => &CONSENT_ON_SQLITE,
    };
    for statement in statements {
        database.execute_unprepared(statement).await?;
    }
    Ok(())
}

/// A version that is remembered has a consent; a key cannot be added to a table that is there.
const CONSENT_ON_SQLITE: [&str; 1] =
    ["CREATE TRIGGER dictionary_committee_version_consent AFTER INSERT \
      ON dictionary_committee_version WHEN NOT EXISTS ( \
      SELECT 1 FROM dictionary_committee_consent \
      WHERE tenant_id = NEW.tenant_id AND version = NEW.version) \
      BEGIN SELECT RAISE(ABORT, 'a version of the committee without consent'); END"];

const CONSENT_ON_POSTGRES: [&str; 2] = [
    "CREATE FUNCTION dictionary_committee_consented() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     IF NOT EXISTS (SELECT 1 FROM dictionary_committee_consent c \
     WHERE c.tenant_id = NEW.tenant_id AND c.version = NEW.version) \
     THEN RAISE EXCEPTION 'a version of the committee without consent'; END IF; \
     RETURN NEW; END $$",
    "CREATE TRIGGER dictionary_committee_version_consent AFTER INSERT \
     ON dictionary_committee_version FOR EACH ROW \
     EXECUTE FUNCTION dictionary_committee_consented()",
];
