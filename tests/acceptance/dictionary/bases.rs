//! Base dictionaries: published, listed, started from, and offered to who started from another.

use contracts::dictionary::v1::*;
use contracts::jobs::v1::{Job, JobState};
use domain::dictionary::Bundle;
use prost_types::FieldMask;
use tests::{Governing, Group, NewGroup, World, id};
use tonic::Code;
use tonic_types::StatusExt;

/// The starter with another title, after `edit`.
fn base(title: &str, edit: impl FnOnce(&mut serde_json::Value)) -> Vec<u8> {
    let mut bundle = serde_json::to_value(domain::starter::bundle()).unwrap();
    bundle["title"] = title.into();
    edit(&mut bundle);
    Bundle::parse(&bundle.to_string()).unwrap().canonical().unwrap().into_bytes()
}

fn entry<'b>(bundle: &'b mut serde_json::Value, slug: &str) -> &'b mut serde_json::Value {
    let entries = bundle["entries"].as_array_mut().unwrap();
    entries.iter_mut().find(|entry| entry["slug"] == slug).unwrap()
}

fn request(canonical_json: Vec<u8>) -> PublishBaseRevisionRequest {
    PublishBaseRevisionRequest {
        canonical_json,
        reason: "payers changed their ways".to_owned(),
        request_id: id(),
        ..PublishBaseRevisionRequest::default()
    }
}

/// Publishes a base and has every tenant look at it; the hash, and the job at its end.
async fn publish(world: &World, canonical_json: Vec<u8>) -> (String, Job) {
    let mut operator = world.dictionary(&world.operator().await);
    let published = operator.publish_base_revision(request(canonical_json)).await.unwrap();
    let PublishBaseRevisionResponse { hash, job } = published.into_inner();
    let mut job = job.unwrap();
    world.app().run_due().await.unwrap();
    while job.state() == JobState::Running {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        let asked = GetJobRequest { id: job.id };
        job = operator.get_job(asked).await.unwrap().into_inner().job.unwrap();
    }
    (hash, job)
}

async fn listed(world: &World) -> Vec<Revision> {
    let mut operator = world.dictionary(&world.operator().await);
    let all = operator.list_base_revisions(ListBaseRevisionsRequest::default()).await.unwrap();
    all.into_inner().revisions
}

/// The upgrades of a group, the newest first, with their edits.
async fn upgrades(group: &Governing<'_>) -> Vec<ChangeRequest> {
    group.changes_from(ChangeSource::BaseUpgrade).await
}

fn json(edit: &Edit) -> serde_json::Value {
    serde_json::from_str(&edit.section.as_ref().unwrap().json).unwrap()
}

async fn two(world: &World) -> (Governing<'_>, Governing<'_>) {
    let north = Group::board(world, &NewGroup::new("north", "1234567893")).await;
    let south = Group::board(world, &NewGroup::new("south", "1245319599")).await;
    (Governing::of(world, &north).await, Governing::of(world, &south).await)
}

#[tokio::test]
async fn a_base_reaches_every_tenant_and_asks_where_both_changed_the_same() {
    let world = World::new().await;
    let (north, south) = two(&world).await;
    let ours = north.activate(&north.approved("carc-197", "coding").await, None).await.unwrap();
    assert_eq!(listed(&world).await.len(), 1, "the starter is base 1");
    let (hash, job) = publish(
        &world,
        base("Base 2", |bundle| {
            entry(bundle, "carc-197")["meaning"]["owner_function"] = "patient_access".into();
            entry(bundle, "carc-50")["meaning"]["expected_days"] = 77.into();
        }),
    )
    .await;
    assert_eq!((job.state(), job.done, job.total), (JobState::Succeeded, 2, 2), "{job:?}");
    assert_eq!(job.unit, "tenants");
    let bases = listed(&world).await;
    let numbers: Vec<_> = bases.iter().map(|base| (base.number, base.active)).collect();
    assert_eq!(numbers, [(2, true), (1, false)]);
    assert_eq!((&bases[0].hash, bases[0].title.as_str()), (&hash, "Base 2"));
    assert_eq!(bases[1].hash, north.group.revision);

    let [asked] = upgrades(&north).await.try_into().unwrap();
    let [clean] = upgrades(&south).await.try_into().unwrap();
    assert_eq!(asked.base_revision, ours.result_hash);
    assert_eq!(asked.title, "Base dictionary 2: 2 changes, 1 to choose");
    assert_eq!(clean.title, "Base dictionary 2: 2 changes");
    for change in [&asked, &clean] {
        assert_eq!(change.state(), ChangeRequestState::Draft);
        assert_eq!(change.author, uuid::Uuid::nil().to_string(), "nobody wrote it");
        assert_eq!(change.source_id, job.result_id);
        assert_eq!(change.reason, "payers changed their ways");
    }
    let of = |change: &ChangeRequest, slug: &str| {
        let edits = change.edits.iter();
        edits.filter(|it| it.section.as_ref().unwrap().slug == slug).cloned().collect::<Vec<_>>()
    };
    let [conflict] = of(&asked, "carc-197").try_into().unwrap();
    assert!(conflict.conflict);
    assert_eq!(json(&conflict)["meaning"]["owner_function"], "coding", "ours stands");
    assert!(conflict.other_json.contains("patient_access"), "{}", conflict.other_json);
    let [taken] = of(&clean, "carc-197").try_into().unwrap();
    assert!(!taken.conflict);
    assert_eq!(json(&taken)["meaning"]["owner_function"], "patient_access");
    for change in [&asked, &clean] {
        let [taken] = of(change, "carc-50").try_into().unwrap();
        assert_eq!(
            (taken.conflict, &json(&taken)["meaning"]["expected_days"]),
            (false, &77.into())
        );
    }
    let submit = SubmitChangeRequestRequest {
        id: asked.id.clone(),
        etag: asked.etag.clone(),
        ..SubmitChangeRequestRequest::default()
    };
    let early = north.client(&north.analyst).submit_change_request(submit).await.unwrap_err();
    assert_eq!(early.get_error_details().error_info().unwrap().reason, "UNRESOLVED_CONFLICT");
}

#[tokio::test]
async fn an_upgrade_goes_through_votes_and_the_next_one_starts_from_it() {
    let world = World::new().await;
    let (north, south) = two(&world).await;
    let days = |days: i32| {
        base(&format!("{days} days"), move |bundle| {
            entry(bundle, "carc-50")["meaning"]["expected_days"] = days.into();
        })
    };
    publish(&world, days(77)).await;
    let [upgrade] = upgrades(&north).await.try_into().unwrap();
    let upgrade = north.submitted(&upgrade).await;
    let (verify, replay, upgrade) = north.checked(&upgrade).await;
    assert!(verify.passed && replay.passed, "{verify:?} {replay:?}");
    let approve = ReviewVerdict::Approve;
    let upgrade = north.vote(&north.member, "coding", &upgrade, approve).await.unwrap();
    assert_eq!(upgrade.state(), ChangeRequestState::Approved, "{:?}", upgrade.requirements);
    let active = north.activate(&upgrade, None).await.unwrap();
    assert_eq!(north.active().await.hash, active.result_hash);

    // Ours differs from the starter now, and it is no conflict: it is what base 2 says.
    let (_, job) = publish(&world, days(78)).await;
    assert_eq!((job.done, job.total), (2, 2));
    let [next, _] = upgrades(&north).await.try_into().unwrap();
    assert_eq!(next.title, "Base dictionary 3: 1 change");
    assert!(!next.edits[0].conflict);
    assert_eq!(json(&next.edits[0])["meaning"]["expected_days"], 78);

    // South never looked at base 2: its draft is replaced, and the new one has all of it.
    let [newer, older] = upgrades(&south).await.try_into().unwrap();
    assert_eq!(older.state(), ChangeRequestState::Withdrawn);
    let said = older.comments.last().unwrap();
    assert_eq!(said.text, "base dictionary 3 takes its place");
    assert_eq!((newer.state(), newer.edits.len()), (ChangeRequestState::Draft, 1));

    // What somebody worked on stays, beside the new one.
    let mut edit = newer.edits[0].clone();
    let section = edit.section.as_mut().unwrap();
    section.json = section.json.replace("\"expected_days\":78", "\"expected_days\":80");
    let worked = UpdateChangeRequestRequest {
        change_request: Some(ChangeRequest { edits: vec![edit], ..newer.clone() }),
        update_mask: Some(FieldMask { paths: vec!["edits".to_owned()] }),
        ..UpdateChangeRequestRequest::default()
    };
    let worked = south.client(&south.member).update_change_request(worked).await.unwrap();
    let worked = worked.into_inner().change_request.unwrap();
    assert!(worked.editors.contains(&south.users.member));
    publish(&world, days(79)).await;
    let states: Vec<_> = upgrades(&south).await.iter().map(ChangeRequest::state).collect();
    let (draft, withdrawn) = (ChangeRequestState::Draft, ChangeRequestState::Withdrawn);
    assert_eq!(states, [draft, draft, withdrawn]);

    // Whoever edited it has no vote on it; whoever may can take back what nobody wrote.
    let worked = south.submitted(&worked).await;
    let own = south.vote(&south.member, "coding", &worked, approve).await.unwrap_err();
    assert_eq!(own.get_error_details().error_info().unwrap().reason, "OWN_CHANGE");
    let untouched = upgrades(&south).await.remove(0);
    assert_ne!(untouched.id, worked.id);
    let withdraw = WithdrawChangeRequestRequest {
        id: untouched.id,
        reason: "not for us".to_owned(),
        etag: untouched.etag,
        ..WithdrawChangeRequestRequest::default()
    };
    let taken = south.client(&south.analyst).withdraw_change_request(withdraw).await.unwrap();
    let taken = taken.into_inner().change_request.unwrap();
    assert_eq!(taken.state(), ChangeRequestState::Withdrawn);
}

#[tokio::test]
async fn a_rollback_of_an_upgrade_is_offered_it_again_with_the_next_base() {
    let world = World::new().await;
    let (north, _) = two(&world).await;
    let first = north.active().await.hash;
    publish(&world, base("2", |it| entry(it, "carc-50")["meaning"]["expected_days"] = 77.into()))
        .await;
    let [upgrade] = upgrades(&north).await.try_into().unwrap();
    let (.., upgrade) = north.checked(&north.submitted(&upgrade).await).await;
    let approve = ReviewVerdict::Approve;
    let upgrade = north.vote(&north.member, "coding", &upgrade, approve).await.unwrap();
    let upgrade = north.activate(&upgrade, None).await.unwrap();
    let back = RollBackRevisionRequest {
        revision: first.clone(),
        reason: "it brought the wrong days".to_owned(),
        etag: upgrade.result_hash,
        ..RollBackRevisionRequest::default()
    };
    north.client(&north.member).roll_back_revision(back).await.unwrap();
    assert_eq!(north.active().await.hash, first);
    publish(
        &world,
        base("3", |it| {
            entry(it, "carc-50")["meaning"]["expected_days"] = 77.into();
            entry(it, "carc-197")["meaning"]["expected_days"] = 66.into();
        }),
    )
    .await;
    let [again, _] = upgrades(&north).await.try_into().unwrap();
    assert_eq!(again.title, "Base dictionary 3: 2 changes");
}

#[tokio::test]
async fn what_a_tenant_removed_and_the_base_changed_waits_for_a_choice() {
    let world = World::new().await;
    let (north, south) = two(&world).await;
    let gone = Edit {
        change: DifferenceKind::Removed.into(),
        section: Some(Section { json: String::new(), ..north.entry("carc-50").await }),
        ..Edit::default()
    };
    let draft = north.try_draft("without carc-50", vec![gone]).await.unwrap();
    let (verify, _, draft) = north.checked(&north.submitted(&draft).await).await;
    assert!(verify.passed, "{verify:?}");
    let approve = ReviewVerdict::Approve;
    let draft = north.vote(&north.member, "coding", &draft, approve).await.unwrap();
    north.activate(&draft, None).await.unwrap();
    publish(&world, base("2", |it| entry(it, "carc-50")["meaning"]["expected_days"] = 77.into()))
        .await;
    let [upgrade] = upgrades(&north).await.try_into().unwrap();
    let [edit] = upgrade.edits.clone().try_into().unwrap();
    assert!(edit.conflict && edit.change() == DifferenceKind::Removed);
    assert_eq!(upgrade.result_hash, upgrade.base_revision, "nothing changes unasked");
    // A check can read such a draft, and a rebase keeps what waits.
    let verify = RunVerifyRequest { change_request_id: upgrade.id.clone(), request_id: id() };
    let verify = north.client(&north.analyst).run_verify(verify).await.unwrap().into_inner();
    assert!(north.check(&verify.job.unwrap().id).await.passed);
    north.activate(&north.approved("carc-197", "coding").await, None).await.unwrap();
    let rebase = RebaseChangeRequestRequest {
        id: upgrade.id.clone(),
        etag: north.read(&upgrade).await.etag,
        ..RebaseChangeRequestRequest::default()
    };
    let rebased = north.client(&north.analyst).rebase_change_request(rebase).await.unwrap();
    let rebased = rebased.into_inner().change_request.unwrap();
    assert_eq!(rebased.edits, upgrade.edits);
    let chosen = Edit {
        change: DifferenceKind::Added.into(),
        section: Some(Section { json: edit.other_json.clone(), ..edit.section.unwrap() }),
        ..Edit::default()
    };
    let choose = UpdateChangeRequestRequest {
        change_request: Some(ChangeRequest { edits: vec![chosen], ..north.read(&upgrade).await }),
        update_mask: Some(FieldMask { paths: vec!["edits".to_owned()] }),
        ..UpdateChangeRequestRequest::default()
    };
    let chosen = north.client(&north.analyst).update_change_request(choose).await.unwrap();
    let chosen = chosen.into_inner().change_request.unwrap();
    assert_ne!(chosen.result_hash, chosen.base_revision);
    north.submitted(&chosen).await;
    assert_eq!(upgrades(&south).await.len(), 1, "the control: south takes it as it is");
}

#[tokio::test]
async fn nothing_is_drafted_where_nothing_changes_and_a_tenant_starts_from_the_newest() {
    let world = World::new().await;
    let (north, _) = two(&world).await;
    let (hash, job) = publish(&world, base("Only another title", |_| {})).await;
    assert_eq!((job.state(), job.done), (JobState::Succeeded, 2));
    assert!(upgrades(&north).await.is_empty());
    let (same, job) = publish(&world, base("Only another title", |_| {})).await;
    assert_eq!((same, job.state()), (hash.clone(), JobState::Succeeded));
    assert_eq!(listed(&world).await.len(), 2, "what the newest says already gets no number");
    let west = Group::board(&world, &NewGroup::new("west", "1679576722")).await;
    assert_eq!(west.revision, hash);
    world.app().run_due().await.unwrap();
    let west = Governing::of(&world, &west).await;
    assert!(upgrades(&west).await.is_empty());
    publish(&world, base("3", |it| entry(it, "carc-50")["meaning"]["expected_days"] = 77.into()))
        .await;
    assert_eq!(upgrades(&west).await.len(), 1, "who started later is called as well");
}

#[tokio::test]
async fn a_repeated_call_publishes_once_and_a_tried_one_nothing() {
    let world = World::new().await;
    let mut operator = world.dictionary(&world.operator().await);
    let tried = PublishBaseRevisionRequest { validate_only: true, ..request(base("2", |_| {})) };
    let tried = operator.publish_base_revision(tried).await.unwrap().into_inner();
    assert!(tried.job.is_none());
    assert_eq!(listed(&world).await.len(), 1);
    let second = request(base("2", |_| {}));
    let first = operator.publish_base_revision(second.clone()).await.unwrap().into_inner();
    assert_eq!(first.hash, tried.hash);
    operator.publish_base_revision(request(base("3", |_| {}))).await.unwrap();
    let again = operator.publish_base_revision(second.clone()).await.unwrap().into_inner();
    assert_eq!(again, first, "a repeated call is answered as before");
    assert_eq!(listed(&world).await.len(), 3);
    let other = PublishBaseRevisionRequest { canonical_json: base("4", |_| {}), ..second };
    let other = operator.publish_base_revision(other).await.unwrap_err();
    assert_eq!(other.get_error_details().error_info().unwrap().reason, "REQUEST_ID_REUSED");
    assert_eq!(listed(&world).await.len(), 3);
    let pages = ListBaseRevisionsRequest { page_size: 2, ..ListBaseRevisionsRequest::default() };
    let page = operator.list_base_revisions(pages.clone()).await.unwrap().into_inner();
    assert_eq!(page.revisions.len(), 2);
    let pages = ListBaseRevisionsRequest { page_token: page.next_page_token, ..pages };
    let page = operator.list_base_revisions(pages).await.unwrap().into_inner();
    assert_eq!((page.revisions.len(), page.next_page_token.as_str()), (1, ""));
}

#[tokio::test]
async fn a_bad_base_is_refused_with_everything_that_is_bad_about_it() {
    let world = World::new().await;
    let mut operator = world.dictionary(&world.operator().await);
    let fields = |status: &tonic::Status| -> Vec<String> {
        let details = status.get_error_details();
        let bad = details.bad_request().unwrap().field_violations.iter();
        bad.map(|violation| violation.field.clone()).collect()
    };
    // Two pairs of twins answer the same denials.
    let twins = base("twins", |bundle| {
        let entries = bundle["entries"].as_array_mut().unwrap();
        let mut twins: Vec<_> = entries.iter().take(2).cloned().collect();
        for twin in &mut twins {
            twin["slug"] = format!("{}-twin", twin["slug"].as_str().unwrap()).into();
        }
        entries.extend(twins);
    });
    let refused = operator.publish_base_revision(request(twins)).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(refused.get_error_details().error_info().unwrap().reason, "BROKEN_BUNDLE");
    assert_eq!(fields(&refused).len(), 2, "{refused:?}");
    // Slips that compile: codes of no code set.
    let slips = base("slips", |bundle| {
        for slug in ["carc-50", "carc-197"] {
            let mut slip = entry(bundle, slug).clone();
            slip["slug"] = format!("{slug}-slip").into();
            slip["match"]["rarc"] = serde_json::json!({"any": ["N9999"]});
            bundle["entries"].as_array_mut().unwrap().push(slip);
        }
    });
    let refused = operator.publish_base_revision(request(slips)).await.unwrap_err();
    assert_eq!(refused.get_error_details().error_info().unwrap().reason, "BROKEN_BUNDLE");
    let slips = ["canonical_json.carc-197-slip", "canonical_json.carc-50-slip"];
    let found = fields(&refused);
    assert!(slips.iter().all(|slip| found.iter().any(|field| field == slip)), "{found:?}");
    let text = operator.publish_base_revision(request(b"{\"entries\":".to_vec())).await;
    assert_eq!(text.unwrap_err().code(), Code::InvalidArgument);
    let silent = PublishBaseRevisionRequest { reason: " ".to_owned(), ..request(Vec::new()) };
    let silent = operator.publish_base_revision(silent).await.unwrap_err();
    assert_eq!(fields(&silent), ["reason"]);
    assert_eq!(listed(&world).await.len(), 1, "nothing was published");
}

#[tokio::test]
async fn a_publication_that_is_cancelled_calls_nobody_further() {
    let world = World::new().await;
    let (north, _) = two(&world).await;
    world.app().run_due().await.unwrap();
    let mut operator = world.dictionary(&world.operator().await);
    let change = base("2", |it| entry(it, "carc-50")["meaning"]["expected_days"] = 77.into());
    let job = operator.publish_base_revision(request(change.clone())).await.unwrap();
    let job = job.into_inner().job.unwrap();
    let cancel = CancelJobRequest { id: job.id.clone(), request_id: id() };
    let job = operator.cancel_job(cancel).await.unwrap().into_inner().job.unwrap();
    assert_eq!(job.state(), JobState::Cancelled);
    // It notices at its next look.
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    world.app().run_due().await.unwrap();
    assert!(upgrades(&north).await.is_empty());
    assert_eq!(listed(&world).await.len(), 2, "the base stands");
    // To publish it again goes on with the merges.
    publish(&world, change).await;
    assert_eq!(upgrades(&north).await.len(), 1);
}
