mod history;
mod redecided;
mod scene;
mod tried;

use std::time::Duration;

use contracts::routing::v1::RemittancePurpose;
use prost::Message;
use scene::{NPI, Scene, denied, generated, remittance, reversed};

use super::Ended;
use ledger::document::{ClaimDocument, Proof, Report, WorkDocument};
use ledger::entity::{case, claim, claim_part, denial, subject, transaction, work_item};
use ledger::files::{POSTED, QUARANTINED};

fn codes(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[tokio::test]
async fn a_denied_line_becomes_one_owned_ranked_and_dated_item() {
    let scene = Scene::new(100).await;
    let (file, report) = scene.post(&remittance(NPI, "T1", "0", &denied("A1"))).await;
    assert_eq!(file.state, POSTED, "{report:?}");
    assert_eq!((report.counts.claims, report.counts.denials, report.counts.work_items), (1, 1, 1));
    let items = scene.all::<work_item::Entity>().await;
    let [item] = items.as_slice() else { panic!("{items:?}") };
    let document: WorkDocument = serde_json::from_slice(&item.document).unwrap();
    assert_eq!((item.at_stake_cents, item.payer_slug.as_str()), (10_000, "acme"));
    assert_eq!(item.facility_slug, "main");
    assert!(!item.owner_team.is_empty() && item.priority > 0);
    assert_eq!(item.due_on, document.deadlines[0].last_day);
    assert!(!document.deadlines[0].source.is_empty());
    assert!(!document.evidence.is_empty());
    assert_eq!((document.codes[0].carc.as_str(), document.codes[0].count), ("197", 1));
    let denials = scene.all::<denial::Entity>().await;
    assert_eq!((denials[0].work_item_id, denials[0].line), (item.id, 0));
    let proof: Proof = serde_json::from_slice(&denials[0].receipt).unwrap();
    let bundle = domain::starter::bundle();
    domain::dictionary::verify(&proof.receipt, &bundle, &proof.facts.facts()).unwrap();
    assert_eq!(scene.all::<subject::Entity>().await[0].patient_name, "DOE, JANE");
}

#[tokio::test]
async fn the_same_bytes_have_one_effect() {
    let scene = Scene::new(100).await;
    let bytes = generated(60, 3);
    let (first, _) = scene.post(&bytes).await;
    let claims = scene.all::<claim::Entity>().await.len();
    let (again, _) = scene.post(&bytes).await;
    assert_eq!(first, again);
    assert_eq!(scene.all::<claim::Entity>().await.len(), claims);
}

#[tokio::test]
async fn the_same_transaction_in_another_file_has_no_second_effect() {
    let scene = Scene::new(100).await;
    let text = String::from_utf8(remittance(NPI, "T1", "0", &denied("A1"))).unwrap();
    scene.post(text.as_bytes()).await;
    let other = text.replace("~", "~\n").replace("ST*835*0001", "ST*835*0777");
    let (file, report) = scene.post(other.replace("*9*0001", "*9*0777").as_bytes()).await;
    assert_eq!((file.state.as_str(), report.counts.duplicate_transactions), (POSTED, 1));
    assert!(codes(&report).contains(&"duplicate-transaction"));
    assert_eq!(scene.all::<claim::Entity>().await.len(), 1);
    assert_eq!(scene.all::<work_item::Entity>().await.len(), 1);
}

#[tokio::test]
async fn a_trace_number_used_again_for_other_content_is_posted_and_found() {
    let scene = Scene::new(100).await;
    scene.post(&remittance(NPI, "T1", "0", &denied("A1"))).await;
    let (file, report) = scene.post(&remittance(NPI, "T1", "0", &denied("A2"))).await;
    assert_eq!(file.state, POSTED);
    assert!(codes(&report).contains(&"trace-reused"));
    assert_eq!(scene.all::<claim::Entity>().await.len(), 2);
}

#[tokio::test]
async fn history_posts_the_ledger_and_denials_and_opens_no_work() {
    let scene = Scene::new(100).await;
    let (file, report) = scene.post_as(&generated(80, 5), RemittancePurpose::History).await;
    assert_eq!(file.state, POSTED);
    assert!(report.counts.denials > 0);
    assert_eq!(report.counts.work_items, 0);
    assert_eq!(scene.all::<denial::Entity>().await.len() as i64, report.counts.denials);
    assert!(scene.all::<work_item::Entity>().await.is_empty());
}

#[tokio::test]
async fn a_second_denial_of_the_same_line_repeats_the_first() {
    let scene = Scene::new(100).await;
    scene.post(&remittance(NPI, "T1", "0", &denied("A1"))).await;
    scene.post(&remittance(NPI, "T2", "0", &denied(" a1"))).await;
    let denials = scene.all::<denial::Entity>().await;
    let initial = denials.iter().find(|denial| denial.lineage == "INITIAL").unwrap();
    let repeat = denials.iter().find(|denial| denial.lineage == "REPEAT").unwrap();
    assert_eq!((repeat.repeat_of, repeat.case_id), (initial.id, initial.case_id));
    assert_eq!(scene.all::<case::Entity>().await.len(), 1);
}

#[tokio::test]
async fn a_reversal_takes_the_denial_back_and_ends_its_item() {
    let scene = Scene::new(100).await;
    scene.post(&remittance(NPI, "T1", "0", &denied("A1"))).await;
    let claims = format!("{}{}", denied("B1"), reversed("B1"));
    scene.post(&remittance(NPI, "T2", "0", &format!("{}{claims}", reversed("A1")))).await;
    let denials = scene.all::<denial::Entity>().await;
    assert_eq!(denials.len(), 2, "a reversal makes no denial");
    assert!(denials.iter().all(|denial| denial.state == "REVERSED"));
    let items = scene.all::<work_item::Entity>().await;
    assert!(items.iter().all(|item| item.state == "RESOLVED"), "{items:?}");
}

#[tokio::test]
async fn what_cannot_be_read_is_quarantined_with_a_position() {
    let scene = Scene::new(100).await;
    let good = remittance(NPI, "T1", "0", &denied("A1"));
    let text = String::from_utf8(good.clone()).unwrap();
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(&str, Vec<u8>); 6] = [
        ("wrong-transaction-set", text.replace("ST*835", "ST*837").into_bytes()),
        ("utf16", utf16),
        ("nul-bytes", text.replace("DOE", "D\0E").into_bytes()),
        ("not-x12", b"name,amount\nDoe,100\n".to_vec()),
        ("payee-unknown", remittance("1992999999", "T1", "0", &denied("A1"))),
        ("cut-short", text.split("SE*").next().unwrap().as_bytes().to_vec()),
    ];
    for (code, bytes) in cases {
        let (file, report) = scene.post(&bytes).await;
        assert_eq!(file.state, QUARANTINED, "{code}");
        assert!(codes(&report).contains(&code), "{code}: {:?}", codes(&report));
        assert!(file.finished_at.is_some());
    }
    assert!(scene.all::<claim::Entity>().await.is_empty());
    assert!(scene.all::<transaction::Entity>().await.is_empty());
    assert_eq!(scene.post(&good).await.0.state, POSTED, "the service goes on");
}

#[tokio::test]
async fn a_file_of_an_unknown_payee_is_read_again_once_the_facility_is_known() {
    let mut scene = Scene::new(100).await;
    let bytes = remittance("1992999999", "T1", "0", &denied("A1"));
    let (quarantined, report) = scene.post(&bytes).await;
    assert!(report.retriable);
    scene.context.facilities[0].npis.push("1992999999".to_owned());
    let (posted, _) = scene.post(&bytes).await;
    assert_eq!((posted.id, posted.state.as_str()), (quarantined.id, POSTED));
}

#[tokio::test]
async fn an_amount_that_does_not_read_is_kept_and_found() {
    let scene = Scene::new(100).await;
    let claims = denied("A1").replace("CO*197*100", "CO*197*1O0");
    let (file, report) = scene.post(&remittance(NPI, "T1", "0", &claims)).await;
    assert_eq!(file.state, POSTED);
    assert!(codes(&report).contains(&"bad-amount"));
    let claims = scene.all::<claim::Entity>().await;
    let document = ClaimDocument::decode(claims[0].document.as_slice()).unwrap();
    assert_eq!(document.lines[0].adjustments[0].unreadable, "1O0");
    // Paid zero, and nothing that reads explains it: somebody must look.
    assert_eq!(scene.all::<work_item::Entity>().await[0].kind, "EXCEPTION");
}

#[tokio::test]
async fn a_claim_in_parts_is_one_occurrence_and_one_task_and_loses_nothing() {
    const LINES: usize = 9_000;
    let scene = Scene::new(100).await;
    let mut claim = "CLP*BIG*4*900000*0*0*12*ICN*11*1~".to_owned();
    for _ in 0..LINES {
        claim.push_str("SVC*HC:99213*100*0**1~DTM*472*20260901~CAS*CO*197*100~");
    }
    let (file, report) = scene.post(&remittance(NPI, "T1", "0", &claim)).await;
    assert_eq!(file.state, POSTED);
    assert_eq!((report.counts.claims, report.counts.denials), (1, LINES as i64));
    let claims = scene.all::<claim::Entity>().await;
    assert_eq!((claims.len(), claims[0].denied_cents), (1, 100 * 100 * LINES as i64));
    let parts = scene.all::<claim_part::Entity>().await;
    assert_eq!(parts.len(), 2);
    let documents = parts.iter().map(|part| &part.document).chain([&claims[0].document]);
    let adjustments: usize = documents
        .flat_map(|document| ClaimDocument::decode(document.as_slice()).unwrap().lines)
        .map(|line| line.adjustments.len())
        .sum();
    assert_eq!(adjustments, LINES);
    let items = scene.all::<work_item::Entity>().await;
    assert_eq!(items.len(), 1, "one task, however long the claim");
    assert_eq!(items[0].at_stake_cents, claims[0].denied_cents);
    assert_eq!(report.counts.work_items, 1);
    let denials = scene.all::<denial::Entity>().await;
    assert!(denials.iter().all(|denial| denial.work_item_id == items[0].id));
}

/// What a file made, as far as two runs must agree.
async fn made(scene: &Scene) -> (usize, Vec<(i64, i64, i64)>, usize, usize, i64) {
    let mut claims: Vec<_> = scene
        .all::<claim::Entity>()
        .await
        .iter()
        .map(|row| (row.ordinal, row.charge_cents, row.denied_cents))
        .collect();
    claims.sort_unstable();
    let items = scene.all::<work_item::Entity>().await;
    let at_stake = items.iter().map(|item| item.at_stake_cents).sum();
    let cases = scene.all::<case::Entity>().await.len();
    let denials = scene.all::<denial::Entity>().await.len();
    (cases, claims, denials, items.len(), at_stake)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_posting_cut_off_anywhere_resumes_without_loss_or_double_effect() {
    let bytes = generated(120, 11);
    let whole = Scene::new(1_000).await;
    let (_, counted) = whole.post(&bytes).await;
    let scene = Scene::new(7).await;
    let id = scene.submit(&bytes, RemittancePurpose::Live).await.unwrap();
    let mut cuts = 0;
    for millis in 1_u64.. {
        let patience = Duration::from_millis(millis);
        match tokio::time::timeout(patience, scene.intake.run(&scene.caller, id)).await {
            Ok(ended) if ended.as_ref().unwrap() == &Ended::Finished => break,
            // The commit of the run before was still on its way.
            Ok(_) => {}
            Err(_) => cuts += 1,
        }
    }
    assert!(cuts > 0, "the first runs are too short to end");
    let (file, report) = scene.file(id).await;
    assert_eq!(file.state, POSTED);
    assert_eq!(report.counts, counted.counts);
    assert_eq!(made(&scene).await, made(&whole).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_post_a_file_once() {
    let bytes = generated(120, 12);
    let whole = Scene::new(1_000).await;
    let (_, counted) = whole.post(&bytes).await;
    let scene = Scene::new(5).await;
    let id = scene.submit(&bytes, RemittancePurpose::Live).await.unwrap();
    let run = || scene.intake.run(&scene.caller, id);
    let (one, two) = tokio::join!(run(), run());
    one.unwrap();
    two.unwrap();
    scene.intake.run(&scene.caller, id).await.unwrap();
    let (_, report) = scene.file(id).await;
    assert_eq!(report.counts, counted.counts);
    assert_eq!(made(&scene).await, made(&whole).await);
}
