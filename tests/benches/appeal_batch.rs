//! Opening a batch of 5,000 appeals through the whole product: `STORE=postgres CACHE=redis` with
//! `DATABASE_URL` and `REDIS_URL` use servers, else SQLite.

use std::time::{Duration, Instant};

use contracts::access::v1::Role;
use contracts::appeals::v1::{CreateAppealBatchRequest, GetAppealBatchRequest, GetJobRequest};
use contracts::jobs::v1::JobState;
use tests::{Group, Line, NewGroup, Remittance, World, id};

const NPI: &str = "1234567893";
const CLAIMS: usize = 5_000;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(measure());
}

#[expect(clippy::print_stdout, reason = "what a bench is for")]
async fn measure() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let codes = [("CO", "197", 60_00)];
    let line = Line { charge: 60_00, paid: 0, adjustments: &codes, remarks: &[] };
    let claims = (0..CLAIMS).fold(Remittance::to(NPI, "20260610"), |file, at| {
        file.claim(&format!("BATCH{at}"), "DOE", &[line])
    });
    group.upload(&world, &claims.x12()).await;
    let token = group.token(&world, Role::TeamLead).await;
    let mut appeals = world.appeals(&token);
    let begun = Instant::now();
    let request = CreateAppealBatchRequest {
        filter: "group = \"CO\" AND carc = \"197\"".to_owned(),
        request_id: id(),
        ..CreateAppealBatchRequest::default()
    };
    let batch = appeals.create_appeal_batch(request).await.expect("it begins").into_inner();
    let job = loop {
        let request = GetJobRequest { id: batch.batch_id.clone() };
        let job = appeals.get_job(request).await.expect("it is read").into_inner().job;
        let job = job.expect("there is one");
        if job.state() != JobState::Running {
            break job;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let took = begun.elapsed();
    assert_eq!(job.state(), JobState::Succeeded, "{job:?}");
    let request = GetAppealBatchRequest { id: batch.batch_id };
    let batch = appeals.get_appeal_batch(request).await.expect("it is read").into_inner();
    let opened = batch.appeal_batch.expect("there is one").opened_count;
    println!("{opened} appeals of a batch opened in {took:.1?}");
}
