use contracts::dictionary::v1::*;
use contracts::jobs::v1::JobState;
use contracts::routing::v1::RemittancePurpose;
use tests::{Line, Remittance, World, id};
use tonic::Code;

use super::governed;

#[tokio::test]
async fn a_replay_says_what_a_change_would_have_done() {
    let world = World::new().await;
    let group = governed(&world).await;
    for (day, claim) in [("20260310", "A"), ("20260415", "B"), ("20260520", "C")] {
        let line = |carc| Line {
            charge: 100_00,
            paid: 0,
            adjustments: Box::leak(Box::new([("CO", carc, 100_00)])),
            remarks: &[],
        };
        let bytes = Remittance::to(&group.group.npi, day)
            .claim(&format!("{claim}1"), "DOE", &[line("197")])
            .claim(&format!("{claim}2"), "ROE", &[line("50")])
            .x12();
        let history = RemittancePurpose::History;
        group.group.try_upload(&world, &bytes, history).await.unwrap();
    }
    let change = group.draft("carc-197", "coding").await;
    let (verify, replay, change) = group.checked(&change).await;
    assert!(verify.passed, "{:?}", verify.findings);
    assert_eq!(replay.result_hash, change.result_hash);
    assert_eq!(replay.base_revision, change.base_revision);
    let summary = replay.replay.unwrap();
    assert_eq!(summary.denial_count, 6);
    assert_eq!(summary.denied.unwrap().amount_cents, 600_00);
    assert!(summary.deterministic && !summary.signature.is_empty());
    let owner: Vec<&ReplayChange> =
        summary.changes.iter().filter(|change| change.field == "owner_function").collect();
    assert_eq!(owner.len(), 1);
    assert_eq!(owner[0].denial_count, 3, "the other three stay where they are");
    assert_eq!(owner[0].denied.as_ref().unwrap().amount_cents, 300_00);
    assert_eq!(owner[0].to_value.to_lowercase(), "coding");
    let met = |code: &str| change.requirements.iter().any(|it| it.code == code && it.met);
    assert!(met("verify_passed") && met("replay_passed"));

    let request = ListChecksRequest { change_request_id: change.id.clone(), ..Default::default() };
    let listed = group.client(&group.analyst).list_checks(request).await.unwrap().into_inner();
    let kinds: Vec<CheckKind> = listed.checks.iter().map(Check::kind).collect();
    assert_eq!(kinds, [CheckKind::Replay, CheckKind::Verify], "the newest first");
}

#[tokio::test]
async fn a_contradiction_and_a_name_that_leads_nowhere_stand_against_a_vote() {
    let world = World::new().await;
    let group = governed(&world).await;
    let entry = group.entry("carc-197").await;
    let mut twin: serde_json::Value = serde_json::from_str(&entry.json).unwrap();
    twin["slug"] = "carc-197-twin".into();
    let twin = Edit {
        change: DifferenceKind::Added.into(),
        section: Some(Section {
            kind: SectionKind::Entry.into(),
            slug: "carc-197-twin".to_owned(),
            json: twin.to_string(),
        }),
        ..Edit::default()
    };
    let draft = group.try_draft("A twin", vec![twin]).await.unwrap();
    let run = RunVerifyRequest { change_request_id: draft.id.clone(), request_id: id() };
    let job = group.client(&group.analyst).run_verify(run.clone()).await.unwrap().into_inner();
    let again = group.client(&group.analyst).run_verify(run).await.unwrap().into_inner();
    assert_eq!(job.job.as_ref().unwrap().id, again.job.unwrap().id, "one request, one job");
    let check = group.check(&job.job.unwrap().id).await;
    assert!(!check.passed);
    let contradiction =
        check.findings.iter().find(|finding| finding.code == "contradictory_entries");
    let contradiction = contradiction.expect("it is found");
    assert!(contradiction.blocking && contradiction.words.contains("carc-197-twin"));
}

#[tokio::test]
async fn a_job_of_nobody_is_not_found_and_one_that_ended_stays() {
    let world = World::new().await;
    let group = governed(&world).await;
    let mut client = group.client(&group.analyst);
    let missing = client.get_job(GetJobRequest { id: id() }).await.unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
    let draft = group.draft("carc-197", "coding").await;
    let run = RunVerifyRequest { change_request_id: draft.id.clone(), request_id: id() };
    let job = client.run_verify(run).await.unwrap().into_inner().job.unwrap();
    group.check(&job.id).await;
    let cancel = CancelJobRequest { id: job.id, request_id: id() };
    let ended = client.cancel_job(cancel).await.unwrap().into_inner().job.unwrap();
    assert_eq!(ended.state(), JobState::Succeeded);
}
