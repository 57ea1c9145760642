//! The owner's acts: migrate by URL, and let a login use the schema.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DbBackend, TransactionTrait,
};

use crate::migrate;

/// A PostgreSQL login for applications.
#[derive(Clone, Copy)]
pub struct Login<'l> {
    /// Its name: letters, digits and underscores.
    pub name: &'l str,
    /// Its password; `None` leaves the one it has.
    pub password: Option<&'l str>,
}

impl std::fmt::Debug for Login<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Migrates the database at `url` as its owner and lets `login` use it; answers how many steps
/// were applied.
///
/// # Errors
/// When the database cannot be reached, a step fails, or the login's name is not a plain one.
#[expect(clippy::disallowed_methods, reason = "migrating is the owner's act, outside any service")]
pub async fn run(url: &str, login: Option<Login<'_>>) -> Result<usize, DbErr> {
    let database = Database::connect(url).await?;
    let postgres = database.get_database_backend() == DbBackend::Postgres;
    let missing = if postgres { crate::missing(&database).await? } else { 0 };
    migrate(&database).await?;
    if let Some(login) = login {
        if !postgres {
            return Err(DbErr::Custom("SQLite has no logins".to_owned()));
        }
        grant(&database, login).await?;
    }
    database.close().await?;
    Ok(missing)
}

async fn grant(database: &DatabaseConnection, login: Login<'_>) -> Result<(), DbErr> {
    let name = login.name;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(plain) {
        return Err(DbErr::Custom("a login's name is letters, digits and underscores".to_owned()));
    }
    let tx = database.begin().await?;
    tx.execute_unprepared(&format!(
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{name}') THEN \
         CREATE ROLE {name} LOGIN NOSUPERUSER NOBYPASSRLS; END IF; END $$"
    ))
    .await?;
    if let Some(password) = login.password {
        // DDL takes no parameters: a quote in a literal is doubled.
        let quoted = password.replace('\'', "''");
        tx.execute_unprepared(&format!("ALTER ROLE {name} PASSWORD '{quoted}'")).await?;
    }
    tx.execute_unprepared(&format!("GRANT overturn_app TO {name}")).await?;
    tx.commit().await
}
