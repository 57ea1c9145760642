//! Databases for tests: a folder with a SQLite file, or a database cloned from a migrated template.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, Executor, PgConnection};
use tokio::sync::OnceCell;

/// The owner of test schemas, and the login the product uses: a member of `overturn_app`.
const OWNER: &str = "overturn_test_owner";
const LOGIN: &str = "overturn_test_login";
const PASSWORD: &str = "overturn-test";

static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static CLONING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// One test's database and folder; both go with it.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    url: String,
    owner_url: String,
    database: Option<String>,
}

#[expect(clippy::disallowed_methods, reason = "the test run says which stores to use")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether this run is on PostgreSQL.
#[must_use]
pub fn on_postgres() -> bool {
    variable("STORE").as_deref() == Some("postgres")
}

impl Store {
    /// A new, empty, migrated database of the kind this run is about.
    pub async fn fresh() -> Self {
        let id = platform::ids::new().simple().to_string();
        // In memory where there is such a place: every commit is synced, and disks are slow.
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let folder = base.join(format!("overturn-test-{id}"));
        std::fs::create_dir_all(&folder).unwrap();
        if !on_postgres() {
            let url = format!("sqlite://{}/overturn.db", folder.display());
            return Self { folder, owner_url: url.clone(), url, database: None };
        }
        let template = TEMPLATE.get_or_init(template).await;
        let name = format!("overturn_test_{id}");
        let _one_at_a_time = CLONING.lock().await;
        let mut root = root().await;
        root.execute(sqlx::AssertSqlSafe(format!(
            "CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER}"
        )))
        .await
        .unwrap();
        Self {
            folder,
            url: url_of(LOGIN, &name),
            owner_url: url_of(OWNER, &name),
            database: Some(name),
        }
    }

    /// Where the product connects.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the schema's owner connects: for a ledger kept outside the product.
    #[must_use]
    pub fn owner_url(&self) -> &str {
        &self.owner_url
    }

    /// A connection that no wall binds: what is really there, on PostgreSQL.
    ///
    /// # Panics
    /// On SQLite, and when PostgreSQL does not answer.
    pub async fn superuser(&self) -> PgConnection {
        let database = self.database.as_ref().expect("PostgreSQL has superusers");
        let options = PgConnectOptions::from_str(&root_url()).expect("DATABASE_URL is a URL");
        PgConnection::connect_with(&options.database(database)).await.unwrap()
    }

    /// Takes row level security off every table, and shows that it is gone.
    ///
    /// For the product it is what a role with BYPASSRLS would be, which it refuses to run under.
    ///
    /// # Panics
    /// On SQLite, and when a tenant's rows still hide.
    pub async fn drop_row_level_security(&self) {
        let mut owner = PgConnection::connect(&self.owner_url).await.unwrap();
        let sql = "DO $$ DECLARE name text; BEGIN FOR name IN SELECT relname FROM pg_class \
                   WHERE relrowsecurity AND relnamespace = 'public'::regnamespace LOOP \
                   EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', name); \
                   END LOOP; END $$";
        owner.execute(sql).await.unwrap();
        let mut product = PgConnection::connect(&self.url).await.unwrap();
        let users = product.fetch_all("SELECT 1 FROM identity_user").await.unwrap();
        assert!(!users.is_empty(), "without a tenant, the operator's row is seen");
    }

    /// Does something to the database that the product never does, past every wall.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn damage(&self, sql: &str) {
        if self.database.is_some() {
            self.superuser().await.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
        } else {
            let mut file = sqlx::SqliteConnection::connect(&self.url).await.unwrap();
            file.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
        }
    }

    /// A folder of this test's own.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The cache this run is about: Redis, or the one in process.
    #[must_use]
    pub fn cache_url() -> String {
        match variable("CACHE").as_deref() {
            Some("redis") => variable("REDIS_URL").expect("REDIS_URL says where Redis is"),
            _ => "memory".to_owned(),
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
        let Some(name) = self.database.take() else { return };
        // Its own thread: a drop inside a runtime cannot wait for one.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut root = root().await;
                let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                root.execute(sqlx::AssertSqlSafe(sql)).await.ok();
            });
            std::io::Result::Ok(())
        });
        dropping.join().ok();
    }
}

fn root_url() -> String {
    variable("DATABASE_URL").expect("DATABASE_URL says where PostgreSQL is")
}

async fn root() -> PgConnection {
    PgConnection::connect(&root_url()).await.expect("PostgreSQL answers")
}

fn url_of(role: &str, database: &str) -> String {
    let root = PgConnectOptions::from_str(&root_url()).expect("DATABASE_URL is a PostgreSQL URL");
    let (host, port) = (root.get_host(), root.get_port());
    format!("postgres://{role}:{PASSWORD}@{host}:{port}/{database}")
}

async fn template() -> String {
    let name = format!("overturn_template_{}", platform::ids::new().simple());
    let mut root = root().await;
    for role in [format!("{OWNER} CREATEROLE"), LOGIN.to_owned()] {
        let bare = role.split(' ').next().unwrap();
        let sql = format!(
            "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{bare}') THEN \
             CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{PASSWORD}'; END IF; END $$"
        );
        root.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    }
    let sql = format!("CREATE DATABASE {name} OWNER {OWNER}");
    root.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    migrate(&url_of(OWNER, &name)).await;
    let sql = format!("GRANT overturn_app TO {LOGIN}");
    root.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    name
}

#[expect(clippy::disallowed_methods, reason = "migrating is the owner's act, not the product's")]
async fn migrate(url: &str) {
    let owner = sea_orm::Database::connect(url).await.unwrap();
    migrations::migrate(&owner).await.unwrap();
    owner.close().await.unwrap();
}
