//! History is the ledger, folded; a replay says what deciding every denial again would say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use contracts::dictionary::v1::ReplaySummary;
use contracts::google::r#type::Date;
use contracts::jobs::v1::{Job, JobState};
use contracts::routing::v1::{
    GetReplayRequest, ListSignaturesRequest, RemittancePurpose, ReplayRevisionResponse,
};
use domain::calendar::Zone;
use domain::deadline::{RuleBook, Situation};
use domain::dictionary::vocabulary::{NextAction, OwnerFunction, RecordClass};
use domain::dictionary::{Bundle, Compiled, Slug};
use domain::money::Cents;
use domain_governance::replay::{Both, Signature};
use futures::TryStreamExt;
use history::{Asked, Days, Replays};
use platform::idempotency::Once;
use platform::tasks::Tasks;
use prost::Message;
use uuid::Uuid;
use x12::generate::{Day, Options, write_remittance};

use super::scene::Scene;
use ledger::adjudications::{DENIAL_OPEN, ITEM_OPEN};
use ledger::document::{ClaimDocument, Proof};
use ledger::entity::{claim, denial, work_item};
use ledger::replayed::LEDGER;

/// A file of generated claims, paid in a month of 2026, with reversals.
fn generated(seed: u64) -> Vec<u8> {
    let options = Options {
        claims: 40 + seed % 30,
        seed,
        claims_per_transaction: 15,
        claim_prefix: format!("S{}X", seed % 4),
        control: u32::try_from(seed).unwrap(),
        remit_on: Day::from_ymd(2026, 1 + u32::try_from(seed % 6).unwrap(), 27).unwrap(),
        denied_permille: 600,
        reversals_permille: 100,
        ..Options::default()
    };
    let mut bytes = Vec::new();
    write_remittance(options, &mut bytes).unwrap();
    bytes
}

/// Uploads that a choice of seeds makes: live, historical, repeated, cut off and resumed.
async fn uploaded(seeds: &[u64], chunk: usize) -> Scene {
    let scene = Scene::new(chunk).await;
    for seed in seeds {
        let purpose =
            if seed % 3 == 0 { RemittancePurpose::History } else { RemittancePurpose::Live };
        let bytes = generated(*seed);
        let id = scene.submit(&bytes, purpose).await.unwrap();
        let patience = Duration::from_millis(seed % 5 * 10);
        tokio::time::timeout(patience, scene.intake.run(&scene.caller, id)).await.ok();
        scene.post_as(&bytes, purpose).await;
    }
    scene
}

pub(super) fn replays(scene: &Scene) -> Replays {
    Replays::new(scene.database.clone(), Tasks::default(), LEDGER)
}

pub(super) fn since_2025() -> Option<Date> {
    Some(Date { year: 2025, month: 1, day: 1 })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn history_is_the_ledger_folded_whatever_is_uploaded() {
    for (seeds, chunk) in [(&[1, 2, 1, 3, 7][..], 7), (&[4, 6, 10, 4], 40), (&[9, 5, 9, 11], 1)] {
        let scene = uploaded(seeds, chunk).await;
        let mut ledger: BTreeMap<Vec<u8>, (i64, i64)> = BTreeMap::new();
        for row in scene.all::<denial::Entity>().await {
            let proof: Proof = serde_json::from_slice(&row.receipt).unwrap();
            let signature = Signature::of(&proof.facts.facts());
            let counted = ledger.entry(signature.encoded().to_vec()).or_default();
            counted.0 += 1;
            counted.1 += row.denied_cents;
        }
        assert!(ledger.len() > 10, "{} kinds of denials", ledger.len());
        let request = ListSignaturesRequest { starts_on: since_2025() };
        let pages = replays(&scene).signatures(&scene.caller, request).await.unwrap();
        let pages: Vec<_> = pages.try_collect().await.unwrap();
        let listed = pages.into_iter().flat_map(|page| page.signatures);
        let listed: Vec<_> =
            listed.map(|one| (one.encoded, (one.denial_count, one.denied_cents))).collect();
        assert_eq!(listed.len(), ledger.len(), "each signature comes once");
        assert_eq!(BTreeMap::from_iter(listed), ledger, "{seeds:?}");
    }
}

/// Other owners, an amount that matters, and deadlines that move.
fn draft() -> Compiled {
    let mut bundle: Bundle = domain::starter::bundle();
    let mut special = Vec::new();
    for (at, entry) in bundle.entries.iter_mut().enumerate() {
        match at % 3 {
            0 => entry.meaning.owner_function = OwnerFunction::Coding,
            1 if entry.matches.amount.is_any() => {
                let mut large = entry.clone();
                large.slug = Slug::new(format!("large-{at}")).unwrap();
                large.matches.amount.at_least = Some(Cents::new(15_000));
                large.meaning.next_action = NextAction::Appeal;
                special.push(large);
            }
            _ => {}
        }
    }
    bundle.entries.extend(special);
    for rule in bundle.deadline_rules.iter_mut().step_by(5) {
        rule.count = rule.count.map(|count| count + 3);
    }
    Compiled::new(&bundle).unwrap()
}

/// How many denials change in a respect, and their cents.
type Changes = BTreeMap<&'static str, (i64, i64)>;

/// What changes, denial by denial, and the open items it touches.
async fn changes(scene: &Scene, active: &Compiled, draft: &Compiled) -> (Changes, usize) {
    let claims = scene.all::<claim::Entity>().await;
    let claims: BTreeMap<Uuid, claim::Model> =
        claims.into_iter().map(|row| (row.id, row)).collect();
    let (mut changes, mut touched) = (Changes::new(), BTreeSet::new());
    for row in scene.all::<denial::Entity>().await {
        let proof: Proof = serde_json::from_slice(&row.receipt).unwrap();
        let claim = &claims[&row.claim_id];
        let document = ClaimDocument::decode(claim.document.as_slice()).unwrap();
        let received = document.dates.iter().find(|date| date.qualifier == "050");
        let days = Days {
            remit_on: row.remit_on,
            service_on: claim.service_starts_on,
            payer_received_on: received.and_then(|date| remitted::day(&date.value)),
        };
        let said = [active, draft].map(|revision| said(revision, &proof, days));
        let mut changed = false;
        for ((field, before), (_, after)) in said[0].iter().zip(&said[1]) {
            if before != after {
                let sum = changes.entry(*field).or_default();
                (sum.0, sum.1) = (sum.0 + 1, sum.1 + row.denied_cents);
                changed = true;
            }
        }
        if changed && row.state == DENIAL_OPEN {
            touched.insert(row.work_item_id);
        }
    }
    let items = scene.all::<work_item::Entity>().await;
    let open = items.iter().filter(|item| item.state == ITEM_OPEN && touched.contains(&item.id));
    (changes, open.count())
}

/// What a revision says of a denial, in words.
fn said(revision: &Compiled, proof: &Proof, days: Days) -> [(&'static str, String); 5] {
    let facts = proof.facts.facts();
    let decision = revision.decide(&facts);
    let book = RuleBook::new(&revision.bundle().deadline_rules);
    let situation = Situation {
        lob: facts.lob,
        payer: facts.payer,
        network: facts.network,
        starts: &days.starts(),
        zone: Zone::EASTERN,
        today: days.remit_on,
    };
    let choice = book.choose(&decision.wanted(), &situation);
    let ranking = choice.ranking().filter(|_| decision.record_class() == Some(RecordClass::Denial));
    [
        ("record_class", format!("{:?}", decision.record_class())),
        ("owner_function", decision.owner_function.as_str().to_owned()),
        ("team", decision.team.slug.to_owned()),
        ("next_action", decision.next_action.as_str().to_owned()),
        ("deadline", format!("{:?}", ranking.map(|one| (one.last_day, one.rule.clone())))),
    ]
}

async fn replayed(scene: &Scene, active: &Arc<Compiled>, draft: &Arc<Compiled>) -> ReplaySummary {
    let replays = replays(scene);
    let asked = Asked {
        revisions: Both { active: active.clone(), draft: draft.clone() },
        starts_on: history::day(since_2025()).unwrap(),
    };
    let once = Once::of("", &ReplayRevisionResponse::default()).unwrap();
    let id = replays.start(&scene.caller, once, asked).await.unwrap().job.unwrap().id;
    let job = loop {
        let tx = scene.database.read(&scene.caller).await.unwrap();
        let job = tx.job(&[history::KIND], id.parse().unwrap()).await.unwrap().unwrap();
        let job = Job::from(job);
        if job.state() != JobState::Running {
            break job;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert_eq!(job.state(), JobState::Succeeded, "{job:?}");
    assert_eq!((job.done, job.unit.as_str()), (job.total, "denials"));
    let request = GetReplayRequest { id: job.result_id };
    replays.replay(&scene.caller, request).await.unwrap().replay.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_says_what_deciding_every_denial_again_says() {
    let scene = uploaded(&[1, 2, 3, 4, 5, 7], 25).await;
    let active = Arc::new(Compiled::new(&domain::starter::bundle()).unwrap());
    let draft = Arc::new(draft());
    let summary = replayed(&scene, &active, &draft).await;
    let mut found = Changes::new();
    let (expected, touched) = changes(&scene, &active, &draft).await;
    for field in ["record_class", "owner_function", "team", "next_action", "deadline"] {
        for change in summary.changes.iter().filter(|change| change.field == field) {
            let sum = found.entry(field).or_default();
            sum.0 += change.denial_count;
            sum.1 += change.denied.as_ref().unwrap().amount_cents;
        }
    }
    assert_eq!(found, expected);
    for field in ["owner_function", "next_action", "deadline"] {
        assert!(expected.contains_key(field), "{expected:?}");
    }
    assert_eq!(usize::try_from(summary.open_work_item_count).unwrap(), touched);
    assert!(touched > 0 && summary.deterministic);
    let rows = scene.all::<denial::Entity>().await;
    assert_eq!(usize::try_from(summary.denial_count).unwrap(), rows.len());
    let days = rows.iter().map(|row| row.remit_on);
    let day = |date: Option<Date>| history::day(date).unwrap();
    assert_eq!((day(summary.starts_on), day(summary.ends_on)), (days.clone().min(), days.max()));
    assert!(!summary.example_denial_ids.is_empty());
    for id in &summary.example_denial_ids {
        let id: Uuid = id.parse().unwrap();
        assert!(rows.iter().any(|row| row.id == id), "an example is a denial of the ledger");
    }
    let same = replayed(&scene, &active, &active).await;
    assert!(same.changes.is_empty() && same.team_loads.is_empty(), "{same:?}");
    assert_eq!((same.open_work_item_count, same.missed_deadline_count), (0, 0));
    assert_eq!(same.denied, summary.denied);
    assert_ne!(same.signature, summary.signature);
    assert_eq!(replayed(&scene, &active, &draft).await, summary, "it is what it is");
}
