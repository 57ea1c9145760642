//! Routing: history folded by year, and denials that are read where they are sorted.
//!
//! A replay reads whole histories. A row a signature and month was thirteen rows a signature, each
//! found by itself; a row a year is two, and all of a tenant's lie side by side.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

#[sea_orm_migration::async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let year = Table::of_tenants("routing_signature_year").uuid("signature").int("year");
        // In a row, and not beside it: what a month counts is added to, whatever was there.
        let year = MONTHS.iter().fold(year, |year, month| {
            year.bigint(&format!("denials_{month}")).bigint(&format!("cents_{month}"))
        });
        year.key(&["tenant_id", "signature", "year"]).clustered().create(manager).await?;
        let database = manager.get_connection();
        let postgres = database.get_database_backend() == DbBackend::Postgres;
        for statement in if postgres { on_postgres() } else { on_sqlite() } {
            database.execute_unprepared(&statement).await?;
        }
        denials(manager).await
    }
}

/// Rows of years, of which `value` says what a month of a kind counts, by its number.
fn years(of: &str, value: impl Fn(usize, &str) -> String) -> String {
    let (mut names, mut values) = (String::new(), String::new());
    for (at, month) in (1..).zip(MONTHS) {
        for what in ["denials", "cents"] {
            names.push_str(&format!(", {what}_{month}"));
            values.push_str(&format!(", {}", value(at, what)));
        }
    }
    format!(
        "INSERT INTO routing_signature_year (tenant_id, signature, year{names}) \
         SELECT {of}tenant_id, {of}signature, {of}month / 100{values}"
    )
}

/// What months hold.
fn copied() -> String {
    let years =
        years("", |at, what| format!("sum(CASE month % 100 WHEN {at} THEN {what} ELSE 0 END)"));
    format!("{years} FROM routing_signature_month GROUP BY tenant_id, signature, month / 100")
}

/// What a binary that knows no years adds to a month.
fn carried(before: &str) -> String {
    let years = years("NEW.", |at, what| {
        let before = if before.is_empty() { String::new() } else { format!(" - {before}{what}") };
        format!("CASE NEW.month % 100 WHEN {at} THEN NEW.{what}{before} ELSE 0 END")
    });
    let add = |month: &str| {
        ["denials", "cents"].map(|what| {
            let column = format!("{what}_{month}");
            format!("{column} = routing_signature_year.{column} + excluded.{column}")
        })
    };
    let sums: Vec<String> = MONTHS.into_iter().flat_map(add).collect();
    // Without a condition SQLite takes ON for that of a join.
    format!(
        "{years} WHERE true ON CONFLICT (tenant_id, signature, year) DO UPDATE SET {}",
        sums.join(", ")
    )
}

/// The name of a trigger, what it follows, and what was there before.
const CARRIES: [[&str; 3]; 2] = [
    ["routing_signature_month_added", "INSERT", ""],
    ["routing_signature_month_changed", "UPDATE OF denials, cents", "OLD."],
];

fn on_sqlite() -> Vec<String> {
    let trigger = |[name, event, before]: [&str; 3]| {
        format!(
            "CREATE TRIGGER {name} AFTER {event} ON routing_signature_month BEGIN {}; END",
            carried(before)
        )
    };
    std::iter::once(copied()).chain(CARRIES.map(trigger)).collect()
}

/// The wall binds the owner as well, who steps out of it to copy: within this transaction, and
/// with both tables locked until it ends.
fn on_postgres() -> Vec<String> {
    let walls = |how: &str| {
        ["routing_signature_month", "routing_signature_year"]
            .map(|table| format!("ALTER TABLE {table} {how} ROW LEVEL SECURITY"))
    };
    let trigger = |[name, event, before]: [&str; 3]| {
        let carried = carried(before);
        let function = format!(
            "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             {carried}; RETURN NULL; END $$"
        );
        let trigger = format!(
            "CREATE TRIGGER {name} AFTER {event} ON routing_signature_month \
             FOR EACH ROW EXECUTE FUNCTION {name}()"
        );
        [function, trigger]
    };
    let copy = walls("NO FORCE").into_iter().chain([copied()]).chain(walls("FORCE"));
    copy.chain(CARRIES.into_iter().flat_map(trigger)).collect()
}

/// A residual signature is read denial by denial: with all that is asked of them in the index,
/// they lie side by side, and not one by one where they were written.
async fn denials(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "routing_denial_signature";
    let mut index = Index::create();
    index.name("ix_routing_denial_signature_read").table(Alias::new(table));
    // By signature first: SQLite would else take it for what is asked by ids, and go through all
    // denials of a tenant.
    for column in [
        "signature",
        "tenant_id",
        "remit_on",
        "denial_id",
        "denied_cents",
        "service_on",
        "claim_service_on",
        "payer_received_on",
    ] {
        index.col(Alias::new(column));
    }
    manager.create_index(index).await?;
    let mut narrow = Index::drop();
    narrow.name("ix_routing_denial_signature_signature_remit_on_denial_id");
    manager.drop_index(narrow.table(Alias::new(table)).to_owned()).await
}
