use std::collections::BTreeMap;

use contracts::access::v1::Role;
use tests::samples::{Sample, Things};
use tests::{Answer, Group, NewGroup, World, call_streaming, canary, on_postgres};
use tonic::Code;

async fn send(world: &World, sample: &Sample, token: &str) -> Answer {
    let messages: Vec<&[u8]> = sample.messages.iter().map(Vec::as_slice).collect();
    call_streaming(&world.wire(), &sample.path, Some(token), &messages).await
}

/// Two groups, one of which sings when it is seen by the other.
async fn two(world: &World) -> (Things, Things, String) {
    let mark = canary("B");
    let ours = Group::board(world, &NewGroup::new("north", "1234567893")).await;
    let theirs = Group::board(world, &NewGroup::new("south", "1245319599").marked(&mark)).await;
    (Things::of(world, &ours).await, Things::of(world, &theirs).await, mark)
}

fn by_path(samples: Vec<Sample>) -> BTreeMap<String, Sample> {
    samples.into_iter().map(|sample| (sample.path.clone(), sample)).collect()
}

#[tokio::test]
async fn a_foreign_id_is_answered_exactly_like_one_that_never_was() {
    Box::pin(strangers_meet_nothing(&World::new().await)).await;
}

#[tokio::test]
async fn the_predicate_alone_answers_strangers_the_same() {
    // SQLite has no other wall: there the test above is this one.
    if on_postgres() {
        let world = World::new().await;
        world.store().drop_row_level_security().await;
        Box::pin(strangers_meet_nothing(&world)).await;
    }
}

async fn strangers_meet_nothing(world: &World) {
    let (ours, theirs, mark) = two(world).await;
    let (us, them) = (ours.group.everyone(world).await, theirs.group.everyone(world).await);
    let operator = world.operator().await;
    // As they are listed: what one does may be what the next one begins from.
    let foreign = theirs.samples();
    let missing = by_path(theirs.missing().samples());
    let rules = super::methods();
    let mut named = 0;
    for sample in &foreign {
        let path = &sample.path;
        let operators = rules[path].roles == [Role::Operator];
        if sample.names_a_resource {
            named += 1;
            let stranger = send(world, sample, &us).await;
            let nobody = send(world, &missing[path], &us).await;
            assert_eq!(stranger.code, Code::NotFound, "{path}: {}", stranger.message);
            assert_eq!(stranger, nobody, "{path}");
        } else if !operators && !rules[path].anonymous {
            let answer = send(world, sample, &us).await;
            let text = String::from_utf8_lossy(&answer.bytes()).into_owned();
            assert!(!text.contains(&mark), "{path} shows another tenant's text");
        }
        let owner = if operators { &operator } else { &them };
        let control = send(world, sample, owner).await;
        assert_eq!(control.code, Code::Ok, "{path} for its owner: {}", control.message);
    }
    assert!(named >= 9, "{named} methods name a resource");
}

#[tokio::test]
async fn the_canary_sings_when_it_is_seen() {
    // A control of the test above: the mark is really in what its owner reads.
    let world = World::new().await;
    let (_, theirs, mark) = two(&world).await;
    let them = theirs.group.everyone(&world).await;
    let samples = by_path(theirs.samples());
    for method in [
        "identity.v1.IdentityService/ListFacilities",
        "identity.v1.IdentityService/ListUsers",
        "dictionary.v1.DictionaryService/ListPayers",
        "routing.v1.RoutingService/ListWorkItems",
    ] {
        let answer = send(&world, &samples[&format!("/overturn.{method}")], &them).await;
        assert!(String::from_utf8_lossy(&answer.bytes()).contains(&mark), "{method}");
    }
}

#[tokio::test]
async fn another_tenants_page_token_and_request_id_are_worth_nothing() {
    use contracts::identity::v1::{CreateTeamRequest, ListTeamsRequest};

    let world = World::new().await;
    let (ours, theirs, _) = two(&world).await;
    let mut us = world.identity(&ours.group.everyone(&world).await);
    let mut them = world.identity(&theirs.group.everyone(&world).await);
    let page = ListTeamsRequest { page_size: 2, page_token: String::new() };
    let token = them.list_teams(page.clone()).await.unwrap().into_inner().next_page_token;
    assert!(!token.is_empty());
    let next = ListTeamsRequest { page_token: token, ..page };
    assert_eq!(them.list_teams(next.clone()).await.unwrap().into_inner().teams.len(), 2);
    assert_eq!(us.list_teams(next).await.unwrap_err().code(), Code::InvalidArgument);

    let team = CreateTeamRequest {
        slug: "shared-id".to_owned(),
        display_name: "Same request id".to_owned(),
        request_id: tests::id(),
        ..CreateTeamRequest::default()
    };
    let first = us.create_team(team.clone()).await.unwrap().into_inner().team.unwrap();
    let again = us.create_team(team.clone()).await.unwrap().into_inner().team.unwrap();
    assert_eq!(first, again, "our own repeat gets the first answer");
    let other = them.create_team(team).await.unwrap().into_inner().team.unwrap();
    assert_ne!(first.id, other.id, "another tenant's request id is its own");
}
