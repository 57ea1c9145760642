use contracts::dictionary::v1::*;
use tests::World;
use tonic::Code;
use tonic_types::StatusExt;

use super::{governed, reason, refusal};

#[tokio::test]
async fn a_committee_that_could_never_agree_is_refused() {
    let world = World::new().await;
    let group = governed(&world).await;
    let mut greedy = group.committee("1");
    greedy.policies[0].quorum_count = 3;
    let refused = group.update_committee(greedy, &["policies"]).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::InvalidArgument, "QUORUM_IMPOSSIBLE"));
    let words = &refused.get_details_bad_request().unwrap().field_violations[0].description;
    assert!(words.contains("asks for 3 people, and the seats give at most 2"), "{words}");

    let mut ghosts = group.committee("1");
    ghosts.seats[0].holder = tests::id();
    let refused = group.update_committee(ghosts, &["seats"]).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument, "nobody is there of that id");

    let stale = group.update_committee(group.committee("0"), &["title"]).await.unwrap_err();
    assert_eq!(refusal(&stale), reason(Code::Aborted, "STALE_ETAG"));
    let renamed = Committee { title: "Council".to_owned(), ..group.committee("1") };
    let renamed = group.update_committee(renamed, &["title"]).await.unwrap();
    assert_eq!((renamed.title.as_str(), renamed.seats.len()), ("Council", 2));
}

#[tokio::test]
async fn a_change_follows_the_committee_as_it_changes() {
    let world = World::new().await;
    let group = governed(&world).await;
    let change = group.submitted(&group.draft("carc-197", "coding").await).await;
    let (_, _, change) = group.checked(&change).await;
    let approve = ReviewVerdict::Approve;
    let voted = group.vote(&group.everyone, "compliance", &change, approve).await.unwrap();
    assert_eq!(voted.state(), ChangeRequestState::InReview, "coding must agree");
    let mut lenient = group.committee("1");
    lenient.policies[0].required_seats = vec!["compliance".to_owned()];
    group.update_committee(lenient, &["policies"]).await.unwrap();
    assert_eq!(group.read(&change).await.state(), ChangeRequestState::Approved);
    group.update_committee(group.committee("2"), &["policies"]).await.unwrap();
    let back = group.read(&change).await;
    assert_eq!(back.state(), ChangeRequestState::InReview);
    let unmet: Vec<&str> =
        back.requirements.iter().filter(|it| !it.met).map(|it| it.code.as_str()).collect();
    assert_eq!(unmet, ["seat_coding"]);
}

#[tokio::test]
async fn only_a_holder_hands_the_vote_of_a_seat_over() {
    let world = World::new().await;
    let group = governed(&world).await;
    let delegate = DelegateSeatRequest {
        seat: "coding".to_owned(),
        delegate: group.users.everyone.clone(),
        etag: "1".to_owned(),
        ..Default::default()
    };
    let other = group.client(&group.everyone).delegate_seat(delegate.clone()).await;
    assert_eq!(refusal(&other.unwrap_err()), reason(Code::FailedPrecondition, "NO_SEAT"));
    let delegated = group.client(&group.member).delegate_seat(delegate).await.unwrap();
    let committee = delegated.into_inner().committee.unwrap();
    assert_eq!(committee.seats[0].delegate, group.users.everyone);
    let read = group.client(&group.analyst).get_committee(GetCommitteeRequest {}).await.unwrap();
    assert_eq!(read.into_inner().committee.unwrap(), committee);
}
