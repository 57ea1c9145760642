//! Row level security alone: statements without any predicate, in every table, through the
//! product's own role. The predicate alone is looked at where the strangers are: in the cases
//! derived for every RPC, and in `foreign_writes`.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DatabaseTransaction, TransactionTrait};
use sqlx::{Executor, PgConnection, Row};
use tests::{Store, id};

use crate::catalog::skipped;
use crate::ledger::Ledger;

type Truth = BTreeMap<String, (u64, String)>;

/// Names due rows and holds nobody's content: workers look for them before they know a tenant.
const NO_WALL: &str = "platform_due";
/// Read before a tenant is known, or by every tenant; written by its own tenant alone.
const READ_BY_ALL: [&str; 2] = ["identity_directory", "dictionary_published_release"];

/// How many rows there are in each of `tables` where `condition` holds, and a digest of them: past
/// every wall.
async fn truth(root: &mut PgConnection, tables: &[String], condition: &str) -> Truth {
    let mut found = Truth::new();
    for table in tables {
        let sql = format!(
            "SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') \
             FROM {table} t WHERE {condition}"
        );
        let row = root.fetch_one(sqlx::AssertSqlSafe(sql)).await.unwrap();
        let count = u64::try_from(row.get::<i64, _>(0)).unwrap();
        found.insert(table.clone(), (count, row.get(1)));
    }
    found
}

/// A transaction of the product's role in the name of `tenant`, or of nobody.
async fn enter(login: &Ledger, tenant: &str) -> DatabaseTransaction {
    let tx = login.connection().begin().await.unwrap();
    if !tenant.is_empty() {
        let set = format!("SET LOCAL app.tenant_id = '{tenant}'");
        tx.execute_unprepared(&set).await.unwrap();
    }
    tx
}

/// How many rows `sql` answers or changes, or what refuses it; a refusal does not end `tx`.
async fn hit(tx: &DatabaseTransaction, sql: &str) -> Result<u64, String> {
    let step = tx.begin().await.unwrap();
    let done = step.execute_unprepared(sql).await.map_err(|error| error.to_string())?;
    step.commit().await.unwrap();
    Ok(done.rows_affected())
}

/// Gives `tenant` a row of some kind in `table`, past every wall, unless it can have but one. Its
/// numbers are one and the same: where a table wants one to be at least another, they are.
async fn plant(root: &mut PgConnection, table: &str, tenant: &str) {
    let sql = format!(
        "INSERT INTO {table} SELECT row.* FROM jsonb_populate_record(NULL::{table}, ( \
         SELECT jsonb_object_agg(attname, CASE \
         WHEN attname = 'tenant_id' THEN to_jsonb('{tenant}'::text) \
         WHEN type LIKE '%int%' THEN to_jsonb(number) \
         WHEN type = 'boolean' THEN to_jsonb(true) \
         WHEN type = 'bytea' THEN to_jsonb('\\x00'::text) \
         WHEN type = 'date' OR type LIKE 'timestamp%' THEN to_jsonb(now()) \
         ELSE to_jsonb(gen_random_uuid()) END) \
         FROM (SELECT attname, atttypid::regtype::text AS type FROM pg_attribute \
         WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped) columns, \
         (SELECT (random() * 30000)::int AS number) once)) row \
         ON CONFLICT DO NOTHING"
    );
    root.execute(sqlx::AssertSqlSafe(sql)).await.unwrap_or_else(|error| panic!("{table}: {error}"));
}

#[tokio::test]
async fn without_a_predicate_a_tenant_meets_its_own_rows_alone_in_every_table() {
    if skipped() {
        return;
    }
    let store = Store::fresh().await;
    let login = Ledger::as_product(&store).await;
    let mut tables = login.tables().await;
    tables.retain(|table| table != NO_WALL);
    let mut root = store.superuser().await;
    let (north, south) = (id(), id());
    // Rows that refer to one another are planted apart from one another.
    root.execute("SET session_replication_role = replica").await.unwrap();
    for table in &tables {
        for tenant in [&north, &south, &south] {
            plant(&mut root, table, tenant).await;
        }
    }
    let of_north = format!("tenant_id = '{north}'");
    let of_south = format!("tenant_id = '{south}'");
    let whole = truth(&mut root, &tables, "true").await;
    let ours = truth(&mut root, &tables, &of_north).await;
    let theirs = truth(&mut root, &tables, &of_south).await;
    assert!(ours.values().all(|(count, _)| *count == 1), "{ours:?}");
    assert!(theirs.values().all(|(count, _)| (1..=2).contains(count)), "{theirs:?}");

    let (nobody, tx) = (enter(&login, "").await, enter(&login, &north).await);
    for table in &tables {
        let all = format!("SELECT * FROM {table}");
        let (own, open) = (ours[table].0, READ_BY_ALL.contains(&table.as_str()));
        let seen = (hit(&nobody, &all).await.unwrap(), hit(&tx, &all).await.unwrap());
        let all = whole[table].0;
        assert_eq!(seen, if open { (all, all) } else { (0, own) }, "{table}");
        forge(&tx, table, &south, "row-level security").await;
        // The control: as its own it meets the key, not the wall.
        forge(&tx, table, &north, "duplicate key").await;
    }
    nobody.rollback().await.unwrap();
    let mut changed = 0;
    for table in &tables {
        let touched = hit(&tx, &format!("UPDATE {table} SET tenant_id = tenant_id")).await;
        let moved = format!("UPDATE {table} SET tenant_id = '{south}'");
        let moved = hit(&tx, &moved).await.unwrap_err();
        let deleted = hit(&tx, &format!("DELETE FROM {table}")).await;
        match (touched, deleted) {
            (Ok(touched), Ok(deleted)) => {
                assert_eq!((touched, deleted), (ours[table].0, ours[table].0), "{table}");
                assert!(moved.contains("row-level security"), "{table}: {moved}");
                changed += 1;
            }
            (touched, deleted) => {
                for refused in [touched.unwrap_err(), deleted.unwrap_err(), moved] {
                    assert!(refused.contains("permission denied"), "{table}: {refused}");
                }
            }
        }
    }
    tx.commit().await.unwrap();
    assert!(changed > 20, "{changed} tables were emptied");
    let left = truth(&mut root, &tables, &of_north).await;
    assert_eq!(left.values().filter(|(count, _)| *count == 0).count(), changed);
    assert_eq!(truth(&mut root, &tables, &of_south).await, theirs, "their rows are as they were");
}

/// Inserts a copy of a row into `table` as `tenant`'s; `because` is why that must fail.
async fn forge(tx: &DatabaseTransaction, table: &str, tenant: &str, because: &str) {
    let sql = format!(
        "INSERT INTO {table} SELECT copy.* FROM {table} t, \
         jsonb_populate_record(t, '{{\"tenant_id\": \"{tenant}\"}}') copy \
         WHERE t.tenant_id = current_setting('app.tenant_id')::uuid LIMIT 1"
    );
    let refused = hit(tx, &sql).await.unwrap_err();
    assert!(refused.contains(because), "{table}: {refused}");
}
