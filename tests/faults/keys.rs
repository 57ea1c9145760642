//! On SQLite the types are the only wall, and the keys must not undermine it.

use tests::{World, on_postgres};

use crate::ledger::Ledger;

#[tokio::test]
async fn every_key_and_unique_index_starts_with_the_tenant() {
    if on_postgres() {
        println!("skipped: the catalog of PostgreSQL is looked at in its own test");
        return;
    }
    let world = World::new().await;
    let ledger = Ledger::of(world.store()).await;
    let tables = ledger.tables().await;
    assert!(tables.len() > 20, "{tables:?}");
    let first = "SELECT m.name || ' ' || i.name || ' ' || c.name FROM sqlite_schema m \
                 JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) c \
                 WHERE m.type = 'table' AND i.\"unique\" = 1 AND c.seqno = 0";
    let firsts = ledger.texts("", first).await;
    for table in &tables {
        let own: Vec<&String> =
            firsts.iter().filter(|found| found.starts_with(&format!("{table} "))).collect();
        assert!(!own.is_empty(), "{table} has a key");
        for key in own {
            let known = key.contains("uq_identity_directory_kind_name_realm");
            assert!(known || key.ends_with(" tenant_id"), "{key}");
        }
    }
}
