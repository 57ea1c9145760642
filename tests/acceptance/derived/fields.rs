//! Cases derived from the fields of requests: every list's page token, every mutation's request id.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use contracts::FILE_DESCRIPTOR_SET;
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, Value};
use tests::samples::{Sample, Things};
use tests::{Group, Line, NewGroup, Remittance, World, call};
use tonic::Code;

/// The request and response messages of a method, by path.
fn shapes() -> BTreeMap<String, (MessageDescriptor, MessageDescriptor)> {
    let pool = DescriptorPool::decode(FILE_DESCRIPTOR_SET).unwrap();
    let methods = pool.services().flat_map(|service| service.methods().collect::<Vec<_>>());
    let unary = methods.filter(|method| !method.is_client_streaming());
    let shape = |method: prost_reflect::MethodDescriptor| {
        let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
        (path, (method.input(), method.output()))
    };
    unary.map(shape).collect()
}

/// The sample's request with one field set.
fn with(sample: &Sample, shape: &MessageDescriptor, fields: &[(&str, Value)]) -> Vec<u8> {
    let bytes = sample.messages[0].as_slice();
    let mut message = DynamicMessage::decode(shape.clone(), bytes).unwrap();
    for (name, value) in fields {
        message.set_field_by_name(name, value.clone());
    }
    message.encode_to_vec()
}

/// A group with two of everything that lists show.
async fn twice(world: &World, slug: &str, npi: &str) -> Things {
    let group = Group::board(world, &NewGroup::new(slug, npi)).await;
    let line = Line { charge: 50_00, paid: 0, adjustments: &[("CO", "50", 50_00)], remarks: &[] };
    let more = Remittance::to(npi, "20260609").claim("SECOND", "ROE", &[line]).x12();
    group.upload(world, &more).await;
    Things::of(world, &group).await
}

#[tokio::test]
async fn a_page_token_is_worth_nothing_to_another_tenant() {
    let world = World::new().await;
    let ours = twice(&world, "north", "1234567893").await;
    let theirs = twice(&world, "south", "1245319599").await;
    let (us, them) = (ours.group.everyone(&world).await, theirs.group.everyone(&world).await);
    let shapes = shapes();
    let mut tried = 0;
    for sample in theirs.samples() {
        let Some((request, response)) = shapes.get(&sample.path) else { continue };
        if request.get_field_by_name("page_token").is_none() {
            continue;
        }
        let first = with(&sample, request, &[("page_size", Value::I32(1))]);
        let answer = call(&world.wire(), &sample.path, Some(&them), &first).await;
        if answer.code != Code::Ok {
            continue; // For the operator alone.
        }
        let page = DynamicMessage::decode(response.clone(), answer.messages[0].clone()).unwrap();
        let token = page.get_field_by_name("next_page_token").unwrap().into_owned();
        if token == Value::String(String::new()) {
            continue;
        }
        tried += 1;
        let next = with(&sample, request, &[("page_size", Value::I32(1)), ("page_token", token)]);
        let owner = call(&world.wire(), &sample.path, Some(&them), &next).await;
        assert_eq!(owner.code, Code::Ok, "{}: {}", sample.path, owner.message);
        let stranger = call(&world.wire(), &sample.path, Some(&us), &next).await;
        assert_eq!(stranger.code, Code::InvalidArgument, "{}", sample.path);
        assert_eq!(stranger.reason().as_deref(), Some("INVALID_PAGE_TOKEN"), "{}", sample.path);
    }
    assert!(tried >= 8, "{tried} lists have a second page");
}

#[tokio::test]
async fn a_request_id_is_its_tenants_own() {
    let world = World::new().await;
    let ours = twice(&world, "north", "1234567893").await;
    let theirs = twice(&world, "south", "1245319599").await;
    let (us, them) = (ours.group.everyone(&world).await, theirs.group.everyone(&world).await);
    let shapes = shapes();
    let mut tried = 0;
    for (mine, foreign) in ours.samples().iter().zip(theirs.samples()) {
        let Some((request, _)) = shapes.get(&mine.path) else { continue };
        if request.get_field_by_name("request_id").is_none() {
            continue;
        }
        let id = [("request_id", Value::String(tests::id()))];
        let first = with(mine, request, &id);
        let answer = call(&world.wire(), &mine.path, Some(&us), &first).await;
        if answer.code == Code::PermissionDenied {
            continue; // For the operator alone.
        }
        assert_eq!(answer.code, Code::Ok, "{}: {}", mine.path, answer.message);
        let again = call(&world.wire(), &mine.path, Some(&us), &first).await;
        assert_eq!(again, answer, "{}: a repeat gets the first answer", mine.path);
        let other = with(&foreign, request, &id);
        let other = call(&world.wire(), &mine.path, Some(&them), &other).await;
        assert_eq!(other.code, Code::Ok, "{}: {}", mine.path, other.message);
        tried += 1;
    }
    assert!(tried >= 8, "{tried} mutations were tried");
}

#[tokio::test]
async fn an_expired_token_opens_no_method() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let token = group.everyone(&world).await;
    let list = "/overturn.identity.v1.IdentityService/ListTeams";
    assert_eq!(call(&world.wire(), list, Some(&token), &[]).await.code, Code::Ok, "the control");
    world.clock().advance(TimeDelta::minutes(6));
    for (path, rule) in super::methods() {
        let answer = call(&world.wire(), &path, Some(&token), &[]).await;
        if !rule.anonymous {
            assert_eq!(answer.code, Code::Unauthenticated, "{path}");
        }
    }
}
