//! Work that is decided again is what it would be, had it been decided so from the start.

use std::collections::{BTreeMap, BTreeSet};

use contracts::routing::v1::ListSignaturesRequest;
use domain::dictionary::Bundle;
use domain::dictionary::vocabulary::{NextAction, OwnerFunction, RecordClass};
use futures::TryStreamExt;
use ledger::document::{Tally, WorkDocument, to_json};
use ledger::entity::{claim, denial, redecision, work_item};
use ledger::redecisions::{self, Redecision};
use sea_orm::ColumnTrait;
use uuid::Uuid;

use super::history::{replays, since_2025};
use super::scene::{Scene, generated};
use crate::redecisions::Pass;
use crate::revisions::Revision;
use ledger::redecisions::KIND;

/// Other owners, steps and classes, and entries that are gone.
pub(super) fn draft() -> Bundle {
    let mut bundle = domain::starter::bundle();
    let mut at = 0;
    bundle.entries.retain_mut(|entry| {
        // No partner system said anything of the generated claims.
        if !entry.matches.context.is_any() {
            return true;
        }
        at += 1;
        let meaning = &mut entry.meaning;
        match at % 7 {
            1 => meaning.owner_function = OwnerFunction::Coding,
            2 if meaning.record_class == RecordClass::Denial => {
                meaning.next_action = NextAction::Appeal;
            }
            3 if meaning.record_class == RecordClass::Denial => {
                meaning.record_class = RecordClass::Contractual;
            }
            4 => return false,
            _ => {}
        }
        true
    });
    for rule in bundle.deadline_rules.iter_mut().step_by(3) {
        rule.count = rule.count.map(|count| count + 3);
    }
    bundle
}

async fn redecide(scene: &Scene, bundle: &Bundle) -> Tally {
    let revision = Revision::parse(bundle.canonical().unwrap().into_bytes()).unwrap();
    let tx = scene.database.begin(&scene.caller).await.unwrap();
    ledger::files::keep_revision(&tx, revision.hash(), revision.canonical()).await.unwrap();
    let row = Redecision {
        tenant_id: Uuid::nil(),
        id: tx.open_job(KIND, "claims").await.unwrap().id,
        revision: revision.hash().to_owned(),
        round: i64::try_from(scene.all::<redecision::Entity>().await.len()).unwrap() + 1,
        canary: String::new(),
        activated_at: tx.clock().now(),
        teams: b"{}".to_vec(),
        tally: to_json(&Tally::default()),
        created_at: tx.clock().now(),
    };
    redecisions::open(&tx, row.clone()).await.unwrap();
    tx.commit().await.unwrap();
    let mut pass = Pass::new(&scene.intake, &scene.caller, row.clone()).await.unwrap();
    while pass.chunk().await.unwrap() {}
    let tx = scene.database.read(&scene.caller).await.unwrap();
    redecisions::tally(&redecisions::find(&tx, row.id).await.unwrap().unwrap()).unwrap()
}

/// What a person sees of a claim: its money, its denials with their tasks, its items.
type Seen = ([i64; 2], BTreeSet<String>, BTreeSet<String>);

/// Claims by number and place, as they are now.
async fn seen(scene: &Scene) -> BTreeMap<(String, i64), Seen> {
    let items: BTreeMap<Uuid, work_item::Model> =
        scene.all::<work_item::Entity>().await.into_iter().map(|row| (row.id, row)).collect();
    let words = |item: &work_item::Model| {
        let document: WorkDocument = serde_json::from_slice(&item.document).unwrap();
        let task =
            [&item.kind, &item.exception, &item.owner_team, &item.next_action].map(Clone::clone);
        let figures = (item.due_on, item.at_stake_cents, item.priority, item.next_band_on);
        format!("{task:?} {} {figures:?} {} {document:?}", item.deadline_rule, item.revision)
    };
    let mut claims = BTreeMap::new();
    let mut places = BTreeMap::new();
    for row in scene.all::<claim::Entity>().await {
        let place = (row.patient_control_number.clone(), row.ordinal);
        places.insert(row.id, place.clone());
        let sums = [row.denied_cents, row.contractual_cents];
        claims.insert(place, (sums, BTreeSet::new(), BTreeSet::new()));
    }
    for row in scene.all::<denial::Entity>().await {
        if row.state == "SUPERSEDED" {
            continue;
        }
        let of = [&row.group_code, &row.carc, &row.state, &row.lineage, &row.record_class];
        let meaning = [&row.category, &row.owner_team, &row.next_action, &row.entry, &row.revision];
        let item = items.get(&row.work_item_id).map(words);
        let receipt = String::from_utf8_lossy(&row.receipt);
        let denied = (row.line, row.denied_cents);
        let text = format!("{of:?} {meaning:?} {denied:?} {item:?} {receipt}");
        claims.get_mut(&places[&row.claim_id]).unwrap().1.insert(text);
    }
    let of_claims = items.values().filter(|item| !item.claim_id.is_nil());
    for item in of_claims.filter(|item| item.state != "SUPERSEDED") {
        let text = format!("{} {}", item.state, words(item));
        assert!(claims.get_mut(&places[&item.claim_id]).unwrap().2.insert(text));
    }
    claims
}

/// Claims with work that nobody has touched.
async fn open(scene: &Scene) -> BTreeSet<(String, i64)> {
    let items = scene.all::<work_item::Entity>().await;
    let open: BTreeSet<Uuid> =
        items.into_iter().filter(|item| item.state == "OPEN").map(|item| item.claim_id).collect();
    let claims = scene.all::<claim::Entity>().await.into_iter();
    let claims = claims.filter(|claim| open.contains(&claim.id));
    claims.map(|claim| (claim.patient_control_number, claim.ordinal)).collect()
}

async fn denials(scene: &Scene) -> BTreeSet<Uuid> {
    scene.all::<denial::Entity>().await.into_iter().map(|row| row.id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_decided_again_is_what_it_would_have_been() {
    let bundles = [domain::starter::bundle(), draft()];
    let scenes = [Scene::under(&bundles[0], 30).await, Scene::under(&bundles[1], 30).await];
    for scene in &scenes {
        for seed in [1, 2, 3, 5, 8, 13] {
            scene.post(&generated(150, seed)).await;
        }
    }
    let before = [seen(&scenes[0]).await, seen(&scenes[1]).await];
    for (at, to) in [(0, 1), (1, 0)] {
        let (scene, open) = (&scenes[at], open(&scenes[at]).await);
        assert!(open.len() > 60, "{}", open.len());
        let ids = denials(scene).await;
        let tally = redecide(scene, &bundles[to]).await;
        assert_eq!(usize::try_from(tally.claims).unwrap(), open.len());
        assert!([tally.changed, tally.unchanged, tally.opened].iter().all(|count| *count > 0));
        assert!(!tally.moves.is_empty() && tally.examples.len() == 20, "{tally:?}");
        let now = seen(scene).await;
        for place in &open {
            assert_eq!(now[place], before[to][place], "{place:?}");
        }
        let kept = denials(scene).await;
        assert!(kept.is_superset(&ids), "no denial is lost");
        // Entries that the draft took away call for denials that it knew nothing of.
        assert_eq!(kept.len() > ids.len(), to == 0);

        // Nothing is left to do; the way back leads back, and history has every denial once.
        assert_eq!(redecide(scene, &bundles[to]).await, Tally::default());
        redecide(scene, &bundles[at]).await;
        let back = seen(scene).await;
        for place in &open {
            assert_eq!(back[place], before[at][place], "{place:?}");
        }
        let replays = replays(scene);
        let request = ListSignaturesRequest { starts_on: since_2025() };
        let pages = replays.signatures(&scene.caller, request);
        let pages: Vec<_> = pages.await.unwrap().try_collect().await.unwrap();
        let counted = pages.iter().flat_map(|page| &page.signatures).map(|one| one.denial_count);
        assert_eq!(usize::try_from(counted.sum::<i64>()).unwrap(), denials(scene).await.len());
    }
}

#[tokio::test]
async fn what_a_person_has_touched_keeps_its_decision() {
    let scene = Scene::new(30).await;
    scene.post(&generated(150, 1)).await;
    let tx = scene.database.begin(&scene.caller).await.unwrap();
    let items = tx.find::<work_item::Entity>().all().await.unwrap();
    let items: Vec<_> = items.into_iter().filter(|item| !item.claim_id.is_nil()).collect();
    let held = |at: usize| items[at].id;
    for (id, state, hold) in [(held(0), "OPEN", &b"was held"[..]), (held(1), "RESOLVED", b"")] {
        let update = tx.update::<work_item::Entity>();
        let update = update
            .set(work_item::Column::State, state)
            .set(work_item::Column::Hold, hold.to_vec())
            .filter(work_item::Column::Id.eq(id));
        update.exec().await.unwrap();
    }
    tx.commit().await.unwrap();
    let before: Vec<work_item::Model> = scene.all::<work_item::Entity>().await;
    let decided = scene.all::<denial::Entity>().await;
    redecide(&scene, &draft()).await;
    let touched = [held(0), held(1)];
    for row in scene.all::<work_item::Entity>().await {
        // About no claim, and so decided by no code.
        if row.claim_id.is_nil() {
            continue;
        }
        let same = before.iter().find(|before| before.id == row.id);
        let kept = same.is_some_and(|same| *same == row);
        assert_eq!(kept, touched.contains(&row.id), "{row:?}");
    }
    let after = scene.all::<denial::Entity>().await;
    let mut theirs = 0;
    for before in decided.iter().filter(|row| touched.contains(&row.work_item_id)) {
        assert!(after.contains(before), "{before:?}");
        theirs += 1;
    }
    assert!(theirs > 0, "one of them had denials");
}
