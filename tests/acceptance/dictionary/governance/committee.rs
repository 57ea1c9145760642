use contracts::access::v1::Role;
use contracts::dictionary::v1::*;
use tests::{Governing, World, reason, refusal};
use tonic::Code;
use tonic_types::StatusExt;

use super::governed;

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

async fn proposed(group: &Governing<'_>) -> Option<CommitteeProposal> {
    let read = group.client(&group.analyst).get_committee(GetCommitteeRequest {}).await.unwrap();
    read.into_inner().proposal
}

#[tokio::test]
async fn nobody_changes_the_committee_alone() {
    let world = World::new().await;
    let group = governed(&world).await;
    let admin = group.group.token(&world, Role::TenantAdmin).await;
    assert_eq!(proposed(&group).await, None, "the first one needs no second person");
    let council = |title: &str| Committee { title: title.to_owned(), ..group.committee("1") };
    let ask = async |token: &str, title: &str| {
        let answer = group.propose_committee(token, council(title), &["title"]).await.unwrap();
        (answer.committee.unwrap(), answer.proposal.unwrap())
    };
    let (stands, first) = ask(&group.member, "Council").await;
    assert_eq!((stands.title.as_str(), stands.etag.as_str()), ("Denial governance", "1"));
    assert_eq!(first.committee.as_ref().unwrap().title, "Council");
    assert_eq!((&first.proposed_by, first.reason.as_str()), (&group.users.member, "people change"));
    assert_eq!(proposed(&group).await.as_ref(), Some(&first));
    let own = group.confirm_committee(&group.member, &first.hash).await.unwrap_err();
    assert_eq!(refusal(&own), reason(Code::FailedPrecondition, "OWN_CHANGE"));
    // Why it is asked for is part of what is confirmed.
    let other = UpdateCommitteeRequest {
        committee: Some(council("Council")),
        update_mask: Some(prost_types::FieldMask { paths: vec!["title".to_owned()] }),
        reason: "for another reason".to_owned(),
        ..UpdateCommitteeRequest::default()
    };
    let other = group.client(&group.member).update_committee(other).await.unwrap().into_inner();
    assert_ne!(other.proposal.unwrap().hash, first.hash);
    // Another one takes its place, and what was read before is not what is confirmed.
    let (_, second) = ask(&group.everyone, "Board").await;
    let stale = group.confirm_committee(&group.member, &first.hash).await.unwrap_err();
    assert_eq!(refusal(&stale), reason(Code::Aborted, "STALE_HASH"));
    assert!(stale.message().contains(&second.hash), "{}", stale.message());
    let own = group.confirm_committee(&group.everyone, &second.hash).await.unwrap_err();
    assert_eq!(refusal(&own), reason(Code::FailedPrecondition, "OWN_CHANGE"));
    let outsider = group.confirm_committee(&group.analyst, &second.hash).await.unwrap_err();
    assert_eq!(outsider.code(), Code::PermissionDenied);
    let now = group.confirm_committee(&group.member, &second.hash).await.unwrap();
    assert_eq!((now.title.as_str(), now.etag.as_str()), ("Board", "2"));
    assert_eq!(proposed(&group).await, None);
    let again = group.confirm_committee(&group.member, &second.hash).await.unwrap_err();
    assert_eq!(refusal(&again), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
    // Who administers the tenant is no second person while somebody else holds a seat.
    let third = Committee { title: "Council".to_owned(), ..group.committee("2") };
    let third = group.propose_committee(&group.member, third, &["title"]).await.unwrap();
    let third = third.proposal.unwrap();
    let alone = group.confirm_committee(&admin, &third.hash).await.unwrap_err();
    assert_eq!(refusal(&alone), reason(Code::FailedPrecondition, "NO_SEAT"));
    let now = group.confirm_committee(&group.everyone, &third.hash).await.unwrap();
    assert_eq!((now.title.as_str(), now.etag.as_str()), ("Council", "3"));
}

#[tokio::test]
async fn a_change_of_the_committee_says_why_and_changes_something() {
    let world = World::new().await;
    let group = governed(&world).await;
    let same = group.propose_committee(&group.member, group.committee("1"), &["seats"]).await;
    let same = refusal(&same.unwrap_err());
    assert_eq!(same, reason(Code::FailedPrecondition, "NOTHING_EDITED"));
    let renamed = Committee { title: "Council".to_owned(), ..group.committee("1") };
    let silent = UpdateCommitteeRequest {
        committee: Some(renamed.clone()),
        update_mask: Some(prost_types::FieldMask { paths: vec!["title".to_owned()] }),
        reason: " ".to_owned(),
        ..UpdateCommitteeRequest::default()
    };
    let silent = group.client(&group.member).update_committee(silent).await.unwrap_err();
    let fields = silent.get_details_bad_request().unwrap().field_violations;
    assert_eq!(fields[0].field, "reason");
    assert_eq!(proposed(&group).await, None);
    // A proposal is of one committee: what changed meanwhile is asked for again.
    let answer = group.propose_committee(&group.everyone, renamed, &["title"]).await.unwrap();
    assert_eq!(group.delegated().await.etag, "2");
    assert_eq!(proposed(&group).await, None);
    let hash = answer.proposal.unwrap().hash;
    let moved = group.confirm_committee(&group.member, &hash).await.unwrap_err();
    assert_eq!(refusal(&moved), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
    assert!(moved.message().contains("proposed again"), "{}", moved.message());
}

#[tokio::test]
async fn a_committee_of_one_seat_is_widened_by_two_people() {
    let world = World::new().await;
    let group = governed(&world).await;
    let admin = group.group.token(&world, Role::TenantAdmin).await;
    let mut narrow = group.committee("1");
    narrow.seats.truncate(1);
    narrow.policies.truncate(1);
    group.update_committee(narrow, &["seats", "policies"]).await.unwrap();
    let wide = group.committee("2");
    let wide = group.propose_committee(&group.member, wide, &["seats", "policies"]).await.unwrap();
    let hash = wide.proposal.unwrap().hash;
    let own = group.confirm_committee(&group.member, &hash).await.unwrap_err();
    assert_eq!(refusal(&own), reason(Code::FailedPrecondition, "OWN_CHANGE"));
    let wide = group.confirm_committee(&admin, &hash).await.unwrap();
    assert_eq!((wide.seats.len(), wide.policies.len()), (2, 2));
}
