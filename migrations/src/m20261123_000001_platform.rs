//! The platform's tables, and on PostgreSQL the role that applications are members of.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let database = manager.get_connection();
        if database.get_database_backend() == DbBackend::Postgres {
            database.execute_unprepared(ROLE).await?;
        }
        Table::of_tenants("platform_idempotency")
            .text("rpc")
            .uuid("request_id")
            .bytes("request_hash")
            .bytes("answer")
            .instant("created_at")
            .key(&["tenant_id", "rpc", "request_id"])
            .index(&["tenant_id", "created_at"])
            .create(manager)
            .await?;
        Table::of_tenants("platform_audit")
            .uuid("id")
            .instant("recorded_at")
            .text("kind")
            .text("actor")
            .text("client")
            .text("rpc")
            .text("request")
            .text("records")
            .text("fields")
            .key(&["tenant_id", "id"])
            .append_only()
            .create(manager)
            .await?;
        feeds(manager).await?;
        // No wall: a due row names work and holds no tenant's content, and the operator leases it.
        Table::of_operator("platform_due")
            .uuid("tenant_id")
            .text("kind")
            .uuid("key")
            .instant("due_at")
            .instant("leased_until")
            .int("attempts")
            .key(&["tenant_id", "kind", "key"])
            .index(&["kind", "due_at"])
            .create(manager)
            .await
    }
}

async fn feeds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let event = |table: Table| {
        table
            .uuid("id")
            .instant("occurred_at")
            .text("kind")
            .uuid("subject")
            .text("revision")
            .bytes("payload")
    };
    event(Table::of_tenants("platform_feed_pending").text("feed"))
        .key(&["tenant_id", "feed", "id"])
        .create(manager)
        .await?;
    event(Table::of_tenants("platform_feed_event").text("feed").bigint("seq"))
        .key(&["tenant_id", "feed", "seq"])
        .create(manager)
        .await?;
    Table::of_tenants("platform_feed_counter")
        .text("feed")
        .bigint("last")
        .key(&["tenant_id", "feed"])
        .create(manager)
        .await
}

/// Applications log in as members of this role; it owns nothing and row level security binds it.
const ROLE: &str = "DO $$ BEGIN \
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'overturn_app') THEN \
        CREATE ROLE overturn_app NOLOGIN NOSUPERUSER NOBYPASSRLS; \
    END IF; \
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; \
    END $$";
