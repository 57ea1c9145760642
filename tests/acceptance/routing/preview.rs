use contracts::access::v1::Role;
use contracts::dictionary::v1::{
    GetPreviewRequest, OwnerFunction, Preview, PreviewStage, PreviewState, StopPreviewRequest,
};
use contracts::routing::v1::*;
use tests::{Governing, Group, Line, NewGroup, Remittance, World, id};

const NPI: &str = "1234567893";

async fn governed(world: &World) -> Governing<'_> {
    let group = Group::board(world, &NewGroup::new("north", NPI)).await;
    Governing::of(world, &group).await
}

/// Takes in `count` claims that want an authorization.
async fn upload(world: &World, group: &Governing<'_>, trace: &str, count: usize) {
    let adjustments = [("CO", "197", 90_00)];
    let line = Line { charge: 90_00, paid: 0, adjustments: &adjustments, remarks: &[] };
    let mut remittance = Remittance::to(NPI, "20260610").traced(trace);
    for at in 0..count {
        remittance = remittance.claim(&format!("{trace}{at}"), "DOE", &[line]);
    }
    group.group.upload(world, &remittance.x12()).await;
}

async fn owners(world: &World, group: &Governing<'_>) -> Vec<(OwnerFunction, String)> {
    let token = group.group.token(world, Role::Specialist).await;
    let request = ListWorkItemsRequest { page_size: 500, ..ListWorkItemsRequest::default() };
    let items = world.routing(&token).list_work_items(request).await.unwrap().into_inner();
    let owner = |item: WorkItem| (item.owner_function(), item.dictionary_revision);
    items.work_items.into_iter().map(owner).collect()
}

async fn read(group: &Governing<'_>, preview: &Preview) -> Preview {
    let request = GetPreviewRequest { id: preview.id.clone() };
    let read = group.client(&group.analyst).get_preview(request).await.unwrap().into_inner();
    read.preview.unwrap()
}

async fn stop(group: &Governing<'_>, preview: &Preview) -> Preview {
    let request = StopPreviewRequest {
        id: preview.id.clone(),
        reason: "seen enough".to_owned(),
        etag: preview.etag.clone(),
        request_id: id(),
        ..StopPreviewRequest::default()
    };
    let stopped = group.client(&group.member).stop_preview(request).await.unwrap().into_inner();
    stopped.preview.unwrap()
}

#[tokio::test]
async fn a_shadow_run_counts_what_live_intake_would_become_and_changes_nothing() {
    let world = World::new().await;
    let group = governed(&world).await;
    let change = group.draft("carc-197", "coding").await;
    let change = group.submitted(&change).await;
    let (_, _, change) = group.checked(&change).await;
    let preview = group.preview(&change, PreviewStage::Shadow, &[]).await.unwrap();
    assert_eq!(read(&group, &preview).await.decided_count, 0);
    upload(&world, &group, "S", 3).await;
    let seen = read(&group, &preview).await;
    assert_eq!((seen.decided_count, seen.diverged_count), (3, 3));
    assert_eq!((seen.unmapped_count, seen.short_deadline_count), (0, 0));
    assert_eq!(seen.state(), PreviewState::Running);
    for (owner, revision) in owners(&world, &group).await {
        assert_ne!(owner, OwnerFunction::Coding);
        assert_eq!(revision, group.group.revision);
    }
    assert_eq!(stop(&group, &seen).await.state(), PreviewState::Stopped);
    upload(&world, &group, "T", 2).await;
    assert_eq!(read(&group, &preview).await.decided_count, 3, "it is over");
}

#[tokio::test]
async fn a_canary_decides_until_it_is_stopped_and_its_work_follows_the_active_revision_then() {
    let world = World::new().await;
    let group = governed(&world).await;
    let approved = group.approved("carc-197", "coding").await;
    let payer = "sample-health-plan".to_owned();
    let preview = group.preview(&approved, PreviewStage::Canary, &[payer]).await.unwrap();
    upload(&world, &group, "C", 2).await;
    let canary = (OwnerFunction::Coding, approved.result_hash.clone());
    assert_eq!(owners(&world, &group).await, [canary.clone(), canary.clone()]);
    // Bringing open work under the active revision leaves the canary's alone.
    let request = RedecideWorkItemsRequest { request_id: id() };
    world.routing(&group.analyst).redecide_work_items(request).await.unwrap();
    world.app().run_due().await.unwrap();
    assert_eq!(owners(&world, &group).await, [canary.clone(), canary]);

    let running = read(&group, &preview).await;
    assert_eq!((running.decided_count, running.diverged_count), (2, 2));
    stop(&group, &running).await;
    for _ in 0..200 {
        world.app().run_due().await.unwrap();
        let owners = owners(&world, &group).await;
        if owners.iter().all(|(_, revision)| *revision == group.group.revision) {
            assert!(owners.iter().all(|(owner, _)| *owner != OwnerFunction::Coding));
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the canary's work does not follow");
}

#[tokio::test]
async fn a_preview_that_passes_a_limit_suspends_itself() {
    let world = World::new().await;
    let group = governed(&world).await;
    let approved = group.approved("carc-197", "coding").await;
    let payer = "sample-health-plan".to_owned();
    let preview = group.preview(&approved, PreviewStage::Canary, &[payer]).await.unwrap();
    upload(&world, &group, "A", 29).await;
    assert_eq!(read(&group, &preview).await.state(), PreviewState::Running, "too few to judge");
    upload(&world, &group, "B", 1).await;
    let suspended = read(&group, &preview).await;
    assert_eq!(suspended.state(), PreviewState::Suspended);
    let words = "30 of 30 denials (100.00 %) were decided differently; at most 25.00 % may";
    assert_eq!(suspended.suspended_words, words);
    upload(&world, &group, "D", 1).await;
    let by_active = owners(&world, &group).await;
    let by_active = by_active.iter().filter(|(_, revision)| *revision == group.group.revision);
    assert_eq!(by_active.count(), 1, "what comes afterwards is decided as ever");
}
