//! What streams ends with its token, in both directions.

use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use contracts::access::v1::Role;
use contracts::routing::v1::{
    ListRemittanceFilesRequest, RemittanceFileState, RemittancePurpose, WatchEventsRequest,
};
use futures::StreamExt;
use tests::{Group, Line, NewGroup, Remittance, World, upload_parts};
use tokio::time::timeout;
use tonic::Code;

const NPI: &str = "1234567893";
const LONG: Duration = Duration::from_secs(10);

/// A token with little time left, by the clock.
async fn old_token(world: &World, group: &Group, left: TimeDelta) -> String {
    let token = group.token(world, Role::Specialist).await;
    world.clock().advance(TimeDelta::seconds(300) - left);
    token
}

/// The files below `folder`.
fn files_in(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap);
    entries.map(|entry| if entry.path().is_dir() { files_in(&entry.path()) } else { 1 }).sum()
}

#[tokio::test]
async fn an_upload_that_outlives_its_token_is_refused_and_leaves_nothing() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let line = Line { charge: 70_00, paid: 0, adjustments: &[("CO", "197", 70_00)], remarks: &[] };
    let claims = (0..600).fold(Remittance::to(NPI, "20260610"), |all, at| {
        all.claim(&format!("P{at}"), "DOE", &[line])
    });
    let parts = upload_parts("slow.835", &claims.x12(), RemittancePurpose::Live);
    assert_eq!(parts.len(), 3, "a header and two chunks");
    let originals = world.store().folder().join("originals");

    let token = old_token(&world, &group, TimeDelta::milliseconds(300)).await;
    let most = futures::stream::iter(parts[..2].to_vec()).chain(futures::stream::pending());
    let mut routing = world.routing(&token);
    let answer = timeout(LONG, routing.upload_remittance(most)).await.expect("it ends");
    assert_eq!(answer.unwrap_err().code(), Code::Unauthenticated);
    let token = group.token(&world, Role::Specialist).await;
    let mut routing = world.routing(&token);
    let listed = routing.list_remittance_files(ListRemittanceFilesRequest::default()).await;
    assert!(listed.unwrap().into_inner().remittance_files.is_empty(), "nothing was taken in");
    for _ in 0..100 {
        if files_in(&originals) == 0 {
            break;
        }
        // The store of originals drops what is half written in a thread of its own.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(files_in(&originals), 0);

    // The control: the same messages with time enough.
    let answer = routing.upload_remittance(tokio_stream::iter(parts)).await.unwrap();
    let file = answer.into_inner().remittance_file.unwrap();
    assert_eq!(file.state(), RemittanceFileState::Posted);
    assert_eq!(file.counts.unwrap().claims, 600);
    assert_eq!(files_in(&originals), 1);
}

#[tokio::test]
async fn a_feed_that_outlives_its_token_ends_after_what_it_told() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let line = Line { charge: 70_00, paid: 0, adjustments: &[("CO", "197", 70_00)], remarks: &[] };
    let remittance = Remittance::to(NPI, "20260610").claim("P", "DOE", &[line]);
    group.upload(&world, &remittance.x12()).await;
    // Time enough to tell what there is, on a busy machine too.
    let token = old_token(&world, &group, TimeDelta::seconds(3)).await;
    let watch = WatchEventsRequest::default();
    let mut events = world.routing(&token).watch_events(watch).await.unwrap().into_inner();
    let mut told = 0;
    let end = loop {
        match timeout(LONG, events.next()).await.expect("it ends").unwrap() {
            Ok(_) => told += 1,
            Err(status) => break status,
        }
    };
    assert_eq!(end.code(), Code::Unauthenticated);
    assert!(told >= 3, "{told} events before");
}
