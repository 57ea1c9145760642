//! The second wall, read from PostgreSQL's own catalog: what is not walled is named here.

use tests::{Store, on_postgres};

use crate::ledger::Ledger;

/// Tables without `tenant_id` in their keys: reference data, the operator's keys, the steps.
const REFERENCE: &str = "'dictionary_code_set', 'dictionary_code', 'dictionary_base', \
                         'dictionary_base_content', 'identity_signing_key', \
                         'seaql_migrations'";
/// What a table, a right, a view, a key or a column must not be: each answers its offenders.
const RULES: [(&str, &str); 11] = [
    (
        "no wall",
        "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
         WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace \
         AND a.attname = 'tenant_id' AND NOT a.attisdropped AND c.relname <> 'platform_due' \
         AND NOT c.relrowsecurity",
    ),
    (
        "not forced on the owner",
        "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') AND relrowsecurity \
         AND relnamespace = 'public'::regnamespace AND NOT relforcerowsecurity",
    ),
    (
        "no policy for reading and writing",
        "SELECT c.relname::text FROM pg_class c WHERE c.relrowsecurity \
         AND c.relnamespace = 'public'::regnamespace AND NOT EXISTS ( \
         SELECT 1 FROM pg_policies p WHERE p.tablename = c.relname AND p.cmd = 'ALL' \
         AND p.qual LIKE '%app.tenant_id%' AND p.with_check LIKE '%app.tenant_id%')",
    ),
    (
        "a policy that lets others in",
        "SELECT tablename::text FROM pg_policies WHERE schemaname = 'public' \
         AND (coalesce(qual, 'true') NOT LIKE '%app.tenant_id%' \
         OR (cmd <> 'SELECT' AND coalesce(with_check, 'true') NOT LIKE '%app.tenant_id%')) \
         AND NOT (tablename IN ('identity_directory', 'dictionary_published_release') \
         AND policyname = tablename || '_directory' AND cmd = 'SELECT')",
    ),
    (
        "a table of no tenant that is not known",
        "SELECT c.relname::text FROM pg_class c WHERE c.relkind IN ('r', 'p') \
         AND c.relnamespace = 'public'::regnamespace AND c.relname NOT IN (REFERENCE) \
         AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid \
         AND a.attname = 'tenant_id' AND NOT a.attisdropped)",
    ),
    (
        "a right around the policies",
        "SELECT table_name || ' ' || privilege_type FROM information_schema.table_privileges \
         WHERE table_schema = 'public' AND grantee IN ('overturn_app', 'overturn_test_login', \
         'PUBLIC') AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')",
    ),
    (
        "a view with its owner's eyes",
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace \
         AND (relkind = 'm' OR (relkind = 'v' \
         AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)))",
    ),
    (
        "a function with its owner's rights",
        "SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
         AND prosecdef",
    ),
    (
        "a unique key across tenants",
        "SELECT i.indexrelid::regclass::text FROM pg_index i \
         JOIN pg_class c ON c.oid = i.indrelid WHERE i.indisunique \
         AND c.relnamespace = 'public'::regnamespace AND c.relname NOT IN (REFERENCE) \
         AND i.indexrelid::regclass::text <> 'uq_identity_directory_kind_name_realm' \
         AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid \
         AND a.attnum = i.indkey[0] AND a.attname = 'tenant_id')",
    ),
    (
        "a reference across tenants",
        "SELECT k.conname::text FROM pg_constraint k WHERE k.contype = 'f' \
         AND k.connamespace = 'public'::regnamespace AND NOT EXISTS ( \
         SELECT 1 FROM pg_attribute a WHERE a.attrelid = k.conrelid \
         AND a.attnum = k.conkey[1] AND a.attname = 'tenant_id')",
    ),
    (
        "a number that no index helps under the wall",
        "SELECT table_name || '.' || column_name FROM information_schema.columns \
         WHERE table_schema = 'public' AND data_type = 'numeric'",
    ),
];

async fn findings(ledger: &Ledger) -> Vec<String> {
    let mut found = Vec::new();
    for (rule, sql) in RULES {
        for offender in ledger.texts("", &sql.replace("REFERENCE", REFERENCE)).await {
            found.push(format!("{rule}: {offender}"));
        }
    }
    found
}

/// True on SQLite, which has no such catalog.
pub(crate) fn skipped() -> bool {
    if !on_postgres() {
        println!("skipped: PostgreSQL's own walls are looked at with STORE=postgres");
    }
    !on_postgres()
}

#[tokio::test]
async fn the_catalog_has_no_way_round_the_wall() {
    if skipped() {
        return;
    }
    let store = Store::fresh().await;
    let ledger = Ledger::of(&store).await;
    assert_eq!(findings(&ledger).await, Vec::<String>::new());
    assert!(ledger.tables().await.len() > 20, "there are tables to look at");
    let bound = Ledger::as_product(&store).await;
    assert!(migrations::role_is_bound(bound.connection()).await.unwrap());
    assert!(!migrations::role_is_bound(ledger.connection()).await.unwrap(), "the owner is not");
}

#[tokio::test]
async fn a_planted_fault_of_each_kind_is_found() {
    if skipped() {
        return;
    }
    let faults = [
        ("no wall: identity_team", "ALTER TABLE identity_team DISABLE ROW LEVEL SECURITY"),
        (
            "not forced on the owner: identity_user",
            "ALTER TABLE identity_user NO FORCE ROW LEVEL SECURITY",
        ),
        (
            "no policy for reading and writing: identity_facility",
            "DROP POLICY identity_facility_tenant ON identity_facility",
        ),
        (
            "a policy that lets others in: routing_claim",
            "CREATE POLICY ajar ON routing_claim USING (true)",
        ),
        (
            "a table of no tenant that is not known: planted",
            "CREATE TABLE planted (id uuid PRIMARY KEY)",
        ),
        (
            "a right around the policies: routing_file TRUNCATE",
            "GRANT TRUNCATE ON routing_file TO overturn_app",
        ),
        (
            "a right around the policies: routing_file REFERENCES",
            "GRANT REFERENCES ON routing_file TO overturn_app",
        ),
        ("a view with its owner's eyes: v", "CREATE VIEW v AS SELECT * FROM routing_claim"),
        ("a view with its owner's eyes: m", "CREATE MATERIALIZED VIEW m AS SELECT 1 AS one"),
        (
            "a function with its owner's rights: f",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        ),
        ("a unique key across tenants: u", "CREATE UNIQUE INDEX u ON identity_team (slug)"),
        (
            "a reference across tenants: r",
            "ALTER TABLE routing_denial ADD CONSTRAINT r FOREIGN KEY (claim_id) \
             REFERENCES planted (id) NOT VALID",
        ),
        (
            "a number that no index helps under the wall: routing_claim.n",
            "ALTER TABLE routing_claim ADD COLUMN n numeric",
        ),
    ];
    let store = Store::fresh().await;
    let ledger = Ledger::of(&store).await;
    for (expected, plant) in faults {
        assert!(!findings(&ledger).await.iter().any(|found| found == expected), "{expected}");
        ledger.act(plant).await;
        let found = findings(&ledger).await;
        assert!(found.iter().any(|found| found == expected), "{expected} in {found:?}");
    }
}
