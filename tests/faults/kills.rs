//! A server killed at random points: what was acknowledged is posted exactly once, the rest once
//! or not at all.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use contracts::access::v1::Role;
use contracts::routing::v1::{RemittanceFileState, RemittancePurpose};
use tests::{Group, Line, NewGroup, Remittance, served, upload_parts};

use crate::ledger::Ledger;
use crate::process::{Process, free_address, world_of_now};

const KILLS: u32 = 20;
/// Claims in a file, and how many of them one transaction posts: twelve chunks to die between.
const CLAIMS: usize = 60;
const CHUNKS: [(&str, &str); 1] = [("ROUTING__POSTING_CLAIMS", "5")];
const READY_WITHIN: Duration = Duration::from_secs(2);

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
    let (world, clock) = world_of_now(&CHUNKS).await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let token = group.token(&world, Role::Specialist).await;
    let (address, npi) = (free_address(), group.npi.as_str());
    let ledger = Ledger::of(world.store()).await;

    let server = Process::start(address, world.store(), &CHUNKS);
    let began = Instant::now();
    assert!(upload(address, &token, npi, 0).await, "a control: undisturbed, it is posted");
    let whole = began.elapsed();
    drop(server);

    let (mut acknowledged, mut readiness) = (vec![0], Vec::new());
    for round in 1..=KILLS {
        let starting = Instant::now();
        let server = Process::start(address, world.store(), &CHUNKS);
        readiness.push(starting.elapsed());
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
