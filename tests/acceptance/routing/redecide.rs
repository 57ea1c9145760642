use chrono::TimeDelta;
use contracts::access::v1::Role;
use contracts::dictionary::v1::{
    ActivateRevisionRequest, OwnerFunction, RollBackRevisionRequest, VerifyReceiptRequest,
};
use contracts::jobs::v1::{Job, JobState};
use contracts::routing::v1::*;
use futures::TryStreamExt;
use tests::{Governing, Group, Line, NewGroup, Remittance, World, id};

const NPI: &str = "1234567893";

/// A governed group with two items that want an authorization and one that came late.
async fn with_work(world: &World) -> Governing<'_> {
    let group = Group::board(world, &NewGroup::new("north", NPI)).await;
    for (number, carc) in [("P1", "197"), ("P2", "197"), ("P3", "29")] {
        let adjustments = [("CO", carc, 90_00)];
        let line = Line { charge: 90_00, paid: 0, adjustments: &adjustments, remarks: &[] };
        let remittance = Remittance::to(NPI, "20260610").claim(number, "DOE", &[line]);
        group.upload(world, &remittance.x12()).await;
    }
    Governing::of(world, &group).await
}

async fn items(world: &World, group: &Governing<'_>) -> Vec<WorkItem> {
    let token = group.group.token(world, Role::Specialist).await;
    let request =
        ListWorkItemsRequest { filter: "state = \"OPEN\"".to_owned(), ..Default::default() };
    let listed = world.routing(&token).list_work_items(request).await.unwrap().into_inner();
    let mut items = listed.work_items;
    items.sort_by(|one, other| one.id.cmp(&other.id));
    items
}

/// Waits until open work has been brought under `revision`, or says that it never was.
async fn followed(world: &World, group: &Governing<'_>, revision: &str) -> Vec<WorkItem> {
    for _ in 0..200 {
        world.app().run_due().await.unwrap();
        let items = items(world, group).await;
        if items.iter().all(|item| item.dictionary_revision == revision) {
            return items;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("open work does not follow the activation");
}

async fn redecision(world: &World, token: &str) -> Redecision {
    let request = RedecideWorkItemsRequest { request_id: id() };
    let answer = world.routing(token).redecide_work_items(request).await.unwrap();
    answer.into_inner().redecision.unwrap()
}

#[tokio::test]
async fn open_work_follows_an_activation_and_its_rollback() {
    let world = World::new().await;
    let group = with_work(&world).await;
    let before = items(&world, &group).await;
    let owners: Vec<OwnerFunction> = before.iter().map(WorkItem::owner_function).collect();
    assert_eq!(before.len(), 3);
    let approved = group.approved("carc-197", "coding").await;
    group.activate(&approved, None).await.unwrap();
    let now = followed(&world, &group, &approved.result_hash).await;
    let ids = |items: &[WorkItem]| items.iter().map(|item| item.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&now), ids(&before), "each is the same item");
    let moved: Vec<&WorkItem> =
        now.iter().filter(|item| item.owner_function() == OwnerFunction::Coding).collect();
    assert_eq!(moved.len(), 2);

    // The proof of each decision is that of the revision that made it.
    let analyst = &group.analyst;
    let request = GetWorkItemRequest { id: moved[0].id.clone() };
    let item = world.routing(analyst).get_work_item(request).await.unwrap().into_inner();
    let denial_id = item.work_item.unwrap().denials[0].denial_id.clone();
    let denial = world.routing(analyst).get_denial(GetDenialRequest { id: denial_id }).await;
    let denial = denial.unwrap().into_inner().denial.unwrap();
    let receipt = denial.receipt.clone().unwrap();
    assert_eq!(receipt.dictionary_revision, approved.result_hash);
    let verify = VerifyReceiptRequest { receipt: Some(receipt), facts: denial.facts };
    assert!(group.client(analyst).verify_receipt(verify).await.unwrap().into_inner().valid);

    let running = redecision(&world, analyst).await;
    assert_eq!((running.changed_count, running.unchanged_count), (2, 1), "{running:?}");
    assert_eq!(running.moves[0].work_item_count, 2);
    assert_eq!(running.moves[0].at_stake.as_ref().unwrap().amount_cents, 180_00);
    let example = &running.examples[0];
    let teams = [&example.before, &example.after].map(|task| task.as_ref().unwrap().team.clone());
    assert_eq!(teams, [running.moves[0].from_team.clone(), running.moves[0].to_team.clone()]);
    assert_eq!(running.job.as_ref().unwrap().state(), JobState::Running);
    let words = "so far, 2 items changed (2 to another team), 0 items new, \
                 0 items no longer called for, 1 item as before";
    assert_eq!(running.words, words);

    // It is done when a pass that began a minute later finds nothing.
    world.clock().advance(TimeDelta::seconds(61));
    world.app().run_due().await.unwrap();
    let request = GetRedecisionRequest { id: running.id.clone() };
    let done = world.routing(analyst).get_redecision(request).await.unwrap().into_inner();
    let done = done.redecision.unwrap();
    assert_eq!(done.job.unwrap().state(), JobState::Succeeded);
    assert_eq!(redecision(&world, analyst).await.id, running.id, "nothing is left to do");

    let request = WatchEventsRequest { stop_at_end: true, ..WatchEventsRequest::default() };
    let events = world.routing(analyst).watch_events(request).await.unwrap().into_inner();
    let events: Vec<WatchEventsResponse> = events.try_collect().await.unwrap();
    let told = |kind: &str| {
        let events = events.iter().filter_map(|answer| answer.event.as_ref());
        events.filter(|event| event.r#type == kind).count()
    };
    assert_eq!((told("work_item.redecided"), told("denial.redecided")), (2, 2));

    let request = RollBackRevisionRequest {
        revision: "1".to_owned(),
        reason: "coding has no time".to_owned(),
        etag: approved.result_hash.clone(),
        request_id: id(),
        ..RollBackRevisionRequest::default()
    };
    group.client(&group.member).roll_back_revision(request).await.unwrap();
    let back = followed(&world, &group, &group.group.revision).await;
    let back: Vec<OwnerFunction> = back.iter().map(WorkItem::owner_function).collect();
    assert_eq!(back, owners);
}

#[tokio::test]
async fn a_timer_that_activates_is_noticed_by_the_next_call() {
    let world = World::new().await;
    let group = with_work(&world).await;
    let approved = group.approved("carc-197", "coding").await;
    let at = World::noon() + TimeDelta::hours(1);
    let request = ActivateRevisionRequest {
        change_request_id: approved.id.clone(),
        activate_at: Some(prost_types::Timestamp { seconds: at.timestamp(), nanos: 0 }),
        etag: approved.etag.clone(),
        ..ActivateRevisionRequest::default()
    };
    group.client(&group.member).activate_revision(request).await.unwrap();
    world.clock().advance(TimeDelta::hours(1));
    world.app().run_due().await.unwrap();
    let group = group.again().await;
    assert_eq!(group.active().await.hash, approved.result_hash);
    // A file that arrives is decided by what is active, and what waited follows.
    let line = Line { charge: 50_00, paid: 0, adjustments: &[("CO", "197", 50_00)], remarks: &[] };
    let remittance = Remittance::to(NPI, "20260611").claim("P4", "DOE", &[line]);
    group.group.upload(&world, &remittance.x12()).await;
    let items = followed(&world, &group, &approved.result_hash).await;
    let coding = items.iter().filter(|item| item.owner_function() == OwnerFunction::Coding);
    assert_eq!((items.len(), coding.count()), (4, 3));
}

#[tokio::test]
async fn a_later_activation_ends_the_redecision_before_it_and_people_may_cancel_one() {
    let world = World::new().await;
    let group = with_work(&world).await;
    let first = redecision(&world, &group.analyst).await;
    let state = async |id: &str| -> Job {
        let request = GetJobRequest { id: id.to_owned() };
        let answer = world.routing(&group.analyst).get_job(request).await.unwrap();
        answer.into_inner().job.unwrap()
    };
    assert_eq!(state(&first.id).await.state(), JobState::Running);
    let approved = group.approved("carc-197", "coding").await;
    world.clock().advance(TimeDelta::seconds(1));
    group.activate(&approved, None).await.unwrap();
    let second = redecision(&world, &group.analyst).await;
    assert_ne!(second.id, first.id);
    let ended = state(&first.id).await;
    assert_eq!((ended.state(), ended.failure_reason.as_str()), (JobState::Failed, "SUPERSEDED"));
    let request = CancelJobRequest { id: second.id.clone(), request_id: id() };
    world.routing(&group.analyst).cancel_job(request).await.unwrap();
    world.app().run_due().await.unwrap();
    assert_eq!(state(&second.id).await.state(), JobState::Cancelled);
    let third = redecision(&world, &group.analyst).await;
    assert_ne!(third.id, second.id, "work is left, and somebody asked again");
    followed(&world, &group, &approved.result_hash).await;
}
