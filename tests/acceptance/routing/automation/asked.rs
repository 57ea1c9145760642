//! What rules ask of others: the payer's time, and the billing system's claim.

use contracts::identity::v1::ListServiceAccountsRequest;
use futures::TryStreamExt;
use tests::samples::ends::resolve;
use tests::samples::work::queue;

use super::*;

/// A house in which denials of code 29 are for `action`, with nothing to be on file, and a rule may
/// do it for up to $50.00 each.
async fn for_action<'w>(world: &'w World, limit: &str, entry: fn(&mut Value)) -> House<'w> {
    let group = Group::board(world, &NewGroup::new("north", NPI)).await;
    let of = Governing::of(world, &group).await;
    let edits = vec![
        edit(&of, SectionKind::AutomationLimit, limit, |it| it["ceiling"] = json!(50_00)).await,
        edit(&of, SectionKind::Entry, "carc-29", entry).await,
    ];
    activated(&of, edits).await;
    House { world, group }
}

fn bare(entry: &mut Value, action: &str) {
    let meaning = entry["meaning"].as_object_mut().unwrap();
    meaning.remove("review_reason");
    meaning.remove("evidence");
    meaning.insert("next_action".to_owned(), json!(action));
}

fn rule_for(action: NextAction) -> AutomationRule {
    AutomationRule { action: action.into(), write_off_code: String::new(), ..rule() }
}

async fn resubmitting(world: &World) -> House<'_> {
    let house = for_action(world, "new-claim", |entry| bare(entry, "new_claim")).await;
    // The billing system works the queue like a person.
    let admin = house.group.token(world, Role::TenantAdmin).await;
    let request = ListServiceAccountsRequest::default();
    let accounts = world.identity(&admin).list_service_accounts(request).await.unwrap();
    let robot = accounts.into_inner().service_accounts.remove(0).id;
    let team = house.denied("FIRST", "29", 60_00).await.team;
    let request =
        CreateQueueRequest { queue: Some(queue("late", &team, &[&robot])), request_id: id() };
    house.lead().await.create_queue(request).await.unwrap();
    house
}

type Routing = routing_service_client::RoutingServiceClient<overturn::Door>;

impl House<'_> {
    async fn billing(&self) -> Routing {
        self.world.routing(&self.group.token(self.world, Role::Partner).await)
    }

    /// Payloads of events of this item.
    async fn heard(&self, item: &WorkItem, kind: &str) -> Vec<Value> {
        let request = WatchEventsRequest { stop_at_end: true, ..WatchEventsRequest::default() };
        let events = self.billing().await.watch_events(request).await.unwrap().into_inner();
        let events: Vec<WatchEventsResponse> = events.try_collect().await.unwrap();
        let events = events.into_iter().filter_map(|answer| answer.event);
        let these = events.filter(|event| event.subject == item.id && event.r#type == kind);
        these.map(|event| serde_json::from_str(&event.payload_json).unwrap()).collect()
    }

    /// An item whose claim the billing system was asked for.
    async fn asked(&self, number: &str, cents: i64) -> WorkItem {
        self.denied(number, "29", cents).await;
        self.hour().await;
        let item = self.item(number).await;
        let waits = (item.state(), item.waiting_for());
        assert_eq!(waits, (WorkItemState::Waiting, WaitingFor::Resubmission), "{number}");
        item
    }
}

fn sent_again(item: &WorkItem, number: &str) -> ResolveWorkItemRequest {
    ResolveWorkItemRequest {
        kind: ResolutionKind::Resubmission.into(),
        corrected_claim_number: number.to_owned(),
        reason: "sent again".to_owned(),
        ..resolve(item, None)
    }
}

const REQUESTED: &str = "work_item.resubmission_requested";

#[tokio::test]
async fn a_claim_is_asked_for_and_its_number_ends_the_item() {
    let world = World::new().await;
    let house = resubmitting(&world).await;
    let made = house.create(rule_for(NextAction::NewClaim)).await.unwrap();
    let item = house.denied("A1", "29", 12_00).await;
    house.hour().await;
    let [line] = house.lines(&item, REHEARSED).await.try_into().unwrap();
    let told = "would ask the billing system to send its claim again and wait until 06/22/2026";
    assert!(line.words.starts_with(told), "{}", line.words);
    assert!(house.heard(&item, REQUESTED).await.is_empty(), "a dry run asks nobody");
    house.mode(&made, AutomationMode::Acting).await;
    house.hour().await;
    let waits = house.item("A1").await;
    assert_eq!(waits.waiting_for(), WaitingFor::Resubmission);
    let [heard] = house.heard(&item, REQUESTED).await.try_into().unwrap();
    let facts = ["by", "rule", "waiting_for", "follow_up_on", "next_action"];
    let expected = ["automation", &made.id, "RESUBMISSION", "2026-06-22", "new_claim"];
    assert_eq!(facts.map(|fact| heard[fact].as_str().unwrap()), expected);
    let [line] = house.lines(&item, REQUESTED).await.try_into().unwrap();
    assert!(line.actor == ACTOR && line.words.contains("by the rule"), "{}", line.words);

    let mut billing = house.billing().await;
    let nameless = billing.resolve_work_item(sent_again(&waits, "")).await.unwrap_err();
    assert_eq!(fields(&nameless), ["corrected_claim_number"]);
    let answer = billing.resolve_work_item(sent_again(&waits, "A1-2")).await.unwrap().into_inner();
    let (done, end) = (answer.work_item.unwrap(), answer.resolution.unwrap());
    assert_eq!(done.state(), WorkItemState::Resolved);
    assert_eq!(
        (end.kind(), end.corrected_claim_number.as_str(), end.automated),
        (ResolutionKind::Resubmission, "A1-2", false)
    );
    let undo = UndoResolutionRequest {
        resolution_id: end.id,
        reason: "it was never sent".to_owned(),
        request_id: id(),
    };
    house.lead().await.undo_resolution(undo).await.unwrap();
    house.hour().await;
    assert_eq!(house.state("A1").await, WorkItemState::Open, "nobody is asked twice");
    assert_eq!(house.read(&made.id).await.acted_count, 1);
}

#[tokio::test]
async fn what_cannot_be_sent_or_is_never_answered_is_open_for_people_again() {
    let world = World::new().await;
    let house = resubmitting(&world).await;
    let made = house.acting(rule_for(NextAction::NewClaim)).await;
    let cannot = house.asked("CANNOT", 12_00).await;
    let mut billing = house.billing().await;
    let claim =
        ClaimWorkItemRequest { id: cannot.id.clone(), request_id: id(), ..Default::default() };
    let lease = billing.claim_work_item(claim).await.unwrap().into_inner().lease.unwrap();
    let release = ReleaseWorkItemRequest {
        id: cannot.id.clone(),
        fencing_number: lease.fencing_number,
        reason: "the account is closed".to_owned(),
        request_id: id(),
    };
    billing.release_work_item(release).await.unwrap();
    assert_eq!(house.state("CANNOT").await, WorkItemState::Open);
    let [line] = house.lines(&cannot, "work_item.released").await.try_into().unwrap();
    assert!(line.words.ends_with("the account is closed"), "{}", line.words);
    // A person takes one back: the answer of before is refused.
    let taken = house.asked("TAKEN", 11_00).await;
    let claim =
        ClaimWorkItemRequest { id: taken.id.clone(), request_id: id(), ..Default::default() };
    house.lead().await.claim_work_item(claim).await.unwrap();
    let late = house.billing().await.resolve_work_item(sent_again(&taken, "T-2")).await;
    assert_eq!(refusal(&late.unwrap_err()), reason(Code::Aborted, "STALE_ETAG"));
    let silent = house.asked("SILENT", 6_00).await;
    world.clock().advance(TimeDelta::days(8));
    world.app().run_due().await.unwrap();
    house.hour().await;
    assert_eq!(house.state("SILENT").await, WorkItemState::Open, "its day came");
    assert_eq!(house.heard(&silent, REQUESTED).await.len(), 1, "and no rule asks again");
    assert_eq!(house.state("CANNOT").await, WorkItemState::Open);
    assert_eq!(house.read(&made.id).await.acted_count, 3);
}

#[tokio::test]
async fn no_claim_is_asked_for_beyond_the_limits_or_without_what_must_be_on_file() {
    let world = World::new().await;
    let house = for_action(&world, "corrected-claim", |entry| {
        entry["meaning"]["next_action"] = json!("corrected_claim");
        entry["meaning"].as_object_mut().unwrap().remove("review_reason");
    })
    .await;
    let rule = rule_for(NextAction::CorrectedClaim);
    let (ceiling, daily_ceiling) = (money(50_01), money(60_00));
    let above = AutomationRule { ceiling, daily_ceiling, ..rule.clone() };
    let refused = house.create(above).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::FailedPrecondition, "AUTOMATION_REFUSED"));
    let made = house.acting(rule).await;
    let lacking = house.denied("LACKING", "29", 12_00).await;
    assert_eq!(lacking.next_action(), NextAction::CorrectedClaim);
    assert!(lacking.evidence_missing_count > 0);
    house.hour().await;
    assert_eq!(house.state("LACKING").await, WorkItemState::Open);
    // The control: partner systems have all of it, and no person has touched the item.
    let request = GetWorkItemRequest { id: lacking.id };
    let lacking = house.lead().await.get_work_item(request).await.unwrap().into_inner();
    let asked = lacking.work_item.unwrap().evidence;
    let documentation = DocumentationQuality {
        present_standards: asked.into_iter().map(|it| it.standard).collect(),
        source_at: Some(prost_types::Timestamp { seconds: 100, nanos: 0 }),
        ..DocumentationQuality::default()
    };
    let known = ClaimContext {
        patient_control_number: "WHOLE".to_owned(),
        payer_id: house.group.payer_id.clone(),
        documentation: Some(documentation),
        ..ClaimContext::default()
    };
    let request = UpsertClaimContextRequest { claim_context: Some(known), request_id: id() };
    house.billing().await.upsert_claim_context(request).await.unwrap();
    let whole = house.asked("WHOLE", 12_00).await;
    assert_eq!(whole.evidence_missing_count, 0);
    assert_eq!(house.read(&made.id).await.acted_count, 1);
}

#[tokio::test]
async fn a_rule_waits_for_the_payer_once_and_people_look_after_it_then() {
    let world = World::new().await;
    let house = for_action(&world, "wait", |entry| bare(entry, "wait")).await;
    let made = house.acting(rule_for(NextAction::Wait)).await;
    let item = house.denied("A1", "29", 12_00).await;
    house.denied("LARGE", "29", 20_01).await;
    house.hour().await;
    let waits = house.item("A1").await;
    assert_eq!((waits.state(), waits.waiting_for()), (WorkItemState::Waiting, WaitingFor::Payer));
    assert_eq!(house.state("LARGE").await, WorkItemState::Open, "it is above the ceiling");
    let [line] = house.lines(&item, "work_item.put_aside").await.try_into().unwrap();
    assert_eq!(line.actor, ACTOR);
    assert!(line.words.contains("until 06/29/2026: it waits for the payer: by"), "{}", line.words);
    let [heard] = house.heard(&item, "work_item.put_aside").await.try_into().unwrap();
    assert_eq!((&heard["rule"], &heard["documents"]), (&json!(made.id), &json!([])));
    world.clock().advance(TimeDelta::days(15));
    world.app().run_due().await.unwrap();
    house.hour().await;
    assert_eq!(house.state("A1").await, WorkItemState::Open, "then it is a person's");
    assert_eq!(house.read(&made.id).await.acted_count, 1);
}
