//! A ledger kept outside the product: a connection of the schema's owner, never the product's own.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait};
use tests::Store;

/// An outside view of one database.
pub(crate) struct Ledger(DatabaseConnection);

impl Ledger {
    /// As the schema's owner.
    pub(crate) async fn of(store: &Store) -> Self {
        Self::at(store.owner_url()).await
    }

    /// As the login of the product.
    pub(crate) async fn as_product(store: &Store) -> Self {
        Self::at(store.url()).await
    }

    #[expect(clippy::disallowed_methods, reason = "a ledger outside the product")]
    async fn at(url: &str) -> Self {
        // A ledger may be there before the product: SQLite's file is made by who comes first.
        let url =
            if url.starts_with("sqlite:") { format!("{url}?mode=rwc") } else { url.to_owned() };
        let mut options = sea_orm::ConnectOptions::new(url);
        options.max_connections(2).sqlx_logging(false);
        Self(sea_orm::Database::connect(options).await.unwrap())
    }

    /// The connection.
    pub(crate) fn connection(&self) -> &DatabaseConnection {
        &self.0
    }

    fn postgres(&self) -> bool {
        self.0.get_database_backend() == DbBackend::Postgres
    }

    /// A condition that holds for rows of `tenant`.
    pub(crate) fn of_tenant(&self, tenant: &str) -> String {
        if self.postgres() {
            return format!("tenant_id = '{tenant}'");
        }
        format!("tenant_id = x'{}'", tenant.replace('-', ""))
    }

    /// Does something to the database.
    pub(crate) async fn act(&self, sql: &str) {
        self.0.execute_unprepared(sql).await.unwrap();
    }

    /// The texts in the only column of what `sql` finds; row level security sees `tenant`.
    pub(crate) async fn texts(&self, tenant: &str, sql: &str) -> Vec<String> {
        let tx = self.0.begin().await.unwrap();
        if self.postgres() && !tenant.is_empty() {
            let set = format!("SET LOCAL app.tenant_id = '{tenant}'");
            tx.execute_unprepared(&set).await.unwrap();
        }
        let statement = Statement::from_string(self.0.get_database_backend(), sql);
        let rows = tx.query_all_raw(statement).await.unwrap();
        tx.commit().await.unwrap();
        rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect()
    }

    /// How many rows of `tenant` stand in `table` that satisfy `condition`.
    pub(crate) async fn count(&self, tenant: &str, table: &str, condition: &str) -> usize {
        let mine = self.of_tenant(tenant);
        let sql =
            format!("SELECT CAST(count(*) AS text) FROM {table} WHERE {mine} AND ({condition})");
        self.texts(tenant, &sql).await[0].parse().unwrap()
    }

    /// Every table with a column `tenant_id`.
    pub(crate) async fn tables(&self) -> Vec<String> {
        let sql = if self.postgres() {
            "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
             WHERE c.relkind IN ('r', 'p') AND a.attname = 'tenant_id' AND NOT a.attisdropped \
             AND c.relnamespace = 'public'::regnamespace ORDER BY 1"
        } else {
            "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND c.name = 'tenant_id' ORDER BY 1"
        };
        self.texts("", sql).await
    }

    /// Every row of `tenant`, in full, sorted, by table.
    pub(crate) async fn rows(&self, tenant: &str) -> BTreeMap<String, Vec<String>> {
        let (mut all, mine) = (BTreeMap::new(), self.of_tenant(tenant));
        for table in self.tables().await {
            let row = if self.postgres() {
                format!("{table}::text")
            } else {
                let columns =
                    format!("SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}')");
                self.texts("", &columns).await.join(" || ',' || ")
            };
            let sql = format!("SELECT {row} FROM {table} WHERE {mine} ORDER BY 1");
            all.insert(table, self.texts(tenant, &sql).await);
        }
        all
    }
}
