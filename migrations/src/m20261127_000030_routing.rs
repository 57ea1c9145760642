//! Routing: what is usual with payers, counted as claims are posted and denials settled.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::of_tenants("routing_usual_allowed")
            .uuid("payer_id")
            .bigint("claims")
            .bigint("charged_cents")
            .bigint("allowed_cents")
            .key(&["tenant_id", "payer_id"])
            .create(manager)
            .await?;
        Table::of_tenants("routing_usual_outcome")
            .uuid("payer_id")
            .text("group_code")
            .text("carc")
            .bigint("settled")
            // Twice those that were overturned whole, and once those that were in part.
            .bigint("won_halves")
            .key(&["tenant_id", "payer_id", "group_code", "carc"])
            .create(manager)
            .await?;
        let database = manager.get_connection();
        let postgres = database.get_database_backend() == DbBackend::Postgres;
        for statement in if postgres { on_postgres() } else { COPIES.map(str::to_owned).into() } {
            database.execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}

/// What was posted and settled before.
const COPIES: [&str; 2] = [
    "INSERT INTO routing_usual_allowed \
     (tenant_id, payer_id, claims, charged_cents, allowed_cents) \
     SELECT tenant_id, payer_id, count(*), sum(charge_cents), sum(paid_cents + patient_cents) \
     FROM routing_claim \
     WHERE NOT reversal AND status IN ('1', '19') AND denied_cents = 0 AND paid_cents > 0 \
     AND paid_cents + patient_cents BETWEEN 1 AND charge_cents \
     GROUP BY tenant_id, payer_id",
    "INSERT INTO routing_usual_outcome \
     (tenant_id, payer_id, group_code, carc, settled, won_halves) \
     SELECT tenant_id, payer_id, group_code, carc, count(*), \
     sum(CASE state WHEN 'CLOSED' THEN 0 WHEN 'PARTIALLY_OVERTURNED' THEN 1 ELSE 2 END) \
     FROM routing_denial \
     WHERE state IN ('OVERTURNED', 'CORRECTED', 'PARTIALLY_OVERTURNED', 'CLOSED') \
     GROUP BY tenant_id, payer_id, group_code, carc",
];

/// The wall binds the owner as well, who steps out of it to copy: within this transaction, and
/// with the tables locked until it ends.
fn on_postgres() -> Vec<String> {
    let walls = |how: &str| {
        ["routing_claim", "routing_denial", "routing_usual_allowed", "routing_usual_outcome"]
            .map(|table| format!("ALTER TABLE {table} {how} ROW LEVEL SECURITY"))
    };
    let copies = COPIES.map(str::to_owned);
    walls("NO FORCE").into_iter().chain(copies).chain(walls("FORCE")).collect()
}
