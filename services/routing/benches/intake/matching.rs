//! What matching costs: a remittance that pays claims whose denials are open among many others.

use std::time::{Duration, Instant};

use ledger::entity::denial::{Column, Entity};
use platform::tenant_tx::Database;
use routing::{Ended, Intake, Originals, Revisions};
use sea_orm::ColumnTrait;

use crate::bare::Bare;
use crate::scene::{self, Scene};
use crate::{POSTING_CLAIMS, paid};

/// Claims of a file that fills the ledger.
const FILE_CLAIMS: u64 = 20_000;
/// What 100,000 claims against a million open denials may take.
const MILLION_MAX: Duration = Duration::from_secs(30);

/// Claims that are paid, and denials that are open before.
pub(crate) const SMALL: (u64, u64) = (10_000, 100_000);
pub(crate) const MILLION: (u64, u64) = (100_000, 1_000_000);

/// Pays claims of a tenant with so many open denials; whether it was fast enough.
pub(crate) async fn measured(
    name: &str,
    postgres: Option<&str>,
    (claims, denials): (u64, u64),
) -> bool {
    let bare = match postgres {
        Some(url) => Bare::postgres(url).await,
        None => Bare::sqlite().await,
    };
    let database = bare.open().await;
    let originals = bare.folder().join("originals");
    let originals = Originals::in_folder(&originals, 256 << 10).expect("the folder can be made");
    let intake = Intake::new(database.clone(), originals, Revisions::default(), POSTING_CLAIMS);
    let scene = Scene::new();
    let (mut filled, mut first) = (Duration::ZERO, 1);
    while first <= claims || open(&database, &scene).await < denials {
        filled += post(&intake, &scene, &scene::denied(FILE_CLAIMS.min(claims), first)).await;
        first += FILE_CLAIMS.min(claims);
    }
    let paying: Vec<u8> = (0..claims.div_ceil(FILE_CLAIMS))
        .flat_map(|file| {
            let size = FILE_CLAIMS.min(claims);
            paid::in_full(&scene::denied(size, 1 + file * size))
        })
        .collect();
    let before = open(&database, &scene).await;
    let plain = post(&intake, &Scene::new(), &paying).await;
    let matched = post(&intake, &scene, &paying).await;
    let settled = before - open(&database, &scene).await;
    assert!(settled >= claims, "every claim settles what was refused of it");
    println!(
        "{name}: {before} open denials by intake in {:.1} s; {claims} claims that settle {settled} \
         of them in {:.2} s, {:.2} times as long as where nothing was refused",
        filled.as_secs_f64(),
        matched.as_secs_f64(),
        matched.as_secs_f64() / plain.as_secs_f64(),
    );
    drop(database);
    bare.drop_all().await;
    (claims, denials) != MILLION || matched <= MILLION_MAX
}

/// How many denials of the tenant are open.
async fn open(database: &Database, scene: &Scene) -> u64 {
    let tx = database.read(&scene.caller).await.expect("it begins");
    let open = tx.find::<Entity>().filter(Column::State.eq("OPEN"));
    open.count().await.expect("they are counted")
}

async fn post(intake: &Intake, scene: &Scene, mut bytes: &[u8]) -> Duration {
    let begun = Instant::now();
    let submitted = intake.submit(&scene.caller, scene.submission(&mut bytes)).await;
    let file = submitted.expect("it is taken in");
    let ended = intake.run(&scene.caller, file).await.expect("it is posted");
    assert_eq!(ended, Ended::Finished);
    begun.elapsed()
}
