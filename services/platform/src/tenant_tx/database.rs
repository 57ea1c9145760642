//! The pools: one writer and some readers on SQLite, one shared pool on PostgreSQL.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, DbErr};
use serde::Deserialize;
use sqlx::Executor;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use super::open::Open;
use super::{Purpose, TenantTx, begin};
use crate::access::Caller;
use crate::clock::Clock;
use crate::events::Hints;

/// Where the rows live, section `database` of the configuration.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `sqlite://PATH` or `postgres://USER:PASSWORD@HOST/NAME` (a secret: never logged).
    pub url: String,
    /// Connections at most; SQLite adds one for writing.
    pub connections: u32,
    /// How long a call waits for a connection, or for the SQLite writer, in milliseconds.
    pub acquire_timeout_ms: u64,
    /// How long one statement may run on PostgreSQL, in milliseconds.
    pub statement_timeout_ms: u64,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self {
            url: "sqlite://overturn.db".to_owned(),
            connections: 16,
            acquire_timeout_ms: 5_000,
            statement_timeout_ms: 30_000,
        }
    }
}

impl fmt::Debug for DatabaseSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabaseSettings")
            .field("engine", &self.url.split(':').next().unwrap_or_default())
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names no engine we run on.
    #[error("database.url must start with sqlite:// or postgres://")]
    Url,
    /// The database could not be reached or read.
    #[error("the database cannot be opened")]
    Database(#[from] DbErr),
    /// The schema is older or newer than this binary.
    #[error("the database lacks {0} migration(s); run `overturn migrate` as its owner first")]
    Schema(usize),
    /// Row level security would not bind this role.
    #[error(
        "the database role is a superuser, bypasses row level security or owns the tables; \
         connect as a member of overturn_app"
    )]
    Role,
}

/// The pools. It hands out transactions that already know their tenant, and nothing else.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    clock: Clock,
    hints: Hints,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("engine", &self.0.writer.get_database_backend())
            .finish_non_exhaustive()
    }
}

impl Database {
    /// Opens the pools and checks the schema: SQLite migrates itself, PostgreSQL is only compared.
    ///
    /// # Errors
    /// When the database cannot be reached, its schema is another, or (PostgreSQL) the role is one
    /// that row level security does not bind.
    pub async fn open(settings: &DatabaseSettings, clock: Clock) -> Result<Self, OpenError> {
        let (reader, writer) = if settings.url.starts_with("sqlite://") {
            let writer = sqlite(settings, 1).await?;
            migrations::migrate(&writer).await?;
            (sqlite(settings, settings.connections).await?, writer)
        } else if settings.url.starts_with("postgres") {
            let pool = postgres(settings).await?;
            let missing = migrations::missing(&pool).await?;
            if missing > 0 {
                return Err(OpenError::Schema(missing));
            }
            if !migrations::role_is_bound(&pool).await? {
                return Err(OpenError::Role);
            }
            (pool.clone(), pool)
        } else {
            return Err(OpenError::Url);
        };
        Ok(Self(Arc::new(Inner { reader, writer, clock, hints: Hints::default() })))
    }

    /// Opens a transaction that reads `caller`'s tenant.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn read(&self, caller: &Caller) -> Result<TenantTx, DbErr> {
        self.enter(caller, Purpose::Read).await
    }

    /// Opens a transaction that reads `caller`'s tenant as it stands at its first statement,
    /// however many follow.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn read_still(&self, caller: &Caller) -> Result<TenantTx, DbErr> {
        let tx = self.read(caller).await?;
        if tx.backend() == DbBackend::Postgres {
            // SQLite's readers see one state anyway. Nothing was asked so far, so it may be set.
            tx.inner
                .execute_unprepared("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                .await?;
        }
        Ok(tx)
    }

    /// Opens a transaction that changes `caller`'s tenant; its commit is audited.
    ///
    /// A mutation by a request goes through [`Database::mutate`]; this is for work that spans
    /// several transactions.
    ///
    /// # Errors
    /// When no connection can be had, or SQLite's writer stays busy.
    pub async fn begin(&self, caller: &Caller) -> Result<TenantTx, DbErr> {
        self.enter(caller, Purpose::Change).await
    }

    /// Opens a transaction for the platform's own rows.
    pub(crate) async fn keep_books(&self, caller: &Caller) -> Result<TenantTx, DbErr> {
        self.enter(caller, Purpose::Bookkeeping).await
    }

    /// The clock that instants of rows come from.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Wakes readers of feeds after a commit.
    #[must_use]
    pub fn hints(&self) -> &Hints {
        &self.0.hints
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), DbErr> {
        let tx = begin(&self.0.reader, false).await?;
        tx.execute_unprepared("SELECT 1").await?;
        tx.commit().await
    }

    pub(super) fn reader(&self) -> &DatabaseConnection {
        &self.0.reader
    }

    pub(super) fn writer(&self) -> &DatabaseConnection {
        &self.0.writer
    }

    async fn enter(&self, caller: &Caller, purpose: Purpose) -> Result<TenantTx, DbErr> {
        // Tasks that hold one connection and wait for another can empty a pool for good.
        debug_assert!(!super::open_here(), "this task holds a transaction already");
        let writes = purpose != Purpose::Read;
        let pool = if writes { self.writer() } else { self.reader() };
        let inner = begin(pool, writes).await?;
        if inner.get_database_backend() == DbBackend::Postgres {
            // The statement, not set_config(): Citus propagates only this form. A UUID prints as
            // hexadecimal digits and dashes, whatever it holds.
            let tenant = caller.tenant().as_uuid();
            inner.execute_unprepared(&format!("SET LOCAL app.tenant_id = '{tenant}'")).await?;
        }
        Ok(TenantTx {
            caller: caller.clone(),
            inner,
            purpose,
            clock: self.0.clock.clone(),
            hints: self.0.hints.clone(),
            emitted: AtomicBool::new(false),
            _open: Open::here(),
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that opens pools")]
async fn connect(options: ConnectOptions) -> Result<DatabaseConnection, DbErr> {
    sea_orm::Database::connect(options).await
}

async fn sqlite(
    settings: &DatabaseSettings,
    connections: u32,
) -> Result<DatabaseConnection, OpenError> {
    let patience = Duration::from_millis(settings.acquire_timeout_ms);
    SqliteConnectOptions::from_str(&settings.url).map_err(|_| OpenError::Url)?;
    let mut options = ConnectOptions::new(settings.url.clone());
    options
        .max_connections(connections)
        .acquire_timeout(patience)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(true)
                .busy_timeout(patience)
                .journal_mode(SqliteJournalMode::Wal)
                // What was acknowledged survives a power cut, not only a crash of the process.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .pragma("cache_size", "-65536")
                .pragma("temp_store", "memory")
                .statement_cache_capacity(256)
        });
    Ok(connect(options).await?)
}

async fn postgres(settings: &DatabaseSettings) -> Result<DatabaseConnection, OpenError> {
    let statement = settings.statement_timeout_ms.to_string();
    let mut options = ConnectOptions::new(settings.url.clone());
    options
        .max_connections(settings.connections)
        .acquire_timeout(Duration::from_millis(settings.acquire_timeout_ms))
        .sqlx_logging(false)
        .test_before_acquire(false)
        .map_sqlx_postgres_opts(move |postgres| {
            postgres.application_name("overturn").options([
                ("statement_timeout", statement.as_str()),
                ("idle_in_transaction_session_timeout", "10000"),
                ("client_min_messages", "warning"),
            ])
        })
        // A connection whose BEGIN was cancelled comes back inside a transaction that sqlx does
        // not know of; a bare ROLLBACK would write a warning to the server's log every time.
        .map_sqlx_postgres_before_acquire(|connection, _| {
            Box::pin(async move { connection.execute("BEGIN; ROLLBACK").await.map(|_| true) })
        });
    Ok(connect(options).await?)
}
