use chrono::TimeDelta;
use contracts::dictionary::v1::*;
use tests::{Governing, World, reason, refusal};
use tonic::Code;

use super::governed;

fn call(change: &ChangeRequest) -> ActivateInEmergencyRequest {
    ActivateInEmergencyRequest {
        change_request_id: change.id.clone(),
        reason: "the payer changed its portal overnight".to_owned(),
        hours: 24,
        etag: change.etag.clone(),
        ..Default::default()
    }
}

#[tokio::test]
async fn an_emergency_reverts_itself_unless_a_quorum_ratifies_it() {
    let world = World::new().await;
    let group = governed(&world).await;
    let change = group.submitted(&group.draft("carc-197", "coding").await).await;
    let forced = group.client(&group.everyone).activate_in_emergency(call(&change)).await.unwrap();
    let forced = forced.into_inner();
    let reverts_at = (World::noon() + TimeDelta::hours(24)).timestamp();
    assert_eq!(forced.reverts_at.unwrap().seconds, reverts_at);
    assert_eq!(group.active().await.hash, change.result_hash);
    let other = group.draft("carc-50", "coding").await;
    let second = group.client(&group.member).activate_in_emergency(call(&other)).await;
    let second = refusal(&second.unwrap_err());
    assert_eq!(second, reason(Code::FailedPrecondition, "EMERGENCY_RUNS"));

    world.clock().advance(TimeDelta::hours(25));
    let group = group.again().await;
    world.app().run_due().await.unwrap();
    assert_eq!(group.active().await.number, 1, "what it replaced is active again");
    let ended = group.read(&change).await;
    assert_eq!(ended.state(), ChangeRequestState::Suspended);
    assert!(ended.suspended_words.contains("was not ratified"), "{}", ended.suspended_words);
    let never = RollBackRevisionRequest {
        revision: "2".to_owned(),
        reason: "bring it back".to_owned(),
        etag: group.group.revision.clone(),
        ..Default::default()
    };
    let never = group.client(&group.member).roll_back_revision(never).await.unwrap_err();
    assert_eq!(refusal(&never), reason(Code::FailedPrecondition, "NEVER_STOOD"));
}

#[tokio::test]
async fn who_forces_a_change_does_not_ratify_it_and_others_do() {
    let world = World::new().await;
    let group = governed(&world).await;
    let change = group.submitted(&group.draft("carc-197", "coding").await).await;
    let outsider = group.client(&group.analyst).activate_in_emergency(call(&change)).await;
    assert_eq!(outsider.unwrap_err().code(), Code::PermissionDenied);
    group.client(&group.everyone).activate_in_emergency(call(&change)).await.unwrap();
    let (_, _, change) = group.checked(&change).await;
    let approve = ReviewVerdict::Approve;
    let own = group.vote(&group.everyone, "compliance", &change, approve).await.unwrap_err();
    assert_eq!(refusal(&own), reason(Code::FailedPrecondition, "OWN_CHANGE"));
    let ratified = group.vote(&group.member, "coding", &change, approve).await.unwrap();
    assert_eq!(ratified.state(), ChangeRequestState::Activated);
    assert!(ratified.reverts_at.is_none(), "it stays");
    world.clock().advance(TimeDelta::hours(25));
    let group = group.again().await;
    world.app().run_due().await.unwrap();
    assert_eq!(group.active().await.number, 2);
}

#[tokio::test]
async fn who_agreed_and_then_forces_leaves_the_seat_to_the_delegate() {
    let world = World::new().await;
    let group = governed(&world).await;
    group.delegated().await;
    let mut stricter = group.committee("2");
    stricter.seats[0].delegate = group.users.everyone.clone();
    stricter.policies[0].required_seats.push("compliance".to_owned());
    group.update_committee(stricter, &["seats", "policies"]).await.unwrap();
    let change = group.submitted(&group.draft("carc-197", "coding").await).await;
    let (_, _, change) = group.checked(&change).await;
    let approve = ReviewVerdict::Approve;
    let change = group.vote(&group.member, "coding", &change, approve).await.unwrap();
    group.client(&group.member).activate_in_emergency(call(&change)).await.unwrap();
    group.vote(&group.everyone, "coding", &change, approve).await.unwrap();
    let ratified = group.vote(&group.everyone, "compliance", &change, approve).await.unwrap();
    assert!(ratified.reverts_at.is_none(), "a quorum of the others ratified it");
}

#[tokio::test]
async fn an_emergency_lasts_at_most_72_hours_and_needs_a_reason() {
    let world = World::new().await;
    let group = governed(&world).await;
    let change = group.draft("carc-197", "coding").await;
    for bad in [
        ActivateInEmergencyRequest { hours: 73, ..call(&change) },
        ActivateInEmergencyRequest { hours: 0, ..call(&change) },
        ActivateInEmergencyRequest { reason: " ".to_owned(), ..call(&change) },
    ] {
        let refused = group.client(&group.member).activate_in_emergency(bad).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
    }
    group.client(&group.member).activate_in_emergency(call(&change)).await.unwrap();
}

#[tokio::test]
async fn emergencies_are_not_chained() {
    let world = World::new().await;
    let group = governed(&world).await;
    let change = group.draft("carc-197", "coding").await;
    group.client(&group.everyone).activate_in_emergency(call(&change)).await.unwrap();
    world.clock().advance(TimeDelta::hours(25));
    let group = group.again().await;
    world.app().run_due().await.unwrap();
    let force = async |group: &Governing<'_>, token: &str, change: &ChangeRequest| {
        let forced = group.client(token).activate_in_emergency(call(change)).await;
        forced.map(|_| ()).map_err(|refused| (refusal(&refused), refused.message().to_owned()))
    };
    let same = group.draft("carc-197", "coding").await;
    let (refused, words) = force(&group, &group.member, &same).await.unwrap_err();
    assert_eq!(refused, reason(Code::FailedPrecondition, "EMERGENCY_USED"));
    assert!(words.contains("needs votes"), "{words}");
    let other = group.draft("carc-50", "coding").await;
    let (refused, words) = force(&group, &group.everyone, &other).await.unwrap_err();
    assert_eq!(refused, reason(Code::FailedPrecondition, "EMERGENCY_PAUSED"));
    let end = World::noon() + TimeDelta::hours(24) + TimeDelta::days(30);
    assert!(words.contains(&end.date_naive().to_string()), "{words}");
    // Somebody else may, and after 30 days so may they.
    force(&group, &group.member, &other).await.unwrap();
    world.clock().advance(TimeDelta::days(30));
    let group = group.again().await;
    world.app().run_due().await.unwrap();
    let third = group.draft("carc-29", "coding").await;
    let (refused, _) = force(&group, &group.member, &third).await.unwrap_err();
    assert_eq!(refused, reason(Code::FailedPrecondition, "EMERGENCY_PAUSED"));
    force(&group, &group.everyone, &third).await.unwrap();
}

#[tokio::test]
async fn no_canary_starts_on_an_emergency_that_nobody_ratified() {
    let world = World::new().await;
    let group = governed(&world).await;
    let forced = group.submitted(&group.draft("carc-197", "coding").await).await;
    group.client(&group.everyone).activate_in_emergency(call(&forced)).await.unwrap();
    let on_it = group.approved("carc-50", "coding").await;
    let payers = ["sample-health-plan".to_owned()];
    let canary = async || group.preview(&on_it, PreviewStage::Canary, &payers).await;
    let refused = canary().await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::FailedPrecondition, "EMERGENCY_RUNS"));
    // The control: once it is ratified it is a base as any other.
    let (_, _, forced) = group.checked(&group.read(&forced).await).await;
    let approve = ReviewVerdict::Approve;
    group.vote(&group.member, "coding", &forced, approve).await.unwrap();
    assert_eq!(canary().await.unwrap().state(), PreviewState::Running);
}
