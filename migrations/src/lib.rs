//! The schema, a file per step, named after the service that owns its tables.
//!
//! Invariants: a table name starts with its owner; every table of tenants' rows is made by
//! `Table::of_tenants`, so that its keys begin with `tenant_id` and PostgreSQL forces row
//! level security on it. Steps only add: an old and a new binary run side by side.

mod login;
mod m20261123_000001_platform;
mod m20261123_000002_identity;
mod m20261123_000003_dictionary;
mod m20261123_000004_routing;
mod m20261126_000005_platform;
mod m20261126_000006_platform;
mod m20261126_000007_dictionary;
mod m20261126_000008_routing;
mod m20261126_000009_dictionary;
mod m20261126_000010_dictionary;
mod m20261126_000011_routing;
mod m20261126_000012_dictionary;
mod m20261127_000013_dictionary;
mod m20261127_000014_dictionary;
mod m20261127_000015_routing;
mod m20261127_000016_routing;
mod m20261127_000017_routing;
mod m20261127_000018_routing;
mod m20261127_000019_routing;
mod m20261127_000020_routing;
mod m20261127_000021_routing;
mod m20261127_000022_routing;
mod m20261127_000023_routing;
mod m20261127_000025_routing;
mod m20261127_000026_routing;
mod m20261127_000027_routing;
mod m20261127_000028_routing;
mod m20261127_000029_appeals;
mod m20261127_000030_routing;
mod m20261127_000031_routing;
mod m20261127_000032_platform;
mod m20261127_000033_appeals;
mod m20261128_000035_routing;
mod m20261128_000036_routing;
mod m20261128_000037_platform;
mod m20261128_000040_appeals;
mod m20261128_000041_appeals;
mod table;

pub use login::{Login, run};

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait,
};

/// A number all migrating processes agree on, for PostgreSQL's advisory lock.
const LOCK: i64 = 0x004f_5645_5254_5552;

/// The steps in order.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_platform::Migration),
            Box::new(m20261123_000002_identity::Migration),
            Box::new(m20261123_000003_dictionary::Migration),
            Box::new(m20261123_000004_routing::Migration),
            Box::new(m20261126_000005_platform::Migration),
            Box::new(m20261126_000006_platform::Migration),
            Box::new(m20261126_000007_dictionary::Migration),
            Box::new(m20261126_000008_routing::Migration),
            Box::new(m20261126_000009_dictionary::Migration),
            Box::new(m20261126_000010_dictionary::Migration),
            Box::new(m20261126_000011_routing::Migration),
            Box::new(m20261126_000012_dictionary::Migration),
            Box::new(m20261127_000013_dictionary::Migration),
            Box::new(m20261127_000014_dictionary::Migration),
            Box::new(m20261127_000015_routing::Migration),
            Box::new(m20261127_000016_routing::Migration),
            Box::new(m20261127_000017_routing::Migration),
            Box::new(m20261127_000018_routing::Migration),
            Box::new(m20261127_000019_routing::Migration),
            Box::new(m20261127_000020_routing::Migration),
            Box::new(m20261127_000021_routing::Migration),
            Box::new(m20261127_000022_routing::Migration),
            Box::new(m20261127_000023_routing::Migration),
            Box::new(m20261127_000025_routing::Migration),
            Box::new(m20261127_000026_routing::Migration),
            Box::new(m20261127_000027_routing::Migration),
            Box::new(m20261127_000028_routing::Migration),
            Box::new(m20261127_000029_appeals::Migration),
            Box::new(m20261127_000030_routing::Migration),
            Box::new(m20261127_000031_routing::Migration),
            Box::new(m20261127_000032_platform::Migration),
            Box::new(m20261127_000033_appeals::Migration),
            Box::new(m20261128_000035_routing::Migration),
            Box::new(m20261128_000036_routing::Migration),
            Box::new(m20261128_000037_platform::Migration),
            Box::new(m20261128_000040_appeals::Migration),
            Box::new(m20261128_000041_appeals::Migration),
        ]
    }
}

/// Brings the schema up to date; concurrent calls wait for one another.
///
/// # Errors
/// When the database refuses a step.
pub async fn migrate(database: &DatabaseConnection) -> Result<(), DbErr> {
    if database.get_database_backend() != DbBackend::Postgres {
        return Migrator::up(database, None).await;
    }
    // The lock lives in a transaction of its own connection, so a killed process gives it back.
    let guard = database.begin().await?;
    guard.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    Migrator::up(database, None).await?;
    guard.execute_unprepared("GRANT SELECT ON seaql_migrations TO overturn_app").await?;
    guard.commit().await
}

/// How many steps of this binary the database has not seen; reads only.
///
/// # Errors
/// When the database cannot be read.
pub async fn missing(database: &DatabaseConnection) -> Result<usize, DbErr> {
    let steps: Vec<String> =
        Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    let tx = database.begin().await?;
    let there = "SELECT to_regclass('seaql_migrations') IS NOT NULL AS yes";
    let there = tx.query_one_raw(Statement::from_string(DbBackend::Postgres, there)).await?;
    if !there.map_or(Ok(false), |row| row.try_get::<bool>("", "yes"))? {
        return Ok(steps.len());
    }
    let seen = "SELECT version FROM seaql_migrations";
    let seen = tx.query_all_raw(Statement::from_string(DbBackend::Postgres, seen)).await?;
    let seen: Vec<String> =
        seen.iter().map(|row| row.try_get("", "version")).collect::<Result<_, _>>()?;
    tx.commit().await?;
    Ok(steps.iter().filter(|step| !seen.contains(step)).count())
}

/// Whether row level security binds the connected role: no superuser, no bypass, not the owner.
///
/// # Errors
/// When the catalog cannot be read.
pub async fn role_is_bound(database: &DatabaseConnection) -> Result<bool, DbErr> {
    let sql = "SELECT NOT r.rolsuper AND NOT r.rolbypassrls AND NOT EXISTS ( \
               SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname = current_schema() AND c.relkind = 'r' \
               AND pg_has_role(c.relowner, 'USAGE')) AS bound \
               FROM pg_roles r WHERE r.rolname = current_user";
    let tx = database.begin().await?;
    let row = tx.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    tx.commit().await?;
    row.map_or(Ok(false), |row| row.try_get::<bool>("", "bound"))
}
