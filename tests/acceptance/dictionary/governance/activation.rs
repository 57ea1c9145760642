use chrono::TimeDelta;
use contracts::dictionary::v1::*;
use contracts::google::r#type::Date;
use tests::{World, id, reason, refusal};
use tonic::Code;

use super::governed;

fn at(instant: chrono::DateTime<chrono::Utc>) -> Option<prost_types::Timestamp> {
    Some(prost_types::Timestamp { seconds: instant.timestamp(), nanos: 0 })
}

#[tokio::test]
async fn what_was_approved_is_exactly_what_becomes_active() {
    let world = World::new().await;
    let group = governed(&world).await;
    let approved = group.approved("carc-197", "coding").await;
    assert_eq!(group.active().await.number, 1);
    let activated = group.activate(&approved, None).await.unwrap();
    assert_eq!(activated.state(), ChangeRequestState::Activated);
    let active = group.active().await;
    assert_eq!((active.hash, active.number), (approved.result_hash, 2));
    assert_eq!(active.based_on, group.group.revision);
    assert_eq!(active.approved_by, group.users.member);
    assert_eq!(active.change_request_id, approved.id);
    let decide = DecideRequest { facts: Some(tests::samples::facts()), revision: String::new() };
    let decided = group.client(&group.analyst).decide(decide).await.unwrap().into_inner();
    let receipt = decided.decision.unwrap().receipt.unwrap();
    assert_eq!(receipt.owner_function(), OwnerFunction::Coding);
}

#[tokio::test]
async fn a_scheduled_change_becomes_active_once_at_its_time() {
    let world = World::new().await;
    let group = governed(&world).await;
    let approved = group.approved("carc-197", "coding").await;
    let past = group.activate(&approved, at(World::noon() - TimeDelta::hours(1))).await;
    let past = refusal(&past.unwrap_err());
    assert_eq!(past, reason(Code::InvalidArgument, "ACTIVATION_IN_PAST"));
    let request = ActivateRevisionRequest {
        change_request_id: approved.id.clone(),
        activate_on: Some(Date { year: 2026, month: 6, day: 16 }),
        etag: approved.etag.clone(),
        ..Default::default()
    };
    let scheduled = group.client(&group.member).activate_revision(request).await.unwrap();
    let scheduled = scheduled.into_inner().change_request.unwrap();
    assert_eq!(scheduled.state(), ChangeRequestState::Scheduled);
    let midnight = scheduled.activate_at.unwrap();
    // New York is four hours behind in June.
    assert_eq!(midnight.seconds, (World::noon() + TimeDelta::hours(16)).timestamp());
    let next = DiffRevisionsRequest {
        from_revision: "active".to_owned(),
        to_revision: "next".to_owned(),
        ..Default::default()
    };
    let next = group.client(&group.analyst).diff_revisions(next).await.unwrap().into_inner();
    assert_eq!(next.differences[0].slug, "carc-197");

    world.app().run_due().await.unwrap();
    assert_eq!(group.active().await.number, 1, "its time has not come");
    world.clock().advance(TimeDelta::hours(16));
    let group = group.again().await;
    world.app().run_due().await.unwrap();
    world.app().run_due().await.unwrap();
    assert_eq!(group.active().await.number, 2);
    assert_eq!(group.read(&scheduled).await.state(), ChangeRequestState::Activated);
}

#[tokio::test]
async fn a_time_can_be_taken_back_and_a_moved_base_suspends() {
    let world = World::new().await;
    let group = governed(&world).await;
    let (first, second) =
        (group.approved("carc-197", "coding").await, group.approved("carc-50", "coding").await);
    let later = at(World::noon() + TimeDelta::hours(1));
    let scheduled = group.activate(&second, later).await.unwrap();
    let cancel = CancelActivationRequest {
        change_request_id: scheduled.id.clone(),
        reason: "not this week".to_owned(),
        etag: scheduled.etag.clone(),
        ..Default::default()
    };
    let back = group.client(&group.member).cancel_activation(cancel).await.unwrap().into_inner();
    let back = back.change_request.unwrap();
    assert_eq!(back.state(), ChangeRequestState::Approved);
    assert!(back.activate_at.is_none());
    let scheduled = group.activate(&back, later).await.unwrap();

    group.activate(&first, None).await.unwrap();
    world.clock().advance(TimeDelta::hours(2));
    let group = group.again().await;
    world.app().run_due().await.unwrap();
    let suspended = group.read(&scheduled).await;
    assert_eq!(suspended.state(), ChangeRequestState::Suspended);
    assert!(suspended.suspended_words.contains("the base moved"), "{}", suspended.suspended_words);
    assert_eq!(group.active().await.number, 2, "what was not approved on this base is not active");

    let rebase = RebaseChangeRequestRequest {
        id: suspended.id.clone(),
        etag: suspended.etag.clone(),
        ..Default::default()
    };
    let rebased = group.client(&group.analyst).rebase_change_request(rebase).await.unwrap();
    let rebased = rebased.into_inner().change_request.unwrap();
    assert_eq!(rebased.state(), ChangeRequestState::InReview);
    assert_eq!(rebased.base_revision, group.active().await.hash);
    let (_, _, rebased) = group.checked(&rebased).await;
    let approved = group.vote(&group.member, "coding", &rebased, ReviewVerdict::Approve).await;
    group.activate(&approved.unwrap(), None).await.unwrap();
    assert_eq!(group.active().await.number, 3);
    let diff = DiffRevisionsRequest {
        from_revision: "1".to_owned(),
        to_revision: "3".to_owned(),
        ..Default::default()
    };
    let diff = group.client(&group.analyst).diff_revisions(diff).await.unwrap().into_inner();
    assert_eq!(diff.differences.len(), 2, "both changes are there");
}

#[tokio::test]
async fn what_both_sides_changed_differently_waits_for_a_choice() {
    let world = World::new().await;
    let group = governed(&world).await;
    let mine = group.draft("carc-197", "coding").await;
    let theirs = group.approved("carc-197", "patient_access").await;
    group.activate(&theirs, None).await.unwrap();
    let rebase = RebaseChangeRequestRequest {
        id: mine.id.clone(),
        etag: mine.etag.clone(),
        request_id: id(),
        ..Default::default()
    };
    let rebased = group.client(&group.analyst).rebase_change_request(rebase).await.unwrap();
    let mut rebased = rebased.into_inner().change_request.unwrap();
    assert_eq!(rebased.state(), ChangeRequestState::Draft);
    assert!(rebased.edits[0].conflict);
    assert!(rebased.edits[0].other_json.to_lowercase().contains("patient_access"));
    let submit = |change: &ChangeRequest| SubmitChangeRequestRequest {
        id: change.id.clone(),
        etag: change.etag.clone(),
        ..Default::default()
    };
    let mut client = group.client(&group.analyst);
    let waiting = client.submit_change_request(submit(&rebased)).await.unwrap_err();
    let waiting = refusal(&waiting);
    assert_eq!(waiting, reason(Code::FailedPrecondition, "UNRESOLVED_CONFLICT"));
    rebased.edits[0].conflict = false;
    let choose = UpdateChangeRequestRequest {
        change_request: Some(rebased),
        update_mask: Some(prost_types::FieldMask { paths: vec!["edits".to_owned()] }),
        ..Default::default()
    };
    let chosen = client.update_change_request(choose).await.unwrap().into_inner();
    let chosen = chosen.change_request.unwrap();
    client.submit_change_request(submit(&chosen)).await.unwrap();
}

#[tokio::test]
async fn a_rollback_returns_to_what_stood_and_only_to_that() {
    let world = World::new().await;
    let group = governed(&world).await;
    let approved = group.approved("carc-197", "coding").await;
    group.activate(&approved, None).await.unwrap();
    let back = RollBackRevisionRequest {
        revision: "1".to_owned(),
        reason: "the team drowns".to_owned(),
        etag: approved.result_hash.clone(),
        ..Default::default()
    };
    let stale = RollBackRevisionRequest { etag: group.group.revision.clone(), ..back.clone() };
    let stale = group.client(&group.member).roll_back_revision(stale).await.unwrap_err();
    assert_eq!(refusal(&stale), reason(Code::Aborted, "STALE_ETAG"));
    let rolled = group.client(&group.member).roll_back_revision(back.clone()).await.unwrap();
    let rolled = rolled.into_inner().change_request.unwrap();
    assert_eq!(
        (rolled.state(), rolled.source()),
        (ChangeRequestState::Activated, ChangeSource::Rollback)
    );
    let active = group.active().await;
    assert_eq!((active.hash.as_str(), active.number), (group.group.revision.as_str(), 1));
    let again = RollBackRevisionRequest { etag: active.hash, ..back };
    let again = group.client(&group.member).roll_back_revision(again).await.unwrap_err();
    assert_eq!(again.code(), Code::FailedPrecondition, "it is active");
    let forward = RollBackRevisionRequest {
        revision: "2".to_owned(),
        reason: "it was right after all".to_owned(),
        etag: group.group.revision.clone(),
        ..Default::default()
    };
    group.client(&group.member).roll_back_revision(forward).await.unwrap();
    assert_eq!(group.active().await.number, 2);
}
