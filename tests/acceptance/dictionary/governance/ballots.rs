use contracts::dictionary::v1::*;
use prost_types::FieldMask;
use tests::{World, reason, refusal};
use tonic::Code;

use super::governed;

const APPROVE: ReviewVerdict = ReviewVerdict::Approve;

#[tokio::test]
async fn a_change_is_approved_by_exactly_who_must_agree() {
    let world = World::new().await;
    let group = governed(&world).await;
    let change = group.submitted(&group.draft("carc-197", "coding").await).await;
    let early = group.vote(&group.member, "coding", &change, APPROVE).await.unwrap_err();
    assert_eq!(refusal(&early), reason(Code::FailedPrecondition, "CHECKS_NOT_FRESH"));
    // To say no takes no proof.
    let unwanted = group.submitted(&group.draft("carc-50", "coding").await).await;
    let no = ReviewVerdict::Decline;
    let declined = group.vote(&group.member, "coding", &unwanted, no).await.unwrap();
    assert_eq!(declined.state(), ChangeRequestState::Rejected);
    let (verify, replay, change) = group.checked(&change).await;
    assert!(verify.passed, "{:?}", verify.findings);
    assert!(replay.passed, "{:?}", replay.findings);

    let foreign = group.vote(&group.everyone, "coding", &change, APPROVE).await.unwrap_err();
    assert_eq!(refusal(&foreign), reason(Code::FailedPrecondition, "NO_SEAT"));
    let read_before = ChangeRequest { result_hash: "0".repeat(64), ..change.clone() };
    let stale = group.vote(&group.member, "coding", &read_before, APPROVE).await.unwrap_err();
    assert_eq!(refusal(&stale), reason(Code::Aborted, "STALE_HASH"));
    assert!(stale.message().contains(&change.result_hash), "it names the new hash");

    let other = group.vote(&group.everyone, "compliance", &change, APPROVE).await.unwrap();
    assert_eq!(other.state(), ChangeRequestState::InReview, "a seat is still missing");
    let approved = group.vote(&group.member, "coding", &change, APPROVE).await.unwrap();
    assert_eq!(approved.state(), ChangeRequestState::Approved);
    let again = group.vote(&group.member, "coding", &change, APPROVE).await.unwrap_err();
    assert_eq!(refusal(&again).0, Code::FailedPrecondition, "votes are final");
    let request = ListReviewsRequest { change_request_id: change.id.clone(), ..Default::default() };
    let reviews = group.client(&group.analyst).list_reviews(request).await.unwrap().into_inner();
    let seats: Vec<&str> = reviews.reviews.iter().map(|review| review.seat.as_str()).collect();
    assert_eq!(seats, ["compliance", "coding"]);
}

#[tokio::test]
async fn an_edit_dismisses_votes_and_makes_checks_stale() {
    let world = World::new().await;
    let group = governed(&world).await;
    let approved = group.approved("carc-197", "coding").await;
    let mut wanted = approved.clone();
    wanted.edits.push(group.reowned("carc-50", "coding").await);
    let request = UpdateChangeRequestRequest {
        change_request: Some(wanted),
        update_mask: Some(FieldMask { paths: vec!["edits".to_owned()] }),
        ..Default::default()
    };
    let edited = group.client(&group.everyone).update_change_request(request).await.unwrap();
    let edited = edited.into_inner().change_request.unwrap();
    assert_eq!(edited.state(), ChangeRequestState::Draft);
    let met = |code: &str| edited.requirements.iter().any(|it| it.code == code && it.met);
    assert!(!met("verify_fresh") && !met("replay_fresh") && !met("seat_coding"));
    let request = ListReviewsRequest { change_request_id: edited.id.clone(), ..Default::default() };
    let reviews = group.client(&group.analyst).list_reviews(request).await.unwrap().into_inner();
    assert_eq!(reviews.reviews[0].state(), ReviewState::Dismissed);

    let (_, _, change) = group.checked(&group.submitted(&edited).await).await;
    let editor = group.vote(&group.everyone, "compliance", &change, APPROVE).await.unwrap_err();
    assert_eq!(refusal(&editor), reason(Code::FailedPrecondition, "OWN_CHANGE"));
    let approved = group.vote(&group.member, "coding", &change, APPROVE).await.unwrap();
    assert_eq!(approved.state(), ChangeRequestState::Approved, "the seat may speak again");
}

#[tokio::test]
async fn a_decline_blocks_and_a_recusal_leaves_the_seat_to_its_delegate() {
    let world = World::new().await;
    let group = governed(&world).await;
    let change = group.submitted(&group.draft("carc-197", "coding").await).await;
    group.delegated().await;
    let recuse = ReviewVerdict::Recuse;
    group.vote(&group.member, "coding", &change, recuse).await.unwrap();
    let (_, _, change) = group.checked(&change).await;
    let recused = group.vote(&group.member, "coding", &change, APPROVE).await.unwrap_err();
    assert_eq!(refusal(&recused), reason(Code::FailedPrecondition, "RECUSED"));
    let mute = CreateReviewRequest {
        change_request_id: change.id.clone(),
        seat: "coding".to_owned(),
        verdict: ReviewVerdict::Decline.into(),
        result_hash: change.result_hash.clone(),
        ..Default::default()
    };
    let mute = group.client(&group.everyone).create_review(mute).await.unwrap_err();
    assert_eq!(mute.code(), Code::InvalidArgument, "a decline says why");
    let decline = ReviewVerdict::Decline;
    let rejected = group.vote(&group.everyone, "coding", &change, decline).await.unwrap();
    assert_eq!(rejected.state(), ChangeRequestState::Rejected);
}

#[tokio::test]
async fn of_two_approvals_that_race_each_counts_once() {
    let world = World::new().await;
    let group = governed(&world).await;
    let change = group.submitted(&group.draft("carc-197", "coding").await).await;
    let (_, _, change) = group.checked(&change).await;
    let votes = (0..4).map(|_| group.vote(&group.member, "coding", &change, APPROVE));
    let cast = futures::future::join_all(votes).await;
    assert_eq!(cast.iter().filter(|vote| vote.is_ok()).count(), 1, "{cast:?}");
    let approved = group.read(&change).await;
    let activations = (0..4).map(|_| group.activate(&approved, None));
    let activated = futures::future::join_all(activations).await;
    assert_eq!(activated.iter().filter(|it| it.is_ok()).count(), 1, "{activated:?}");
    assert_eq!(group.active().await.hash, change.result_hash);
    assert_eq!(group.active().await.number, 2);
}
