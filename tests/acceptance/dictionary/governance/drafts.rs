use contracts::dictionary::v1::*;
use prost_types::FieldMask;
use tests::{World, id, reason, refusal};
use tonic::Code;
use tonic_types::StatusExt;

use super::governed;

fn update(change: &ChangeRequest, paths: &[&str]) -> UpdateChangeRequestRequest {
    UpdateChangeRequestRequest {
        change_request: Some(change.clone()),
        update_mask: Some(FieldMask {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        }),
        ..UpdateChangeRequestRequest::default()
    }
}

#[tokio::test]
async fn a_draft_is_written_discussed_found_and_taken_back() {
    let world = World::new().await;
    let group = governed(&world).await;
    let draft = group.draft("carc-197", "coding").await;
    assert_eq!((draft.number, draft.state()), (1, ChangeRequestState::Draft));
    assert_eq!(draft.source(), ChangeSource::Person);
    assert_eq!(draft.author, group.users.analyst);
    assert_eq!(draft.base_revision, group.group.revision);
    assert_ne!(draft.result_hash, draft.base_revision);
    let unmet: Vec<&str> =
        draft.requirements.iter().filter(|it| !it.met).map(|it| it.code.as_str()).collect();
    assert!(unmet.contains(&"verify_fresh") && unmet.contains(&"seat_coding"), "{unmet:?}");

    let mut client = group.client(&group.analyst);
    let comment = AddCommentRequest {
        change_request_id: draft.id.clone(),
        text: "Coding has the\nrecords.".to_owned(),
        request_id: id(),
    };
    client.add_comment(comment).await.unwrap();
    let wanted = ChangeRequest { title: "Another title".to_owned(), ..draft.clone() };
    let titled = client.update_change_request(update(&wanted, &["title"])).await.unwrap();
    let titled = titled.into_inner().change_request.unwrap();
    assert_eq!(titled.title, "Another title");
    assert_eq!(titled.result_hash, draft.result_hash, "words are no content");
    assert_eq!(titled.comments[0].text, "Coding has the\nrecords.");
    let stale = client.update_change_request(update(&wanted, &["title"])).await.unwrap_err();
    assert_eq!(refusal(&stale), reason(Code::Aborted, "STALE_ETAG"));

    for (filter, count) in [
        ("state = \"DRAFT\" AND section = \"ENTRY\"", 1),
        ("section = \"DEADLINE_RULE\"", 0),
        ("source = \"PERSON\"", 1),
        ("state = \"APPROVED\"", 0),
    ] {
        let request = ListChangeRequestsRequest { filter: filter.to_owned(), ..Default::default() };
        let listed = client.list_change_requests(request).await.unwrap().into_inner();
        assert_eq!(listed.change_requests.len(), count, "{filter}");
        assert!(listed.change_requests.iter().all(|it| it.edits.is_empty()), "a list is short");
    }

    let withdraw = WithdrawChangeRequestRequest {
        id: draft.id.clone(),
        reason: "no longer needed".to_owned(),
        etag: titled.etag.clone(),
        ..Default::default()
    };
    let stranger = group.client(&group.everyone).withdraw_change_request(withdraw.clone()).await;
    let stranger = refusal(&stranger.unwrap_err());
    assert_eq!(stranger, reason(Code::FailedPrecondition, "NOT_YOURS"));
    let withdrawn = client.withdraw_change_request(withdraw).await.unwrap().into_inner();
    let withdrawn = withdrawn.change_request.unwrap();
    assert_eq!(withdrawn.state(), ChangeRequestState::Withdrawn);
    assert_eq!(withdrawn.comments.last().unwrap().text, "no longer needed");
    let edit = client.update_change_request(update(&withdrawn, &["edits"])).await.unwrap_err();
    assert_eq!(refusal(&edit).0, Code::FailedPrecondition, "what is over stays as it is");
    let run = RunVerifyRequest { change_request_id: withdrawn.id.clone(), request_id: id() };
    let check = client.run_verify(run).await.unwrap_err();
    assert_eq!(refusal(&check), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
}

#[tokio::test]
async fn only_the_service_marks_a_conflict_and_only_a_draft_is_decided() {
    let world = World::new().await;
    let group = governed(&world).await;
    let marked = Edit { conflict: true, ..group.reowned("carc-197", "coding").await };
    let refused = group.try_draft("Marked", vec![marked]).await.unwrap_err();
    let fields = refused.get_details_bad_request().unwrap().field_violations;
    assert_eq!(fields[0].field, "edits[0].conflict");
    let change = group.submitted(&group.draft("carc-197", "coding").await).await;
    let mut forged = change.clone();
    forged.edits[0].conflict = true;
    let mut client = group.client(&group.everyone);
    let forged = client.update_change_request(update(&forged, &["edits"])).await.unwrap_err();
    assert_eq!(forged.code(), Code::InvalidArgument);
    let same = client.update_change_request(update(&change, &["edits"])).await.unwrap_err();
    assert_eq!(refusal(&same), reason(Code::FailedPrecondition, "NOTHING_EDITED"));
    assert_eq!(group.read(&change).await, change, "nobody became an editor by that");
}

#[tokio::test]
async fn every_edit_that_cannot_stand_is_listed_and_nothing_is_kept() {
    let world = World::new().await;
    let group = governed(&world).await;
    let good = group.reowned("carc-197", "coding").await;
    let section = |slug: &str, json: &str| {
        Some(Section {
            kind: SectionKind::Entry.into(),
            slug: slug.to_owned(),
            json: json.to_owned(),
        })
    };
    let edits = vec![
        good.clone(),
        Edit {
            change: DifferenceKind::Removed.into(),
            section: section("no-such-entry", ""),
            ..Edit::default()
        },
        Edit {
            change: DifferenceKind::Added.into(),
            section: section("new-entry", "{not json"),
            ..Edit::default()
        },
        good,
    ];
    let refused = group.try_draft("Bad edits", edits).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::InvalidArgument, "BAD_EDITS"));
    let fields = refused.get_details_bad_request().unwrap().field_violations;
    let places: Vec<&str> = fields.iter().map(|violation| violation.field.as_str()).collect();
    assert_eq!(places, ["edits[1].section", "edits[2].section", "edits[3].section"]);
    let mut client = group.client(&group.analyst);
    let listed = client.list_change_requests(ListChangeRequestsRequest::default()).await;
    assert!(listed.unwrap().into_inner().change_requests.is_empty());
}

#[tokio::test]
async fn a_trial_answers_as_the_real_call_and_changes_nothing() {
    let world = World::new().await;
    let group = governed(&world).await;
    let request = CreateChangeRequestRequest {
        title: "Only asking".to_owned(),
        reason: "to see".to_owned(),
        edits: vec![group.reowned("carc-197", "coding").await],
        validate_only: true,
        ..Default::default()
    };
    let mut client = group.client(&group.analyst);
    let tried = client.create_change_request(request).await.unwrap().into_inner();
    let tried = tried.change_request.unwrap();
    assert_eq!((tried.number, tried.state()), (1, ChangeRequestState::Draft));
    let read = GetChangeRequestRequest { id: tried.id };
    assert_eq!(client.get_change_request(read).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn differences_are_in_words_a_committee_reads() {
    let world = World::new().await;
    let group = governed(&world).await;
    let draft = group.draft("carc-197", "coding").await;
    let change = group.submitted(&draft).await;
    let forced = ActivateInEmergencyRequest {
        change_request_id: change.id.clone(),
        reason: "the queue is flooded".to_owned(),
        hours: 24,
        etag: change.etag.clone(),
        ..Default::default()
    };
    group.client(&group.member).activate_in_emergency(forced).await.unwrap();
    let request = DiffRevisionsRequest {
        from_revision: "1".to_owned(),
        to_revision: "active".to_owned(),
        ..Default::default()
    };
    let diff = group.client(&group.analyst).diff_revisions(request.clone()).await.unwrap();
    let differences = diff.into_inner().differences;
    assert_eq!(differences.len(), 1);
    assert_eq!(differences[0].change(), DifferenceKind::Changed);
    assert_eq!(differences[0].slug, "carc-197");
    assert_eq!(differences[0].fields[0].path, "meaning.owner_function");
    assert!(differences[0].words.contains("carc-197"), "{}", differences[0].words);
    let same = DiffRevisionsRequest { to_revision: "1".to_owned(), ..request.clone() };
    let same = group.client(&group.analyst).diff_revisions(same).await.unwrap().into_inner();
    assert!(same.differences.is_empty());
    let next = DiffRevisionsRequest { to_revision: "next".to_owned(), ..request };
    let next = group.client(&group.analyst).diff_revisions(next).await.unwrap_err();
    assert_eq!(next.code(), Code::NotFound, "nothing is scheduled");
}
