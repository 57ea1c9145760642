//! Live files with a change on trial beside the active revision.

use std::sync::Arc;

use contracts::routing::v1::RemittancePurpose;
use domain::dictionary::Bundle;
use ledger::entity::{denial, work_item};
use ledger::previews::{self, Preview};
use remitted::Trial;

use super::redecided::draft;
use super::scene::{Scene, generated};
use crate::revisions::Revision;

const LOOSE: [i64; 3] = [10_000, 10_000, 1_000_000];

/// A tenant that tries `bundle`.
async fn trying(bundle: &Bundle, canary: bool, limits: [i64; 3], chunk: usize) -> (Scene, Trial) {
    let mut scene = Scene::new(chunk).await;
    let revision = Revision::parse(bundle.canonical().unwrap().into_bytes()).unwrap();
    let trial = Trial {
        id: platform::ids::new(),
        revision: revision.hash().to_owned(),
        canary,
        facilities: Vec::new(),
        payers: if canary { vec!["acme".to_owned()] } else { Vec::new() },
        limits,
    };
    scene.context.trial = Some(trial.clone());
    scene.trial = Some(Arc::new(revision));
    (scene, trial)
}

async fn tally(scene: &Scene, trial: &Trial) -> Preview {
    let tx = scene.database.read(&scene.caller).await.unwrap();
    previews::find(&tx, trial.id).await.unwrap().unwrap()
}

async fn revisions(scene: &Scene) -> (usize, usize) {
    let rows = scene.all::<denial::Entity>().await;
    let by_active = rows.iter().filter(|row| row.revision == scene.context.revision).count();
    (by_active, rows.len() - by_active)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shadow_run_counts_and_changes_nothing() {
    let (scene, trial) = trying(&draft(), false, LOOSE, 30).await;
    scene.post(&generated(300, 1)).await;
    let (by_active, by_trial) = revisions(&scene).await;
    assert!(by_active > 20 && by_trial == 0, "{by_active} {by_trial}");
    let row = tally(&scene, &trial).await;
    assert!(row.decided >= i64::try_from(by_active).unwrap(), "{row:?}");
    assert!(row.diverged > 0 && row.diverged < row.decided, "{row:?}");
    assert!(row.unmapped > 0 && !row.is_suspended(), "{row:?}");
    // What the active revision says beside itself never differs, and history is not tried.
    let (scene, trial) = trying(&domain::starter::bundle(), false, LOOSE, 30).await;
    scene.post(&generated(300, 1)).await;
    let same = tally(&scene, &trial).await;
    assert_eq!((same.diverged, same.short), (0, 0), "{same:?}");
    scene.post_as(&generated(300, 2), RemittancePurpose::History).await;
    assert_eq!(tally(&scene, &trial).await, same);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_canary_decides_where_it_may() {
    let (scene, trial) = trying(&draft(), true, LOOSE, 30).await;
    let text = String::from_utf8(generated(300, 1)).unwrap();
    scene.post(text.as_bytes()).await;
    let payers = |rows: &[denial::Model], revision: &str| -> Vec<String> {
        let rows = rows.iter().filter(|row| row.revision == revision);
        rows.map(|row| row.payer_slug.clone()).collect()
    };
    let rows = scene.all::<denial::Entity>().await;
    let tried = payers(&rows, &trial.revision);
    let others = payers(&rows, &scene.context.revision);
    assert!(tried.iter().all(|payer| payer == "acme"), "{tried:?}");
    assert!(others.iter().all(|payer| payer != "acme"), "{others:?}");
    assert!(!(tried.is_empty() && others.is_empty()));
    for item in scene.all::<work_item::Entity>().await {
        let mut of_item = rows.iter().filter(|row| row.work_item_id == item.id);
        assert!(of_item.all(|row| row.revision == item.revision), "{item:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_canary_that_passes_a_limit_decides_nothing_from_then_on() {
    let line = |number: usize| super::scene::denied(&format!("P{number}"));
    let claims: String = (0..200).map(line).collect();
    let count = claims.matches('~').count() + 7;
    let bytes = super::scene::remittance(super::scene::NPI, "T1", "0", &claims);
    let bytes = String::from_utf8(bytes).unwrap().replace("SE*9*", &format!("SE*{count}*"));
    let mut other = domain::starter::bundle();
    for entry in &mut other.entries {
        entry.meaning.owner_function = domain::dictionary::vocabulary::OwnerFunction::Coding;
    }
    let (scene, trial) = trying(&other, true, [1_000, 10_000, 1_000_000], 20).await;
    scene.post(bytes.as_bytes()).await;
    let row = tally(&scene, &trial).await;
    assert!(row.is_suspended(), "{row:?}");
    // 20 say nothing yet; with the second 20 the limit is passed, while the third is being decided.
    assert_eq!(row.decided, 40, "{row:?}");
    assert_eq!(revisions(&scene).await, (140, 60));
    let words = "40 of 40 denials (100.00 %) were decided differently; at most 10.00 % may";
    assert_eq!(row.suspended_words, words);
    let more = String::from_utf8(super::scene::remittance(
        super::scene::NPI,
        "T2",
        "0",
        &super::scene::denied("Q1"),
    ));
    scene.post(more.unwrap().as_bytes()).await;
    assert_eq!(revisions(&scene).await, (141, 60), "another file is not tried at all");
}
