//! A process that is told to end does so in time, whoever hangs on to it, and finishes what it
//! took on.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use contracts::access::v1::Role;
use contracts::identity::v1::CreateTeamRequest;
use contracts::routing::v1::{RemittancePurpose, WatchEventsRequest, WatchEventsResponse};
use futures::StreamExt;
use sea_orm::{ConnectionTrait, TransactionTrait};
use tests::samples::Things;
use tests::served::{self, Served};
use tests::{Group, NewGroup, World, id, on_postgres, upload_parts};
use tonic::{Code, Status, Streaming};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_types::StatusExt;

use crate::ledger::Ledger;
use crate::process::{Process, free_address, world_of_now};

const GRACE: Duration = Duration::from_secs(2);
/// What a handshaken client says first: the preface and empty settings.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
/// A HEADERS frame of stream 1 that promises more of its header block and never sends it.
const HALF_SENT: &[u8] = b"\0\0\x01\x01\0\0\0\0\x01\x83";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drain_ends_in_time_and_finishes_accepted_calls() {
    let grace = GRACE.as_millis().to_string();
    let world = World::with(&[("SERVER__SHUTDOWN_GRACE_MS", &grace)]).await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let admin = group.token(&world, Role::TenantAdmin).await;
    let everyone = group.everyone(&world).await;
    let mut served = Served::new(world).await;
    let ledger = Ledger::of(served.store()).await;

    let silent = TcpStream::connect(served.address()).unwrap();
    let mut half = TcpStream::connect(served.address()).unwrap();
    half.write_all(PREFACE).unwrap();
    half.write_all(HALF_SENT).unwrap();
    let channel = served::connection(served.address());
    let watch = WatchEventsRequest::default();
    let watching = served::routing(&channel, &everyone).watch_events(watch).await.unwrap();
    let upload = served::connection(served.address());
    let never = tokio_stream::pending();
    let mut uploading = served::routing(&upload, &everyone);
    let mut hanging = tokio::task::JoinSet::new();
    hanging.spawn(async move { uploading.upload_remittance(never).await.map(drop) });

    // The writers wait at the door of the table, so that they are under way when the end comes.
    let held = ledger.connection().begin().await.unwrap();
    let hold = if on_postgres() {
        "LOCK TABLE identity_team IN EXCLUSIVE MODE"
    } else {
        "UPDATE identity_tenant SET version = version"
    };
    held.execute_unprepared(hold).await.unwrap();
    let calls = (0..4).map(|at| {
        let mut admin = served::identity(&channel, &admin);
        async move {
            let request = CreateTeamRequest {
                slug: format!("under-way-{at}"),
                display_name: "Under way".to_owned(),
                request_id: id(),
                ..CreateTeamRequest::default()
            };
            admin.create_team(request).await
        }
    });
    let calls = futures::future::join_all(calls);
    let stopping = async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        served.stop();
        let asked = Instant::now();
        tokio::time::sleep(Duration::from_millis(400)).await;
        held.rollback().await.unwrap();
        served.ended().await;
        asked.elapsed()
    };
    let (answers, took) = tokio::join!(calls, stopping);
    assert!(took <= GRACE + Duration::from_secs(3), "it took {took:?}");
    for answer in answers {
        answer.unwrap();
    }
    let there = ledger.count(&group.tenant_id, "identity_team", "display_name = 'Under way'").await;
    assert_eq!(there, 4);
    assert!(TcpStream::connect(served.address()).is_err(), "nobody listens any more");
    drop((silent, half, watching));
}

/// What `events` tells until it ends: the sequence numbers, and how it ended.
async fn told(mut events: Streaming<WatchEventsResponse>, at_most: usize) -> (Vec<i64>, Status) {
    let mut seqs = Vec::new();
    while seqs.len() < at_most {
        match events.next().await {
            Some(Ok(told)) => seqs.push(told.event.unwrap().seq),
            Some(Err(status)) => return (seqs, status),
            None => return (seqs, Status::ok("ended")),
        }
    }
    (seqs, Status::ok("enough"))
}

fn stopping(status: &Status) {
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert_eq!(status.get_details_error_info().unwrap().reason, "STOPPING");
    assert!(status.get_details_retry_info().unwrap().retry_delay.unwrap() > Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_streams_end_first_and_hold_nobody_up() {
    let (world, _) = world_of_now(&[]).await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    Things::of(&world, &group).await;
    let token = group.everyone(&world).await;
    let address = free_address();
    let server = Process::start(address, world.store(), &[]);
    let channel = served::connection(address);
    let mut routing = served::routing(&channel, &token);

    // The controls: each stream is alive before the end.
    let watch = WatchEventsRequest::default();
    let mut events = routing.watch_events(watch).await.unwrap().into_inner();
    let first = events.next().await.unwrap().unwrap().event.unwrap();
    assert_eq!(first.seq, 1);
    let mut health = HealthClient::new(channel.clone());
    let whole = HealthCheckRequest { service: String::new() };
    let mut healthy = health.watch(whole).await.unwrap().into_inner();
    assert_eq!(healthy.message().await.unwrap().unwrap().status(), ServingStatus::Serving);
    let parts = upload_parts("half.835", &[b'x'; 100_000], RemittancePurpose::Live);
    let half = futures::stream::iter(parts[..2].to_vec()).chain(futures::stream::pending());
    let mut uploading = served::routing(&channel, &token);
    let upload = async { uploading.upload_remittance(half).await.unwrap_err() };

    let ending = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        tokio::task::spawn_blocking(move || server.terminate()).await.unwrap()
    };
    let watched = told(events, usize::MAX);
    let ((seqs, end), refused, (status, took)) = tokio::join!(watched, upload, ending);
    assert!(status.success(), "{status}");
    assert!(took < Duration::from_secs(2), "it took {took:?}");
    stopping(&end);
    stopping(&refused);
    assert_eq!(healthy.message().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    assert!(healthy.message().await.unwrap().is_none());

    // Whoever comes back with its cursor misses nothing.
    assert!(seqs.len() >= 2, "{seqs:?}");
    let _again = Process::start(address, world.store(), &[]);
    let watch = WatchEventsRequest { after_seq: first.seq, ..WatchEventsRequest::default() };
    let events = served::routing(&served::connection(address), &token).watch_events(watch).await;
    let (rest, _) = told(events.unwrap().into_inner(), seqs.len()).await;
    assert_eq!(rest, seqs);
}
