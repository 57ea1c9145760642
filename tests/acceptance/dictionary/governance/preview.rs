use contracts::dictionary::v1::*;
use contracts::identity::v1::ListAuditEventsRequest;
use domain::dictionary::Bundle;
use tests::{Governing, World, id, reason, refusal};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::governed;

const PAYER: &str = "sample-health-plan";

/// What is offered for evaluation elsewhere.
async fn offered(group: &Governing<'_>, known: &str) -> Option<CompiledPreview> {
    let request = GetCompiledRevisionRequest {
        revision: "active".to_owned(),
        known_preview_hash: known.to_owned(),
        ..Default::default()
    };
    let answer = group.client(&group.analyst).get_compiled_revision(request).await.unwrap();
    answer.into_inner().preview
}

async fn read(group: &Governing<'_>, preview: &Preview) -> Preview {
    let request = GetPreviewRequest { id: preview.id.clone() };
    let answer = group.client(&group.analyst).get_preview(request).await.unwrap();
    answer.into_inner().preview.unwrap()
}

async fn stop(group: &Governing<'_>, preview: &Preview) -> Result<Preview, Status> {
    let request = StopPreviewRequest {
        id: preview.id.clone(),
        reason: "seen enough".to_owned(),
        etag: preview.etag.clone(),
        request_id: id(),
        ..Default::default()
    };
    let answer = group.client(&group.member).stop_preview(request).await?;
    Ok(answer.into_inner().preview.unwrap())
}

async fn commit(group: &Governing<'_>, preview: &Preview) -> Result<Preview, Status> {
    let request = CommitPreviewRequest {
        id: preview.id.clone(),
        etag: preview.etag.clone(),
        request_id: id(),
        ..Default::default()
    };
    let answer = group.client(&group.member).commit_preview(request).await?;
    Ok(answer.into_inner().preview.unwrap())
}

async fn canary(group: &Governing<'_>, change: &ChangeRequest) -> Result<Preview, Status> {
    group.preview(change, PreviewStage::Canary, &[PAYER.to_owned()]).await
}

async fn shadow(group: &Governing<'_>, change: &ChangeRequest) -> Result<Preview, Status> {
    group.preview(change, PreviewStage::Shadow, &[]).await
}

/// A change with passed checks before the committee.
async fn in_review(group: &Governing<'_>, slug: &str, function: &str) -> ChangeRequest {
    let change = group.submitted(&group.draft(slug, function).await).await;
    group.checked(&change).await.2
}

/// The preview went on until now, and is over by itself: with which words.
async fn ended(group: &Governing<'_>, preview: &Preview) -> (PreviewState, String) {
    let now = read(group, preview).await;
    assert_ne!(now.etag, preview.etag);
    assert_eq!(offered(group, "").await, None);
    assert_eq!(read(group, preview).await, now, "once");
    (now.state(), now.stopped_words)
}

#[tokio::test]
async fn a_shadow_run_needs_fresh_checks_and_changes_nothing_that_is_active() {
    let world = World::new().await;
    let group = governed(&world).await;
    let change = group.draft("carc-197", "coding").await;
    let draft = shadow(&group, &change).await.unwrap_err();
    assert_eq!(refusal(&draft), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
    let change = group.submitted(&change).await;
    let unchecked = shadow(&group, &change).await.unwrap_err();
    assert_eq!(refusal(&unchecked), reason(Code::FailedPrecondition, "CHECKS_NOT_FRESH"));
    assert!(unchecked.message().contains("verify"), "{}", unchecked.message());
    let (_, _, change) = group.checked(&change).await;
    let early = canary(&group, &change).await.unwrap_err();
    assert_eq!(refusal(&early), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
    assert!(early.message().contains("in_review"), "{}", early.message());

    let limits = PreviewLimits { short_deadlines_max: 5, ..Default::default() };
    let request = StartPreviewRequest {
        change_request_id: change.id.clone(),
        stage: PreviewStage::Shadow.into(),
        limits: Some(limits),
        validate_only: true,
        ..Default::default()
    };
    let mut client = group.client(&group.member);
    client.start_preview(request.clone()).await.unwrap();
    assert_eq!(offered(&group, "").await, None, "it was only tried");
    let request = StartPreviewRequest { validate_only: false, request_id: id(), ..request };
    let started = client.start_preview(request.clone()).await.unwrap().into_inner();
    assert_eq!(client.start_preview(request).await.unwrap().into_inner(), started, "once");
    let started = started.preview.unwrap();
    assert_eq!((started.stage(), started.state()), (PreviewStage::Shadow, PreviewState::Running));
    let limits = PreviewLimits {
        diverged_basis_points_max: 2_500,
        unmapped_basis_points_max: 500,
        short_deadlines_max: 5,
    };
    assert_eq!(started.limits, Some(limits));
    assert_eq!(read(&group, &started).await, started, "nothing was decided yet");

    assert_eq!(group.active().await.number, 1);
    let on_trial = offered(&group, "").await.unwrap();
    assert_eq!((on_trial.id.as_str(), on_trial.limits), (started.id.as_str(), Some(limits)));
    assert_eq!((on_trial.stage(), &on_trial.hash), (PreviewStage::Shadow, &change.result_hash));
    let text = String::from_utf8(on_trial.canonical_json).unwrap();
    assert_eq!(Bundle::parse(&text).unwrap().hash().unwrap().to_string(), change.result_hash);
    let known = offered(&group, &change.result_hash).await.unwrap();
    assert!(known.canonical_json.is_empty(), "what is known is not sent again");
    assert_eq!(known.hash, change.result_hash);
    let of_hash =
        GetCompiledRevisionRequest { revision: group.active().await.hash, ..Default::default() };
    let of_hash = client.get_compiled_revision(of_hash).await.unwrap().into_inner();
    assert_eq!(of_hash.preview, None, "another revision than `active` was asked for");

    let second = shadow(&group, &change).await.unwrap_err();
    assert_eq!(refusal(&second), reason(Code::FailedPrecondition, "PREVIEW_RUNNING"));
    let commit = commit(&group, &started).await.unwrap_err();
    assert_eq!(refusal(&commit), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
    let declined =
        group.vote(&group.member, "coding", &change, ReviewVerdict::Decline).await.unwrap();
    assert_eq!(declined.state(), ChangeRequestState::Rejected);
    let (state, words) = ended(&group, &started).await;
    assert_eq!(state, PreviewState::Stopped);
    assert_eq!(words, "the change is rejected by now");
}

/// Requests that are `right` but for one field: which, and a word of the refusal.
fn wrong(right: &StartPreviewRequest) -> Vec<(&'static str, &'static str, StartPreviewRequest)> {
    let shadow = PreviewStage::Shadow.into();
    let limits = |limits| Some(PreviewLimits { ..limits });
    let none = PreviewLimits::default();
    let many = |count: usize| (0..count).map(|at| format!("p{at}")).collect::<Vec<_>>();
    vec![
        ("stage", "required", StartPreviewRequest { stage: 0, ..right.clone() }),
        ("facilities", "no effect", StartPreviewRequest { stage: shadow, ..right.clone() }),
        (
            "facilities",
            "at least one",
            StartPreviewRequest { facilities: vec![], payers: vec![], ..right.clone() },
        ),
        (
            "facilities",
            "`elsewhere`",
            StartPreviewRequest { facilities: vec!["elsewhere".to_owned()], ..right.clone() },
        ),
        (
            "payers",
            "`nobody`",
            StartPreviewRequest { payers: vec!["nobody".to_owned()], ..right.clone() },
        ),
        ("payers", "more than 500", StartPreviewRequest { payers: many(501), ..right.clone() }),
        (
            "limits.diverged_basis_points_max",
            "10000",
            StartPreviewRequest {
                limits: limits(PreviewLimits { diverged_basis_points_max: 10_001, ..none }),
                ..right.clone()
            },
        ),
        (
            "limits.unmapped_basis_points_max",
            "10000",
            StartPreviewRequest {
                limits: limits(PreviewLimits { unmapped_basis_points_max: -1, ..none }),
                ..right.clone()
            },
        ),
        (
            "limits.short_deadlines_max",
            "negative",
            StartPreviewRequest {
                limits: limits(PreviewLimits { short_deadlines_max: -1, ..none }),
                ..right.clone()
            },
        ),
    ]
}

#[tokio::test]
async fn what_a_preview_is_to_be_is_said_in_full() {
    let world = World::new().await;
    let group = governed(&world).await;
    let change = group.approved("carc-197", "coding").await;
    let right = StartPreviewRequest {
        change_request_id: change.id.clone(),
        stage: PreviewStage::Canary.into(),
        facilities: vec!["main".to_owned()],
        payers: vec![PAYER.to_owned()],
        validate_only: true,
        ..Default::default()
    };
    let mut client = group.client(&group.member);
    for (field, words, request) in wrong(&right) {
        let refused = client.start_preview(request).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{field}: {}", refused.message());
        let said = refused.get_details_bad_request().unwrap().field_violations;
        assert_eq!(said.len(), 1, "{said:?}");
        assert_eq!(said[0].field, field);
        assert!(said[0].description.contains(words), "{field}: {}", said[0].description);
    }
    let nobodys = StartPreviewRequest { change_request_id: id(), ..right.clone() };
    assert_eq!(client.start_preview(nobodys).await.unwrap_err().code(), Code::NotFound);
    let limits = PreviewLimits {
        diverged_basis_points_max: 10_000,
        unmapped_basis_points_max: 10_000,
        short_deadlines_max: i64::MAX,
    };
    let twice = vec!["main".to_owned(), "main".to_owned()];
    let most = StartPreviewRequest { limits: Some(limits), facilities: twice, ..right };
    let most = client.start_preview(most).await.unwrap().into_inner().preview.unwrap();
    assert_eq!(most.limits, Some(limits));
    assert_eq!((most.facilities, most.payers), (vec!["main".to_owned()], vec![PAYER.to_owned()]));
}

#[tokio::test]
async fn a_canary_is_committed_or_stopped_once() {
    let world = World::new().await;
    let group = governed(&world).await;
    let change = group.approved("carc-197", "coding").await;
    let first = canary(&group, &change).await.unwrap();
    assert_eq!((first.stage(), first.state()), (PreviewStage::Canary, PreviewState::Running));
    let on_trial = offered(&group, "").await.unwrap();
    assert_eq!((on_trial.stage(), on_trial.payers), (PreviewStage::Canary, first.payers.clone()));
    let stale = Preview { etag: "7".to_owned(), ..first.clone() };
    for refused in [stop(&group, &stale).await, commit(&group, &stale).await] {
        assert_eq!(refusal(&refused.unwrap_err()), reason(Code::Aborted, "STALE_ETAG"));
    }
    let silent =
        StopPreviewRequest { id: first.id.clone(), etag: first.etag.clone(), ..Default::default() };
    let silent = group.client(&group.member).stop_preview(silent).await.unwrap_err();
    assert_eq!(silent.get_details_bad_request().unwrap().field_violations[0].field, "reason");

    let stopped = stop(&group, &first).await.unwrap();
    assert_eq!(stopped.state(), PreviewState::Stopped);
    assert_eq!(stopped.stopped_words, "seen enough");
    assert_ne!(stopped.etag, first.etag);
    assert_eq!(offered(&group, "").await, None);
    for refused in [stop(&group, &stopped).await, commit(&group, &stopped).await] {
        let refused = refused.unwrap_err();
        assert_eq!(refusal(&refused), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
        assert!(refused.message().contains("stopped"), "{}", refused.message());
    }
    assert_eq!(group.read(&change).await.state(), ChangeRequestState::Approved);

    let second = canary(&group, &change).await.unwrap();
    let tried = CommitPreviewRequest {
        id: second.id.clone(),
        etag: second.etag.clone(),
        validate_only: true,
        ..Default::default()
    };
    let tried = group.client(&group.member).commit_preview(tried).await.unwrap().into_inner();
    assert_eq!(tried.preview.unwrap().state(), PreviewState::Committed);
    assert_eq!(group.active().await.number, 1, "it was only tried");
    let committed = commit(&group, &second).await.unwrap();
    assert_eq!(committed.state(), PreviewState::Committed);
    assert_eq!(group.active().await.hash, change.result_hash);
    assert_eq!(group.read(&change).await.state(), ChangeRequestState::Activated);
    assert_eq!(ended(&group, &second).await, (PreviewState::Committed, String::new()));
    assert!(stop(&group, &committed).await.is_err(), "what is active is no longer on trial");

    for (rpc, count) in [("StartPreview", 2), ("StopPreview", 1), ("CommitPreview", 1)] {
        let rpc = format!("/overturn.dictionary.v1.DictionaryService/{rpc}");
        let filter = format!("kind = \"CHANGE\" AND rpc = \"{rpc}\"");
        let request = ListAuditEventsRequest { filter, ..Default::default() };
        let trail = world.identity(&group.everyone).list_audit_events(request).await.unwrap();
        assert_eq!(trail.into_inner().audit_events.len(), count, "{rpc}");
    }
}

#[tokio::test]
async fn a_canary_of_a_scheduled_change_is_committed_before_its_time() {
    let world = World::new().await;
    let group = governed(&world).await;
    let change = group.approved("carc-197", "coding").await;
    let later = World::noon() + chrono::TimeDelta::days(3);
    let later = prost_types::Timestamp { seconds: later.timestamp(), nanos: 0 };
    let scheduled = group.activate(&change, Some(later)).await.unwrap();
    assert_eq!(scheduled.state(), ChangeRequestState::Scheduled);
    let preview = canary(&group, &scheduled).await.unwrap();
    assert_eq!(commit(&group, &preview).await.unwrap().state(), PreviewState::Committed);
    let active = group.read(&change).await;
    assert_eq!((active.state(), active.activate_at), (ChangeRequestState::Activated, None));
    assert_eq!(group.active().await.hash, change.result_hash);
    // Its timer finds nothing to do.
    world.clock().advance(chrono::TimeDelta::days(4));
    world.app().run_due().await.unwrap();
    assert_eq!(group.again().await.active().await.number, 2);
}

#[tokio::test]
async fn a_change_that_is_edited_or_taken_back_is_no_longer_on_trial() {
    let world = World::new().await;
    let group = governed(&world).await;
    let change = group.approved("carc-197", "coding").await;
    let preview = canary(&group, &change).await.unwrap();
    let mut edited = group.read(&change).await;
    edited.edits = vec![group.reowned("carc-197", "patient_access").await];
    let edit = UpdateChangeRequestRequest {
        change_request: Some(edited),
        update_mask: Some(prost_types::FieldMask { paths: vec!["edits".to_owned()] }),
        request_id: id(),
        ..Default::default()
    };
    group.client(&group.analyst).update_change_request(edit).await.unwrap();
    let (state, words) = ended(&group, &preview).await;
    assert_eq!(state, PreviewState::Stopped);
    assert!(words.contains("other content"), "{words}");

    let change = in_review(&group, "carc-50", "coding").await;
    let preview = shadow(&group, &change).await.unwrap();
    let withdraw = WithdrawChangeRequestRequest {
        id: change.id.clone(),
        reason: "no longer needed".to_owned(),
        etag: change.etag.clone(),
        request_id: id(),
        ..Default::default()
    };
    group.client(&group.analyst).withdraw_change_request(withdraw).await.unwrap();
    let (state, words) = ended(&group, &preview).await;
    assert_eq!(state, PreviewState::Stopped);
    assert!(words.contains("withdrawn"), "{words}");
}

#[tokio::test]
async fn what_becomes_active_ends_what_is_on_trial() {
    let world = World::new().await;
    let group = governed(&world).await;
    let (first, second) =
        (group.approved("carc-197", "coding").await, group.approved("carc-50", "coding").await);
    // By the way of `ActivateRevision`: its own preview is committed by that.
    let own = shadow(&group, &first).await.unwrap();
    group.activate(&first, None).await.unwrap();
    assert_eq!(ended(&group, &own).await, (PreviewState::Committed, String::new()));
    let moved = canary(&group, &second).await.unwrap_err();
    assert_eq!(refusal(&moved), reason(Code::FailedPrecondition, "BASE_MOVED"));

    let third = in_review(&group, "carc-50", "coding").await;
    let preview = shadow(&group, &third).await.unwrap();
    let back = RollBackRevisionRequest {
        revision: "1".to_owned(),
        reason: "the team drowns".to_owned(),
        etag: group.active().await.hash,
        request_id: id(),
        ..Default::default()
    };
    group.client(&group.member).roll_back_revision(back).await.unwrap();
    let (state, words) = ended(&group, &preview).await;
    assert_eq!(state, PreviewState::Stopped);
    assert!(words.contains("another revision"), "{words}");

    // Its base is active again. An approval that is lost takes the canary with it.
    let second = group.read(&second).await;
    let preview = canary(&group, &second).await.unwrap();
    let mut committee = group.committee("1");
    committee.policies[0].quorum_count = 2;
    group.update_committee(committee, &["policies"]).await.unwrap();
    assert_eq!(group.read(&second).await.state(), ChangeRequestState::InReview);
    group.update_committee(group.committee("2"), &["policies"]).await.unwrap();
    assert_eq!(group.read(&second).await.state(), ChangeRequestState::Approved);
    let (state, words) = ended(&group, &preview).await;
    assert_eq!(state, PreviewState::Stopped, "it does not go on by itself");
    assert_eq!(words, "the change is in_review by now");
    canary(&group, &second).await.unwrap();
}
