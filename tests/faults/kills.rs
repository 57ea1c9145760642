//! A server killed at random points: what was acknowledged is posted exactly once, the rest once
//! or not at all.
//!
//! The server is this test binary again, started with a filter that picks the one ignored test
//! below: so it is always built from the same code, whichever package the tests are built for.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use contracts::access::v1::Role;
use contracts::routing::v1::{RemittanceFileState, RemittancePurpose};
use platform::clock::Clock;
use platform::config::Settings;
use tests::{Group, Line, NewGroup, Remittance, Store, World, served, upload_parts};

use crate::ledger::Ledger;

const KILLS: u32 = 20;
/// Claims in a file, and how many of them one transaction posts: twelve chunks to die between.
const CLAIMS: usize = 60;
const CHUNK: &str = "5";
const READY_WITHIN: Duration = Duration::from_secs(2);

#[test]
#[ignore = "the server that the kill test starts in a process of its own"]
fn a_server_to_be_killed() {
    let settings = Settings::load(None, std::env::vars()).unwrap();
    let mounts = overturn::MOUNTS.map(|(_, mount)| mount);
    platform::run::run_with(settings, &mounts).unwrap();
}

/// A server in a process of its own; killed when dropped.
struct Server(Child);

impl Server {
    /// Starts it and waits until it listens; answers how long that took, too.
    fn start(address: SocketAddr, store: &Store) -> (Self, Duration) {
        let path = |name: &str| store.folder().join(name).display().to_string();
        let began = Instant::now();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kills::a_server_to_be_killed", "--ignored"])
            .env("OVERTURN_SERVER__LISTEN", address.to_string())
            .env("OVERTURN_DATABASE__URL", store.url())
            .env("OVERTURN_CACHE__URL", Store::cache_url())
            .env("OVERTURN_KEYS__MASTER_KEY_FILE", path("master.key"))
            .env("OVERTURN_ROUTING__ORIGINALS_FOLDER", path("originals"))
            .env("OVERTURN_ROUTING__POSTING_CLAIMS", CHUNK)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self(child);
        while !ready(address) {
            assert!(began.elapsed() < READY_WITHIN * 5, "the server never became ready");
            std::thread::sleep(Duration::from_millis(5));
        }
        (server, began.elapsed())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGKILL: nothing of it gets to run.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn ready(address: SocketAddr) -> bool {
    use std::io::{Read, Write};
    let Ok(mut stream) = std::net::TcpStream::connect(address) else { return false };
    let ask = b"GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let mut answer = String::new();
    stream.write_all(ask).is_ok()
        && stream.read_to_string(&mut answer).is_ok()
        && answer.starts_with("HTTP/1.1 200")
}

fn free_address() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn remittance(npi: &str, round: u32) -> Vec<u8> {
    let line =
        Line { charge: 70_00, paid: 0, adjustments: &[("CO", "197", 70_00)], remarks: &["N54"] };
    let all = Remittance::to(npi, "20260610");
    (0..CLAIMS).fold(all, |all, at| all.claim(&format!("K{round}-{at}"), "DOE", &[line])).x12()
}

/// Uploads round `round`; answers whether it was acknowledged as posted.
async fn upload(address: SocketAddr, token: &str, npi: &str, round: u32) -> bool {
    let parts = upload_parts("k.835", &remittance(npi, round), RemittancePurpose::Live);
    let mut routing = served::routing(&served::connection(address), token);
    let answer = routing.upload_remittance(tokio_stream::iter(parts)).await;
    answer.is_ok_and(|answer| {
        let file = answer.into_inner().remittance_file.unwrap();
        file.state() == RemittanceFileState::Posted
    })
}

fn files_in(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_loses_and_doubles_nothing() {
    // The clock of the world that signs tokens stands; the server's own goes on beside it.
    let clock = Clock::manual(Clock::system().now());
    let world = World::by(clock.clone(), &[("ROUTING__POSTING_CLAIMS", CHUNK)]).await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let token = group.token(&world, Role::Specialist).await;
    let (address, npi) = (free_address(), group.npi.as_str());
    let ledger = Ledger::of(world.store()).await;

    let (server, _) = Server::start(address, world.store());
    let began = Instant::now();
    assert!(upload(address, &token, npi, 0).await, "a control: undisturbed, it is posted");
    let whole = began.elapsed();
    drop(server);

    let (mut acknowledged, mut readiness) = (vec![0], Vec::new());
    for round in 1..=KILLS {
        let (server, ready_after) = Server::start(address, world.store());
        readiness.push(ready_after);
        // Spread over the whole of an upload, and a little beyond it.
        let at = whole * round * 11 / (KILLS * 10);
        let killing = async {
            tokio::time::sleep(at).await;
            drop(server);
        };
        let (posted, ()) = tokio::join!(upload(address, &token, npi, round), killing);
        if posted {
            acknowledged.push(round);
        }
    }
    // The median: other tests share the machine with one start or another.
    readiness.sort();
    let usual = readiness[readiness.len() / 2];
    assert!(usual <= READY_WITHIN, "ready after {usual:?}");

    let unfinished = ledger.count(&group.tenant_id, "routing_file", "finished_at IS NULL").await;
    // What the job does in the next server, without waiting for its date and a dead one's lease.
    clock.advance(chrono::TimeDelta::minutes(30));
    while world.app().run_due().await.unwrap() > 0 {}
    let still = ledger.count(&group.tenant_id, "routing_file", "finished_at IS NULL").await;
    assert_eq!(still, 0, "{unfinished} files were under way");
    let mut posted = 0;
    for round in 0..=KILLS {
        let condition = format!("patient_control_number LIKE 'K{round}-%'");
        for table in ["routing_claim", "routing_denial"] {
            let there = ledger.count(&group.tenant_id, table, &condition).await;
            let must = acknowledged.contains(&round);
            assert!(there == CLAIMS || (there == 0 && !must), "{table} of {round}: {there}");
            posted += usize::from(there == CLAIMS && table == "routing_claim");
        }
    }
    let files = ledger.count(&group.tenant_id, "routing_file", "state = 'POSTED'").await;
    assert_eq!(files, posted, "every accepted file was posted in whole");
    assert!(files_in(&world.store().folder().join("originals")) > 0);
    println!(
        "{KILLS} kills: {} acknowledged, {unfinished} resumed, {posted} posted, ready in {usual:?}",
        acknowledged.len()
    );
}
