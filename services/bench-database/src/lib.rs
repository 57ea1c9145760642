//! A fresh, migrated database for a bench: PostgreSQL where `DATABASE_URL` names a superuser's
//! database, else SQLite in a temporary folder. It is gone afterwards. For benches, and for what a
//! unit test asks of both engines.

use migrations::Login;
use platform::clock::Clock;
use platform::tenant_tx::{Database, DatabaseSettings};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

const LOGIN: &str = "overturn_bench_login";
const PASSWORD: &str = "overturn-bench";

/// Runs `measure` with the engine's name and the database.
///
/// # Panics
/// When there is no such database to be had.
pub async fn on<R>(clock: Clock, measure: impl AsyncFnOnce(&'static str, Database) -> R) -> R {
    match postgres_url() {
        Some(url) => on_postgres(&url, clock, measure).await,
        None => on_sqlite(clock, measure).await,
    }
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the bench says where PostgreSQL is")]
fn postgres_url() -> Option<String> {
    std::env::var("DATABASE_URL").ok().filter(|url| url.starts_with("postgres"))
}

async fn opened(url: String, clock: Clock) -> Database {
    let settings = DatabaseSettings { url, ..DatabaseSettings::default() };
    Database::open(&settings, clock).await.expect("the database opens")
}

async fn on_sqlite<R>(clock: Clock, measure: impl AsyncFnOnce(&'static str, Database) -> R) -> R {
    let name = format!("overturn-bench-{}", platform::ids::new().simple());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    let database = opened(format!("sqlite://{}/bench.db", folder.display()), clock).await;
    let measured = measure("SQLite", database).await;
    std::fs::remove_dir_all(&folder).ok();
    measured
}

async fn on_postgres<R>(
    root: &str,
    clock: Clock,
    measure: impl AsyncFnOnce(&'static str, Database) -> R,
) -> R {
    let name = format!("overturn_bench_{}", platform::ids::new().simple());
    let mut connection = PgConnection::connect(root).await.expect("PostgreSQL answers");
    let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    connection.execute(create).await.expect("a superuser makes databases");
    let (server, _) = root.rsplit_once('/').expect("a URL names its database");
    let login = Login { name: LOGIN, password: Some(PASSWORD) };
    migrations::run(&format!("{server}/{name}"), Some(login)).await.expect("the schema is made");
    let options: PgConnectOptions = root.parse().expect("it connected before");
    let (host, port) = (options.get_host(), options.get_port());
    let url = format!("postgres://{LOGIN}:{PASSWORD}@{host}:{port}/{name}");
    let measured = measure("PostgreSQL", opened(url, clock).await).await;
    let drop = AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    connection.execute(drop).await.expect("its maker may drop it");
    measured
}
