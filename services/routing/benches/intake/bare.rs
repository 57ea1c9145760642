//! Two databases of one engine: one that intake fills, one that is filled with the same rows by
//! nothing but inserts.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use migrations::Login;
use platform::clock::Clock;
use platform::tenant_tx::{Database, DatabaseSettings};
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous};
use sqlx::{
    AssertSqlSafe, Column, Connection, Executor, PgConnection, QueryBuilder, Row, SqliteConnection,
    TypeInfo, ValueRef,
};
use uuid::Uuid;

/// Everything intake writes by the row.
const TABLES: [&str; 12] = [
    "routing_file",
    "routing_transaction",
    "routing_case",
    "routing_claim",
    "routing_claim_part",
    "routing_subject",
    "routing_denial",
    "routing_denial_signature",
    "routing_signature",
    "routing_signature_year",
    "routing_work_item",
    "platform_feed_pending",
];
const LOGIN: &str = "overturn_bench_login";
const PASSWORD: &str = "overturn-bench";

pub(crate) struct Bare {
    folder: PathBuf,
    engine: Engine,
}

enum Engine {
    Sqlite { filled: String, empty: String },
    Postgres { root: String, filled: String, empty: String },
}

/// One value of a row.
enum Cell {
    Int(Option<i64>),
    Short(Option<i32>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Id(Option<Uuid>),
    Bool(Option<bool>),
    Day(Option<NaiveDate>),
    Instant(Option<DateTime<Utc>>),
}

/// The rows of one table.
struct Copied {
    table: &'static str,
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Bare {
    pub(crate) async fn sqlite() -> Self {
        let folder = folder();
        let url = |name: &str| format!("sqlite://{}", folder.join(name).display());
        let engine = Engine::Sqlite { filled: url("filled.db"), empty: url("empty.db") };
        Self { folder, engine }
    }

    pub(crate) async fn postgres(root: &str) -> Self {
        let id = platform::ids::new().simple().to_string();
        let (filled, empty) = (format!("bench_filled_{id}"), format!("bench_empty_{id}"));
        let mut connection = PgConnection::connect(root).await.expect("PostgreSQL answers");
        for name in [&filled, &empty] {
            let sql = format!("CREATE DATABASE {name}");
            connection.execute(AssertSqlSafe(sql)).await.expect("a superuser makes databases");
            let login = Login { name: LOGIN, password: Some(PASSWORD) };
            migrations::run(&at(root, name), Some(login)).await.expect("the schema is made");
        }
        let engine = Engine::Postgres { root: root.to_owned(), filled, empty };
        Self { folder: folder(), engine }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Opens what intake fills, as the service does.
    pub(crate) async fn open(&self) -> Database {
        let url = match &self.engine {
            Engine::Sqlite { filled, .. } => filled.clone(),
            Engine::Postgres { root, filled, .. } => {
                let options = PgConnectOptions::from_str(root).expect("it connected before");
                let (host, port) = (options.get_host(), options.get_port());
                format!("postgres://{LOGIN}:{PASSWORD}@{host}:{port}/{filled}")
            }
        };
        let settings = DatabaseSettings { url, ..DatabaseSettings::default() };
        Database::open(&settings, Clock::system()).await.expect("the database opens")
    }

    /// Writes the same rows into the empty database; how many, and how long it took.
    pub(crate) async fn copy(&self, transactions: usize) -> (usize, Duration) {
        match &self.engine {
            Engine::Sqlite { filled, empty } => copy_sqlite(filled, empty, transactions).await,
            Engine::Postgres { root, filled, empty } => {
                copy_postgres(&at(root, filled), &at(root, empty), transactions).await
            }
        }
    }

    pub(crate) async fn drop_all(&self) {
        std::fs::remove_dir_all(&self.folder).ok();
        let Engine::Postgres { root, filled, empty } = &self.engine else { return };
        let mut connection = PgConnection::connect(root).await.expect("PostgreSQL answers");
        for name in [filled, empty] {
            let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            connection.execute(AssertSqlSafe(sql)).await.expect("its maker may drop it");
        }
    }
}

fn folder() -> PathBuf {
    let name = format!("overturn-bench-{}", platform::ids::new().simple());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    folder
}

fn at(root: &str, database: &str) -> String {
    let (server, _) = root.rsplit_once('/').expect("a URL names its database");
    format!("{server}/{database}")
}

/// The part of `rows` that transaction `turn` of `turns` writes.
fn slice(rows: &[Vec<Cell>], turn: usize, turns: usize) -> &[Vec<Cell>] {
    let bound = |turn: usize| rows.len() * turn / turns;
    &rows[bound(turn)..bound(turn + 1)]
}

/// Begins a multi-row insert and binds its values; one body for both engines.
macro_rules! insert {
    ($engine:ty, $copied:expr, $some:expr) => {{
        let columns = $copied.columns.join(", ");
        let head = format!("INSERT INTO {} ({columns}) ", $copied.table);
        let mut query = QueryBuilder::<$engine>::new(head);
        query.push_values($some, |mut values, row| {
            for cell in row {
                match cell {
                    Cell::Int(value) => values.push_bind(*value),
                    Cell::Short(value) => values.push_bind(*value),
                    Cell::Text(value) => values.push_bind(value.as_deref()),
                    Cell::Bytes(value) => values.push_bind(value.as_deref()),
                    Cell::Id(value) => values.push_bind(*value),
                    Cell::Bool(value) => values.push_bind(*value),
                    Cell::Day(value) => values.push_bind(*value),
                    Cell::Instant(value) => values.push_bind(*value),
                };
            }
        });
        query
    }};
}

async fn copy_sqlite(filled: &str, empty: &str, turns: usize) -> (usize, Duration) {
    migrations::run(&format!("{empty}?mode=rwc"), None).await.expect("the schema is made");
    let options = |url: &str| {
        SqliteConnectOptions::from_str(url)
            .expect("we wrote the URL")
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "memory")
    };
    let mut from = SqliteConnection::connect_with(&options(filled)).await.expect("it opens");
    let mut tables = Vec::new();
    for table in TABLES {
        // As they lie: by rowid, or by key where a table has none.
        let sql = AssertSqlSafe(format!("SELECT * FROM {table}"));
        let rows = sqlx::query(sql).fetch_all(&mut from).await.expect("the rows are read");
        tables.push(copied(table, &rows, |row| row.columns().to_vec(), sqlite_cell));
    }
    let mut to = SqliteConnection::connect_with(&options(empty)).await.expect("it opens");
    let begun = Instant::now();
    for turn in 0..turns {
        let mut tx = to.begin().await.expect("it begins");
        for copied in &tables {
            let most = 32_000 / copied.columns.len().max(1);
            for some in slice(&copied.rows, turn, turns).chunks(most) {
                let mut query = insert!(sqlx::Sqlite, copied, some);
                query.build().execute(&mut *tx).await.expect("the rows are taken");
            }
        }
        tx.commit().await.expect("it commits");
    }
    (tables.iter().map(|copied| copied.rows.len()).sum(), begun.elapsed())
}

async fn copy_postgres(filled: &str, empty: &str, turns: usize) -> (usize, Duration) {
    let mut from = PgConnection::connect(filled).await.expect("it opens");
    let mut tables = Vec::new();
    for table in TABLES {
        let sql = AssertSqlSafe(format!("SELECT * FROM {table} ORDER BY ctid"));
        let rows = sqlx::query(sql).fetch_all(&mut from).await.expect("the rows are read");
        tables.push(copied(table, &rows, |row| row.columns().to_vec(), postgres_cell));
    }
    let mut to = PgConnection::connect(empty).await.expect("it opens");
    let begun = Instant::now();
    for turn in 0..turns {
        let mut tx = to.begin().await.expect("it begins");
        for copied in &tables {
            let most = 65_000 / copied.columns.len().max(1);
            for some in slice(&copied.rows, turn, turns).chunks(most) {
                let mut query = insert!(sqlx::Postgres, copied, some);
                query.build().execute(&mut *tx).await.expect("the rows are taken");
            }
        }
        tx.commit().await.expect("it commits");
    }
    (tables.iter().map(|copied| copied.rows.len()).sum(), begun.elapsed())
}

fn copied<R: Row, C: Column>(
    table: &'static str,
    rows: &[R],
    columns: impl Fn(&R) -> Vec<C>,
    cell: impl Fn(&R, usize) -> Cell,
) -> Copied {
    let columns = rows.first().map(columns).unwrap_or_default();
    let columns: Vec<String> = columns.iter().map(|column| column.name().to_owned()).collect();
    let whole = |row| (0..columns.len()).map(|at| cell(row, at)).collect();
    Copied { table, rows: rows.iter().map(whole).collect(), columns }
}

fn sqlite_cell(row: &SqliteRow, at: usize) -> Cell {
    let raw = row.try_get_raw(at).expect("the column is there");
    match raw.type_info().name() {
        "INTEGER" | "BOOLEAN" => Cell::Int(row.get_unchecked(at)),
        "BLOB" => Cell::Bytes(row.get_unchecked(at)),
        _ => Cell::Text(row.get_unchecked(at)),
    }
}

fn postgres_cell(row: &PgRow, at: usize) -> Cell {
    match row.column(at).type_info().name() {
        "INT8" => Cell::Int(row.get(at)),
        "INT4" => Cell::Short(row.get(at)),
        "BYTEA" => Cell::Bytes(row.get(at)),
        "UUID" => Cell::Id(row.get(at)),
        "BOOL" => Cell::Bool(row.get(at)),
        "DATE" => Cell::Day(row.get(at)),
        "TIMESTAMPTZ" => Cell::Instant(row.get(at)),
        _ => Cell::Text(row.get(at)),
    }
}
