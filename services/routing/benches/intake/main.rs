//! Claims a second from a stored file to durable, routed work items, against bare multi-row
//! inserts of the same rows into the same indexed tables in the same run.
//!
//! A generated 835 of 3.5 lines a claim and 12 % denied claims is taken in and posted as the
//! service does it: stored, surveyed, decided with receipts, written in transactions of a thousand
//! claims. Then all rows it made are read, and written again into a second, empty, migrated
//! database by statements of nothing but rows, in as many transactions. On PostgreSQL the bare
//! writer is the tables' owner, so that row level security is part of what is measured. SQLite
//! always; PostgreSQL where `DATABASE_URL` names a superuser's database.
//!
//! With `--matching`, or `--million`, instead: how long a remittance takes that pays claims whose
//! denials are open (`matching`).
//!
//! Before that: how much a file of 1 GiB adds to the memory of the process while it is stored and
//! surveyed. Posting reads it the same way.

#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

mod bare;
mod matching;
mod memory;
mod paid;
mod scene;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use bare::Bare;
use routing::{Ended, Intake, Originals, Revisions};
use scene::Scene;

/// Claims in the measured file.
const CLAIMS: u64 = 30_000;
/// Claims a transaction posts: the service's own default.
const POSTING_CLAIMS: usize = 1_000;
/// Turns of each measurement.
const ROUNDS: usize = 3;
const FLOOR_CLAIMS_PER_SECOND: f64 = 5_000.0;
const FLOOR_RATIO: f64 = 0.4;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime starts");
    let given = |option: &str| std::env::args().any(|argument| argument == option);
    if given("--million") {
        return ended(runtime.block_on(matched(matching::MILLION)));
    }
    if given("--matching") {
        return ended(runtime.block_on(matched(matching::SMALL)));
    }
    ended(runtime.block_on(async {
        let mut all = memory::measured().await;
        all &= engine("SQLite", None).await;
        match postgres_url() {
            Some(url) => all &= engine("PostgreSQL", Some(&url)).await,
            None => println!("PostgreSQL: DATABASE_URL is not set, skipped"),
        }
        all
    }))
}

fn ended(all: bool) -> ExitCode {
    if all { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// PostgreSQL where there is one, else SQLite.
async fn matched(sizes: (u64, u64)) -> bool {
    match postgres_url() {
        Some(url) => matching::measured("PostgreSQL", Some(&url), sizes).await,
        None => matching::measured("SQLite", None, sizes).await,
    }
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the bench says where PostgreSQL is")]
fn postgres_url() -> Option<String> {
    std::env::var("DATABASE_URL").ok().filter(|url| url.starts_with("postgres"))
}

/// Measures one engine; whether it is above both floors.
///
/// Intake and bare inserts take turns, and the fastest turn of each counts: what else the machine
/// does then slows neither or both.
async fn engine(name: &str, postgres: Option<&str>) -> bool {
    let (mut intake, mut copying, mut rows) = (Duration::MAX, Duration::MAX, 0);
    for _ in 0..ROUNDS {
        let bare = match postgres {
            Some(url) => Bare::postgres(url).await,
            None => Bare::sqlite().await,
        };
        intake = intake.min(post(&Scene::new(), &bare).await);
        let (copied, took) = bare.copy(CLAIMS as usize / POSTING_CLAIMS).await;
        (rows, copying) = (copied, copying.min(took));
        bare.drop_all().await;
    }
    let rate = CLAIMS as f64 / intake.as_secs_f64();
    let ratio = copying.as_secs_f64() / intake.as_secs_f64();
    println!(
        "{name}: {CLAIMS} claims in {:.2} s, {rate:.0} claims/s; {rows} rows by bare inserts in \
         {:.2} s; ratio {ratio:.2} (best of {ROUNDS})",
        intake.as_secs_f64(),
        copying.as_secs_f64(),
    );
    rate >= FLOOR_CLAIMS_PER_SECOND && ratio >= FLOOR_RATIO
}

async fn post(scene: &Scene, bare: &Bare) -> Duration {
    let database = bare.open().await;
    let folder = bare.folder().join("originals");
    let originals = Originals::in_folder(&folder, 256 << 10).expect("the folder can be made");
    let intake = Intake::new(database, originals, Revisions::default(), POSTING_CLAIMS);
    let bytes = scene::generated(CLAIMS);
    let mut bytes = bytes.as_slice();
    let begun = Instant::now();
    let submitted = intake.submit(&scene.caller, scene.submission(&mut bytes)).await;
    let file = submitted.expect("it is taken in");
    let ended = intake.run(&scene.caller, file).await.expect("it is posted");
    assert_eq!(ended, Ended::Finished);
    begun.elapsed()
}
