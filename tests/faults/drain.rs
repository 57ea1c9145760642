//! A process that is told to end does so in time, whoever hangs on to it, and finishes what it
//! took on.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use contracts::access::v1::Role;
use contracts::identity::v1::CreateTeamRequest;
use contracts::routing::v1::WatchEventsRequest;
use sea_orm::{ConnectionTrait, TransactionTrait};
use tests::served::{self, Served};
use tests::{Group, NewGroup, World, id, on_postgres};

use crate::ledger::Ledger;

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
