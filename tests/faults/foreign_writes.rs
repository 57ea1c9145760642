//! A whole run of one group against another group's ids leaves the other's rows as they were.

use std::sync::Arc;

use contracts::access::v1::Role;
use platform::access::{Policy, Rule};
use tests::samples::Things;
use tests::{Group, NewGroup, World, call_streaming, on_postgres};

use crate::ledger::Ledger;

/// The rule of the method at `path`.
pub(crate) fn rule(policy: &Policy, path: &str) -> Arc<Rule> {
    policy.method(path).unwrap().rule.clone().unwrap()
}

#[tokio::test]
async fn a_strangers_whole_run_changes_no_row_of_another_group() {
    strangers_change_nothing(&World::new().await).await;
}

#[tokio::test]
async fn nor_does_it_where_the_predicate_is_the_only_wall() {
    // SQLite has no other wall: there the test above is this one.
    if on_postgres() {
        let world = World::new().await;
        world.store().drop_row_level_security().await;
        strangers_change_nothing(&world).await;
    }
}

async fn strangers_change_nothing(world: &World) {
    let ours = Group::board(world, &NewGroup::new("north", "1234567893")).await;
    let theirs = Group::board(world, &NewGroup::new("south", "1245319599")).await;
    let things = Things::of(world, &theirs).await;
    Things::of(world, &ours).await;
    let (us, them) = (ours.everyone(world).await, theirs.everyone(world).await);
    let (ledger, policy) = (Ledger::of(world.store()).await, Policy::load().unwrap());
    let before = ledger.rows(&theirs.tenant_id).await;
    for table in ["identity_user", "dictionary_payer", "routing_claim", "platform_audit"] {
        assert!(!before[table].is_empty(), "{table} is looked at");
    }
    let mut sent = 0;
    for sample in things.samples() {
        let rule = rule(&policy, &sample.path);
        // An anonymous method is called in the name of whoever signed the content: them.
        if rule.anonymous {
            continue;
        }
        let messages: Vec<&[u8]> = sample.messages.iter().map(Vec::as_slice).collect();
        call_streaming(&world.wire(), &sample.path, Some(&us), &messages).await;
        sent += 1;
    }
    assert!(sent > 30, "{sent} methods were tried");
    assert_eq!(ledger.rows(&theirs.tenant_id).await, before);
    // A control: one call of their own is seen.
    let sample = things.samples().into_iter().find(|s| s.path.ends_with("/CreateTeam")).unwrap();
    assert!(rule(&policy, &sample.path).roles.contains(&Role::TenantAdmin));
    tests::call(&world.wire(), &sample.path, Some(&them), &sample.messages[0]).await;
    assert_ne!(ledger.rows(&theirs.tenant_id).await, before);
}
