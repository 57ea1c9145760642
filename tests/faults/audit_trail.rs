//! When the audit trail cannot be written, patient data does not leave and nothing changes.

use platform::access::Policy;
use tests::samples::{Sample, Things};
use tests::{Answer, Group, NewGroup, World, call_streaming, on_postgres};
use tonic::Code;

use crate::ledger::Ledger;

async fn send(world: &World, sample: &Sample, token: &str) -> Answer {
    let messages: Vec<&[u8]> = sample.messages.iter().map(Vec::as_slice).collect();
    call_streaming(&world.wire(), &sample.path, Some(token), &messages).await
}

#[tokio::test]
async fn without_an_audit_row_nothing_is_disclosed_and_nothing_changes() {
    let (breaking, repairing) = if on_postgres() {
        (
            "REVOKE INSERT ON platform_audit FROM overturn_app",
            "GRANT INSERT ON platform_audit TO overturn_app",
        )
    } else {
        (
            "ALTER TABLE platform_audit RENAME TO platform_audit_away",
            "ALTER TABLE platform_audit_away RENAME TO platform_audit",
        )
    };
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let things = Things::of(&world, &group).await;
    let token = group.everyone(&world).await;
    let (ledger, policy) = (Ledger::of(world.store()).await, Policy::load().unwrap());
    // The same requests each time: what changes something answers a repetition as it did before.
    let samples = things.samples();
    let disclosing = || {
        let samples = samples.clone().into_iter();
        samples.filter(|sample| policy.method(&sample.path).unwrap().discloses)
    };
    let mut shown = 0;
    for sample in disclosing() {
        let answer = send(&world, &sample, &token).await;
        assert_eq!(answer.code, Code::Ok, "{}: {}", sample.path, answer.message);
        shown += 1;
    }
    assert!(shown >= 6, "{shown} methods disclose");

    ledger.act(breaking).await;
    let files = ledger.count(&group.tenant_id, "routing_file", "true").await;
    for sample in disclosing() {
        let answer = send(&world, &sample, &token).await;
        assert_ne!(answer.code, Code::Ok, "{}", sample.path);
        assert!(answer.messages.is_empty(), "{} showed something", sample.path);
        let text = String::from_utf8_lossy(&answer.bytes()).into_owned();
        assert!(!text.contains("DOE") && !text.contains("PCN"), "{}: {text}", sample.path);
    }
    let change = things.samples().into_iter().find(|s| s.path.ends_with("/CreateTeam")).unwrap();
    assert_ne!(send(&world, &change, &token).await.code, Code::Ok);
    assert_eq!(ledger.count(&group.tenant_id, "routing_file", "true").await, files);

    ledger.act(repairing).await;
    for sample in disclosing().chain([change]) {
        let answer = send(&world, &sample, &token).await;
        assert_eq!(answer.code, Code::Ok, "{} afterwards: {}", sample.path, answer.message);
    }
}
