use chrono::TimeDelta;
use contracts::access::v1::Role;
use contracts::google::r#type::Date;
use contracts::routing::v1::*;
use futures::TryStreamExt;
use prost_types::FieldMask;
use tests::samples::work::queue;
use tests::{Group, Line, NewGroup, Remittance, World, id, reason, refusal};
use tonic::{Code, Status};
use tonic_types::StatusExt;

const NPI: &str = "1234567893";

/// A group with three denials of one team, a lead, and two specialists of its queue.
struct Floor {
    world: World,
    group: Group,
    queue: Queue,
    specialist: String,
    everyone: String,
}

impl Floor {
    async fn new() -> Self {
        let world = World::new().await;
        let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
        let mut remittance = Remittance::to(NPI, "20260610");
        for (number, cents) in [("SMALL", 90_00), ("LARGE", 9_000_00), ("MIDDLE", 900_00)] {
            let adjustments = [("CO", "197", cents)];
            let line = Line { charge: cents, paid: 0, adjustments: &adjustments, remarks: &[] };
            remittance = remittance.claim(number, "DOE", &[line]);
        }
        group.upload(&world, &remittance.x12()).await;
        let [specialist, everyone] =
            group.people(&world, [Role::Specialist, Role::Unspecified]).await;
        let mut floor = Self { world, group, queue: Queue::default(), specialist, everyone };
        let team = floor.items().await[0].team.clone();
        let members = [floor.specialist.as_str(), &floor.everyone];
        floor.queue = floor.create(queue("authorizations", &team, &members)).await.unwrap();
        floor
    }

    async fn routing(
        &self,
        role: Role,
    ) -> routing_service_client::RoutingServiceClient<overturn::Door> {
        let token = match role {
            Role::Unspecified => self.group.everyone(&self.world).await,
            role => self.group.token(&self.world, role).await,
        };
        self.world.routing(&token)
    }

    async fn create(&self, queue: Queue) -> Result<Queue, Status> {
        let request = CreateQueueRequest { queue: Some(queue), request_id: id() };
        let created = self.routing(Role::TeamLead).await.create_queue(request).await?;
        Ok(created.into_inner().queue.unwrap())
    }

    async fn items(&self) -> Vec<WorkItem> {
        let mut routing = self.routing(Role::Specialist).await;
        let listed = routing.list_work_items(ListWorkItemsRequest::default()).await.unwrap();
        listed.into_inner().work_items
    }

    async fn item(&self, number: &str) -> WorkItem {
        let items = self.items().await;
        items.into_iter().find(|item| item.patient_control_number == number).unwrap()
    }

    async fn next(&self, role: Role) -> Result<ClaimNextWorkItemResponse, Status> {
        let request = ClaimNextWorkItemRequest { queue_id: String::new(), request_id: id() };
        let answer = self.routing(role).await.claim_next_work_item(request).await?;
        Ok(answer.into_inner())
    }

    async fn claim(&self, role: Role, item: &WorkItem) -> Result<Lease, Status> {
        let request = ClaimWorkItemRequest {
            id: item.id.clone(),
            request_id: id(),
            ..ClaimWorkItemRequest::default()
        };
        let answer = self.routing(role).await.claim_work_item(request).await?;
        Ok(answer.into_inner().lease.unwrap())
    }

    async fn heartbeat(&self, role: Role, lease: &Lease) -> Result<Lease, Status> {
        let request = HeartbeatWorkItemRequest {
            id: lease.work_item_id.clone(),
            fencing_number: lease.fencing_number,
        };
        let answer = self.routing(role).await.heartbeat_work_item(request).await?;
        Ok(answer.into_inner().lease.unwrap())
    }

    async fn release(
        &self,
        role: Role,
        item: &str,
        number: i64,
        reason: &str,
    ) -> Result<WorkItem, Status> {
        let request = ReleaseWorkItemRequest {
            id: item.to_owned(),
            fencing_number: number,
            reason: reason.to_owned(),
            request_id: id(),
        };
        let answer = self.routing(role).await.release_work_item(request).await?;
        Ok(answer.into_inner().work_item.unwrap())
    }

    async fn hand_over(
        &self,
        role: Role,
        item: &WorkItem,
        user: &str,
        team: &str,
    ) -> Result<WorkItem, Status> {
        let request = HandOverWorkItemRequest {
            id: item.id.clone(),
            user_id: user.to_owned(),
            team: team.to_owned(),
            reason: "knows this payer".to_owned(),
            etag: item.etag.clone(),
            request_id: id(),
        };
        let answer = self.routing(role).await.hand_over_work_item(request).await?;
        Ok(answer.into_inner().work_item.unwrap())
    }

    async fn put_aside(&self, role: Role, item: &WorkItem, day: Date) -> Result<WorkItem, Status> {
        let request = SetFollowUpRequest {
            id: item.id.clone(),
            waiting_for: WaitingFor::Payer.into(),
            follow_up_on: Some(day),
            etag: item.etag.clone(),
            request_id: id(),
        };
        let answer = self.routing(role).await.set_follow_up(request).await?;
        Ok(answer.into_inner().work_item.unwrap())
    }

    async fn timeline(&self, item: &str) -> Vec<TimelineItem> {
        let request =
            ListTimelineRequest { work_item_id: item.to_owned(), ..ListTimelineRequest::default() };
        let answer = self.routing(Role::Auditor).await.list_timeline(request).await.unwrap();
        answer.into_inner().timeline_items
    }
}

#[tokio::test]
async fn the_most_urgent_item_is_next_and_nobody_else_gets_it() {
    let floor = Floor::new().await;
    let waiting = floor.queue.clone();
    assert_eq!((waiting.open_count, waiting.at_stake.unwrap().amount_cents), (3, 9_990_00));
    assert!(waiting.earliest_due_on.is_some());
    let first = floor.next(Role::Specialist).await.unwrap();
    let item = first.work_item.unwrap();
    assert_eq!(item.patient_control_number, "LARGE");
    assert_eq!(
        (item.state(), item.holder.as_str()),
        (WorkItemState::Claimed, floor.specialist.as_str())
    );
    let second = floor.next(Role::Unspecified).await.unwrap();
    assert_eq!(second.work_item.unwrap().patient_control_number, "MIDDLE");
    let taken = floor.claim(Role::Unspecified, &item).await.unwrap_err();
    assert_eq!(refusal(&taken), reason(Code::FailedPrecondition, "HELD_BY_ANOTHER"));
    floor.next(Role::Unspecified).await.unwrap();
    let empty = floor.next(Role::Specialist).await.unwrap_err();
    assert_eq!(refusal(&empty), reason(Code::NotFound, "QUEUE_EMPTY"));
    let request = GetQueueRequest { id: "authorizations".to_owned() };
    let queue = floor.routing(Role::Analyst).await.get_queue(request).await.unwrap().into_inner();
    assert_eq!(queue.queue.unwrap().open_count, 0);
}

#[tokio::test]
async fn a_request_that_is_sent_again_takes_one_item() {
    let floor = Floor::new().await;
    let request = ClaimNextWorkItemRequest { queue_id: floor.queue.id.clone(), request_id: id() };
    let mut routing = floor.routing(Role::Specialist).await;
    let once = routing.claim_next_work_item(request.clone()).await.unwrap().into_inner();
    let again = routing.claim_next_work_item(request).await.unwrap().into_inner();
    assert_eq!(once, again);
    let held = floor.items().await.iter().filter(|item| !item.holder.is_empty()).count();
    assert_eq!(held, 1);
}

#[tokio::test]
async fn a_lease_that_ran_out_is_lost_and_its_number_writes_nothing_more() {
    let floor = Floor::new().await;
    let item = floor.item("LARGE").await;
    let first = floor.claim(Role::Specialist, &item).await.unwrap();
    floor.world.clock().advance(TimeDelta::minutes(10));
    let longer = floor.heartbeat(Role::Specialist, &first).await.unwrap();
    assert!(longer.expires_at.unwrap().seconds > first.expires_at.unwrap().seconds);
    let stranger = floor.heartbeat(Role::Unspecified, &first).await.unwrap_err();
    assert_eq!(refusal(&stranger), reason(Code::FailedPrecondition, "HELD_BY_ANOTHER"));
    floor.world.clock().advance(TimeDelta::minutes(14));
    floor.world.app().run_due().await.unwrap();
    assert_eq!(floor.item("LARGE").await.state(), WorkItemState::Claimed, "never early");
    floor.world.clock().advance(TimeDelta::minutes(2));
    floor.world.app().run_due().await.unwrap();
    assert_eq!(floor.item("LARGE").await.state(), WorkItemState::Open);
    let second = floor.claim(Role::Unspecified, &item).await.unwrap();
    assert!(second.fencing_number > first.fencing_number);
    let late = floor.heartbeat(Role::Specialist, &first).await.unwrap_err();
    assert_eq!(refusal(&late), reason(Code::Aborted, "LEASE_LOST"));
    let late = floor.release(Role::Specialist, &item.id, first.fencing_number, "").await;
    assert_eq!(refusal(&late.unwrap_err()), reason(Code::Aborted, "LEASE_LOST"));
    let told: Vec<String> =
        floor.timeline(&item.id).await.into_iter().map(|line| line.r#type).collect();
    let all = ["work_item.claimed", "work_item.lease_lost", "work_item.claimed"];
    assert_eq!(told, all, "the newest first, and no heartbeats");
}

#[tokio::test]
async fn what_is_held_is_given_back_by_its_holder_or_taken_away_by_a_lead_with_a_reason() {
    let floor = Floor::new().await;
    let item = floor.item("LARGE").await;
    let lease = floor.claim(Role::Specialist, &item).await.unwrap();
    let back = floor.release(Role::Specialist, &item.id, lease.fencing_number, "").await.unwrap();
    assert_eq!((back.state(), back.holder.as_str()), (WorkItemState::Open, ""));
    floor.claim(Role::Specialist, &item).await.unwrap();
    let silent = floor.release(Role::TeamLead, &item.id, 0, "").await.unwrap_err();
    assert_eq!(silent.code(), Code::InvalidArgument);
    let away = floor.release(Role::TeamLead, &item.id, 0, "on vacation").await.unwrap();
    assert_eq!(away.state(), WorkItemState::Open);
    let twice = floor.release(Role::TeamLead, &item.id, 0, "on vacation").await.unwrap_err();
    assert_eq!(refusal(&twice), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
    let told = floor.timeline(&item.id).await;
    assert!(told[0].words.contains("on vacation"), "{told:?}");

    // What people write is on the timeline and in no event.
    let note = AddNoteRequest {
        work_item_id: item.id.clone(),
        text: "SECRETNOTE".to_owned(),
        request_id: id(),
    };
    let note = floor.routing(Role::Specialist).await.add_note(note).await.unwrap().into_inner();
    let note = note.timeline_item.unwrap();
    assert_eq!((note.r#type.as_str(), note.actor.as_str()), ("note", floor.specialist.as_str()));
    assert_eq!(floor.timeline(&item.id).await[0], note);
    let request = WatchEventsRequest { stop_at_end: true, ..WatchEventsRequest::default() };
    let events = floor.routing(Role::Partner).await.watch_events(request).await.unwrap();
    let events: Vec<WatchEventsResponse> = events.into_inner().try_collect().await.unwrap();
    let text = format!("{events:?}");
    assert!(text.contains("work_item.taken_away") && text.contains("queue.created"));
    assert!(!text.contains("SECRETNOTE") && !text.contains("on vacation"));
}

#[tokio::test]
async fn a_hand_over_keeps_the_item_for_its_person_or_moves_it_to_a_team() {
    let floor = Floor::new().await;
    let item = floor.item("LARGE").await;
    let [auditor] = floor.group.people(&floor.world, [Role::Auditor]).await;
    let stranger = floor.hand_over(Role::TeamLead, &item, &auditor, "").await.unwrap_err();
    assert_eq!(refusal(&stranger), reason(Code::FailedPrecondition, "NOT_OF_THIS_QUEUE"));
    let both = floor.hand_over(Role::TeamLead, &item, &auditor, "coding").await.unwrap_err();
    assert_eq!(both.code(), Code::InvalidArgument);
    let kept = floor.hand_over(Role::TeamLead, &item, &floor.everyone, "").await.unwrap();
    assert_eq!(kept.state(), WorkItemState::Open);
    let next = floor.next(Role::Specialist).await.unwrap().work_item.unwrap();
    assert_eq!(next.patient_control_number, "MIDDLE", "the first one is kept for a colleague");
    let kept = floor.claim(Role::Specialist, &item).await.unwrap_err();
    assert_eq!(refusal(&kept), reason(Code::FailedPrecondition, "HELD_BY_ANOTHER"));
    let stale = floor.hand_over(Role::TeamLead, &item, "", "coding").await.unwrap_err();
    assert_eq!(refusal(&stale), reason(Code::Aborted, "STALE_ETAG"));
    let item = floor.item("LARGE").await;
    let nowhere = floor.hand_over(Role::TeamLead, &item, "", "coding").await.unwrap_err();
    assert_eq!(refusal(&nowhere), reason(Code::FailedPrecondition, "NOT_OF_THIS_QUEUE"));
    floor.create(queue("coding", "coding", &[&floor.everyone])).await.unwrap();
    let moved = floor.hand_over(Role::TeamLead, &item, "", "coding").await.unwrap();
    assert_eq!(moved.team, "coding");
    let gone = floor.claim(Role::Specialist, &item).await.unwrap_err();
    assert_eq!(refusal(&gone), reason(Code::FailedPrecondition, "NOT_OF_THIS_QUEUE"));
    assert_eq!(floor.item("LARGE").await.team, "coding");
}

#[tokio::test]
async fn what_is_put_aside_is_open_again_on_its_day_and_never_after_its_deadline() {
    let floor = Floor::new().await;
    let item = floor.item("LARGE").await;
    let lease = floor.claim(Role::Specialist, &item).await.unwrap();
    let item = floor.item("LARGE").await;
    let never = Date { year: 2099, month: 1, day: 1 };
    let late = floor.put_aside(Role::Specialist, &item, never).await.unwrap_err();
    assert_eq!(refusal(&late), reason(Code::FailedPrecondition, "FOLLOW_UP_TOO_LATE"));
    let today = Date { year: 2026, month: 6, day: 15 };
    let today = floor.put_aside(Role::Specialist, &item, today).await.unwrap_err();
    assert_eq!(refusal(&today), reason(Code::FailedPrecondition, "FOLLOW_UP_NOT_LATER"));
    let day = Date { year: 2026, month: 6, day: 18 };
    let aside = floor.put_aside(Role::Specialist, &item, day).await.unwrap();
    assert_eq!((aside.state(), aside.waiting_for()), (WorkItemState::Waiting, WaitingFor::Payer));
    assert_eq!((aside.follow_up_on, aside.holder.as_str()), (Some(day), ""));
    let lost = floor.heartbeat(Role::Specialist, &lease).await.unwrap_err();
    assert_eq!(refusal(&lost), reason(Code::Aborted, "LEASE_LOST"));

    // Noon in UTC; New York's 18th begins at four in the morning.
    floor.world.clock().advance(TimeDelta::hours(2 * 24 + 15));
    floor.world.app().run_due().await.unwrap();
    assert_eq!(floor.item("LARGE").await.state(), WorkItemState::Waiting, "never early");
    floor.world.clock().advance(TimeDelta::hours(2));
    floor.world.app().run_due().await.unwrap();
    assert_eq!(floor.item("LARGE").await.state(), WorkItemState::Open);
    let others = floor.next(Role::Unspecified).await.unwrap().work_item.unwrap();
    assert_eq!(others.patient_control_number, "MIDDLE", "it is kept for who put it aside");
    let own = floor.next(Role::Specialist).await.unwrap().work_item.unwrap();
    assert_eq!(own.patient_control_number, "LARGE");
}

#[tokio::test]
async fn the_most_specific_queue_has_the_item_and_queues_that_contradict_are_refused() {
    let floor = Floor::new().await;
    let team = floor.queue.team.clone();
    let narrow = Queue {
        payer_ids: vec![floor.group.payer_id.clone()],
        ..queue("sample-plan", &team, &[&floor.everyone])
    };
    let narrow = floor.create(narrow).await.unwrap();
    assert_eq!(narrow.open_count, 3);
    let request = ListQueuesRequest { filter: "member = \"me\"".to_owned(), ..Default::default() };
    let mine = floor.routing(Role::Specialist).await.list_queues(request).await.unwrap();
    let [mine] = <[Queue; 1]>::try_from(mine.into_inner().queues).unwrap();
    assert_eq!((mine.slug.as_str(), mine.open_count), ("authorizations", 0));
    let empty = floor.next(Role::Specialist).await.unwrap_err();
    assert_eq!(refusal(&empty), reason(Code::NotFound, "QUEUE_EMPTY"));
    floor.next(Role::Unspecified).await.unwrap();

    let same = queue("again", &team, &[&floor.everyone]);
    let same = floor.create(same).await.unwrap_err();
    assert_eq!(refusal(&same), reason(Code::InvalidArgument, "QUEUES_CONTRADICT"));
    assert!(!same.get_details_bad_request().unwrap().field_violations.is_empty());
    let taken = floor.create(queue("authorizations", "coding", &[&floor.everyone])).await;
    assert_eq!(refusal(&taken.unwrap_err()), reason(Code::AlreadyExists, "SLUG_TAKEN"));
    let nobody = floor.create(queue("nobody", "coding", &[])).await.unwrap_err();
    assert_eq!(refusal(&nobody), reason(Code::InvalidArgument, "QUEUES_CONTRADICT"));

    // A skill that the member lacks, then has.
    let update = |queue: Queue, path: &str| UpdateQueueRequest {
        queue: Some(queue),
        update_mask: Some(FieldMask { paths: vec![path.to_owned()] }),
        request_id: id(),
    };
    let mut lead = floor.routing(Role::TeamLead).await;
    let mut skilled = narrow.clone();
    skilled.members[0].skills = vec!["authorization".to_owned()];
    let skilled = lead.update_queue(update(skilled, "members")).await.unwrap().into_inner();
    let mut skilled = skilled.queue.unwrap();
    skilled.skill = "authorization".to_owned();
    let skilled = lead.update_queue(update(skilled, "skill")).await.unwrap().into_inner();
    assert_eq!(skilled.queue.unwrap().skill, "authorization");
    let stale = lead.update_queue(update(narrow, "skill")).await.unwrap_err();
    assert_eq!(refusal(&stale), reason(Code::Aborted, "STALE_ETAG"));
}

#[tokio::test]
async fn the_items_of_a_claim_are_taken_together() {
    let floor = Floor::new().await;
    let lines = [("CO", "197", 300_00)];
    let other = [("CO", "29", 200_00)];
    let line = |adjustments| Line { charge: 300_00, paid: 0, adjustments, remarks: &[] };
    let remittance = Remittance::to(NPI, "20260611").traced("TWO").claim(
        "TWICE",
        "DOE",
        &[line(&lines), line(&other)],
    );
    floor.group.upload(&floor.world, &remittance.x12()).await;
    let items: Vec<WorkItem> = floor
        .items()
        .await
        .into_iter()
        .filter(|item| item.patient_control_number == "TWICE")
        .collect();
    assert!(items.len() > 1, "{items:?}");
    let request =
        ClaimWorkItemRequest { id: items[0].id.clone(), whole_case: true, request_id: id() };
    let mut lead = floor.routing(Role::TeamLead).await;
    let taken = lead.claim_work_item(request).await.unwrap().into_inner();
    assert_eq!(taken.case_leases.len(), items.len() - 1);
    let held = floor.items().await;
    let held = held.iter().filter(|item| item.patient_control_number == "TWICE");
    assert!(held.into_iter().all(|item| item.state() == WorkItemState::Claimed));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_who_ask_at_once_get_different_items() {
    let floor = Floor::new().await;
    let lines = [("CO", "197", 50_00)];
    let line = Line { charge: 50_00, paid: 0, adjustments: &lines, remarks: &[] };
    let many = (0..37).fold(Remittance::to(NPI, "20260611").traced("MANY"), |all, at| {
        all.claim(&format!("M{at}"), "DOE", &[line])
    });
    floor.group.upload(&floor.world, &many.x12()).await;
    let mut workers = tokio::task::JoinSet::new();
    for at in 0..16 {
        let role = if at % 2 == 0 { Role::Specialist } else { Role::Unspecified };
        let mut routing = floor.routing(role).await;
        workers.spawn(async move {
            let mut taken = Vec::new();
            loop {
                let request =
                    ClaimNextWorkItemRequest { queue_id: String::new(), request_id: id() };
                match routing.claim_next_work_item(request).await {
                    Ok(answer) => taken.push(answer.into_inner().lease.unwrap()),
                    Err(status) if status.code() == Code::NotFound => return taken,
                    Err(status) if status.code() == Code::Aborted => {}
                    Err(status) => panic!("{status}"),
                }
            }
        });
    }
    let leases: Vec<Lease> = workers.join_all().await.into_iter().flatten().collect();
    let items: std::collections::BTreeSet<&str> =
        leases.iter().map(|lease| lease.work_item_id.as_str()).collect();
    assert_eq!((leases.len(), items.len()), (40, 40), "nothing is leased twice");
    assert!(leases.iter().all(|lease| lease.fencing_number == 1));
}

#[tokio::test]
async fn a_queue_is_watched_by_what_happens_to_its_items() {
    let floor = Floor::new().await;
    let item = floor.item("LARGE").await;
    let lease = floor.claim(Role::Specialist, &item).await.unwrap();
    floor.release(Role::Specialist, &item.id, lease.fencing_number, "").await.unwrap();
    let mut lead = floor.routing(Role::TeamLead).await;
    let mut read = async |queue_id: &str, after_seq: i64| {
        let queue_id = queue_id.to_owned();
        let request = WatchQueueRequest { queue_id, after_seq, stop_at_end: true };
        let stream = lead.watch_queue(request).await?.into_inner();
        let events: Vec<WatchQueueResponse> = stream.try_collect().await?;
        Ok::<_, Status>(events.into_iter().map(|answer| answer.event.unwrap()).collect::<Vec<_>>())
    };
    let all = read(&floor.queue.id, 0).await.unwrap();
    let of_item: Vec<&str> = all
        .iter()
        .filter(|event| event.subject == item.id)
        .map(|event| event.r#type.as_str())
        .collect();
    assert_eq!(of_item, ["work_item.opened", "work_item.claimed", "work_item.released"]);
    assert!(all.iter().all(|event| event.r#type.starts_with("work_item.")));
    let after = all[all.len() - 2].seq;
    assert_eq!(read("authorizations", after).await.unwrap(), all[all.len() - 1..]);
    let nobody = read("nowhere", 0).await.unwrap_err();
    assert_eq!(nobody.code(), Code::NotFound);
}
