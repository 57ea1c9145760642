//! The database refuses a version of the committee to which nobody but its author consented.

use sea_orm::{ConnectionTrait, DbErr, TransactionTrait};
use tests::{Governing, Group, NewGroup, World, on_postgres};

use crate::ledger::Ledger;

/// Does something as the product would, for one tenant.
async fn act(ledger: &Ledger, tenant: &str, statements: &[&str]) -> Result<(), DbErr> {
    let tx = ledger.connection().begin().await.unwrap();
    if on_postgres() {
        tx.execute_unprepared(&format!("SET LOCAL app.tenant_id = '{tenant}'")).await.unwrap();
    }
    for statement in statements {
        tx.execute_unprepared(statement).await?;
    }
    tx.commit().await
}

#[tokio::test]
async fn a_version_of_the_committee_needs_the_consent_of_another_person() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    Governing::of(&world, &group).await;
    let (ledger, tenant) = (Ledger::as_product(world.store()).await, &group.tenant_id);
    let mine = ledger.of_tenant(tenant);
    let version = format!(
        "INSERT INTO dictionary_committee_version (tenant_id, version, document, author, \
         created_at) SELECT tenant_id, 2, document, author, created_at \
         FROM dictionary_committee_version WHERE {mine} AND version = 1"
    );
    let consent = |cause: &str, confirmed_by: &str| {
        format!(
            "INSERT INTO dictionary_committee_consent (tenant_id, version, cause, author, \
             confirmed_by, hash, reason, created_at) SELECT tenant_id, 2, '{cause}', author, \
             {confirmed_by}, hash, reason, created_at \
             FROM dictionary_committee_consent WHERE {mine} AND version = 1"
        )
    };
    let versions = async || ledger.count(tenant, "dictionary_committee_version", "1 = 1").await;
    assert_eq!(versions().await, 1);
    act(&ledger, tenant, &[&version]).await.unwrap_err();
    let alone = [
        consent("confirmed", "author"),
        consent("confirmed", "''"),
        consent("first", "''"),
        consent("whatever", "''"),
    ];
    for consent in alone {
        act(&ledger, tenant, &[&consent, &version]).await.unwrap_err();
    }
    assert_eq!(versions().await, 1);
    // The control.
    act(&ledger, tenant, &[&consent("confirmed", "'somebody'"), &version]).await.unwrap();
    assert_eq!(versions().await, 2);
}
