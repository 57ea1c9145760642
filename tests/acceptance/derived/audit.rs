use std::collections::BTreeSet;

use contracts::identity::v1::{AuditEventKind, ListAuditEventsRequest};
use platform::access::Policy;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, ReflectMessage, Value};
use tests::samples::Things;
use tests::{Group, NewGroup, World, call_streaming};
use tonic::Code;

fn pool() -> DescriptorPool {
    DescriptorPool::decode(contracts::FILE_DESCRIPTOR_SET).unwrap()
}

fn output(pool: &DescriptorPool, path: &str) -> MessageDescriptor {
    let (service, method) = path[1..].split_once('/').unwrap();
    let service = pool.get_service_by_name(service).unwrap();
    service.methods().find(|known| known.name() == method).unwrap().output()
}

/// Ids of the records whose patient data the message shows: written again here, apart from the
/// gate's own reading of the same options.
fn records(pool: &DescriptorPool, message: &DynamicMessage, found: &mut BTreeSet<String>) {
    let phi = pool.get_extension_by_name("overturn.access.v1.phi").unwrap();
    let record = pool.get_extension_by_name("overturn.access.v1.record").unwrap();
    let (mut shows, mut id) = (false, None);
    for (field, value) in message.fields() {
        let options = field.options();
        shows |= *options.get_extension(&phi) == Value::Bool(true);
        if *options.get_extension(&record) == Value::Bool(true) {
            id = value.as_str().map(str::to_owned);
        }
        match value {
            Value::Message(inner) => {
                shows |= inner.descriptor().full_name().ends_with(".Subject");
                records(pool, inner, found);
            }
            Value::List(items) => {
                for inner in items.iter().filter_map(Value::as_message) {
                    records(pool, inner, found);
                }
            }
            _ => {}
        }
    }
    if let (true, Some(id)) = (shows, id) {
        found.insert(id);
    }
}

#[tokio::test]
async fn every_read_of_patient_data_is_recorded_with_exactly_its_records() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let things = Things::of(&world, &group).await;
    let token = group.everyone(&world).await;
    let (pool, policy) = (pool(), Policy::load().unwrap());
    let mut seen = 0;
    for sample in things.samples() {
        if !policy.method(&sample.path).unwrap().discloses {
            continue;
        }
        let messages: Vec<&[u8]> = sample.messages.iter().map(Vec::as_slice).collect();
        let answer = call_streaming(&world.wire(), &sample.path, Some(&token), &messages).await;
        assert_eq!(answer.code, Code::Ok, "{}", sample.path);
        let mut shown = BTreeSet::new();
        for message in &answer.messages {
            let descriptor = output(&pool, &sample.path);
            let message = DynamicMessage::decode(descriptor, message.clone()).unwrap();
            records(&pool, &message, &mut shown);
        }
        let audited = disclosures(&world, &token, &sample.path).await;
        assert_eq!(audited, shown, "{}", sample.path);
        seen += usize::from(!shown.is_empty());
    }
    assert!(seen >= 6, "{seen} methods disclosed something");
}

async fn disclosures(world: &World, token: &str, path: &str) -> BTreeSet<String> {
    let request = ListAuditEventsRequest {
        page_size: 1,
        filter: format!("kind = \"DISCLOSURE\" AND rpc = \"{path}\""),
        ..ListAuditEventsRequest::default()
    };
    let events = world.identity(token).list_audit_events(request).await.unwrap().into_inner();
    events
        .audit_events
        .into_iter()
        .inspect(|event| assert_eq!(event.kind(), AuditEventKind::Disclosure))
        .flat_map(|event| event.record_ids)
        .collect()
}

#[tokio::test]
async fn a_refusal_is_recorded_and_so_is_a_change() {
    use contracts::access::v1::Role;
    use contracts::identity::v1::ListUsersRequest;

    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let partner = group.token(&world, Role::Partner).await;
    let refused = world.identity(&partner).list_users(ListUsersRequest::default()).await;
    assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
    let auditor = group.token(&world, Role::Auditor).await;
    let mut trail = world.identity(&auditor);
    for (kind, rpc) in [("DENIAL", "ListUsers"), ("CHANGE", "CreateFacility")] {
        let request = ListAuditEventsRequest {
            filter: format!(
                "kind = \"{kind}\" AND rpc = \"/overturn.identity.v1.IdentityService/{rpc}\""
            ),
            ..ListAuditEventsRequest::default()
        };
        let events = trail.list_audit_events(request).await.unwrap().into_inner().audit_events;
        assert_eq!(events.len(), 1, "{kind}");
    }
}
