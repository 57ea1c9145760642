//! Items and a queue in the states that calls of work begin from.

use contracts::access::v1::Role;
use contracts::google::r#type::Date;
use contracts::routing::v1::*;
use prost_types::FieldMask;

use super::{Sample, sample as any};
use crate::fixtures::{Line, Remittance};
use crate::group::Group;
use crate::world::{World, id};

/// What work begins from; the user with every role holds what is held.
#[derive(Clone, Debug)]
pub struct Work {
    /// The queue of all of it.
    pub queue: Queue,
    /// Waits in its queue.
    pub open: WorkItem,
    /// Waits in its queue.
    pub to_hand_over: WorkItem,
    /// Waits in its queue.
    pub to_put_aside: WorkItem,
    /// Held.
    pub held: Lease,
    /// Held.
    pub to_release: Lease,
    /// A member of the queue who holds nothing.
    pub colleague: String,
    /// Waits in its queue.
    pub to_ask: WorkItem,
    /// Waits in its queue.
    pub to_state: WorkItem,
    /// Its team was asked.
    pub asked: Clarification,
    /// Its team was asked.
    pub to_withdraw: Clarification,
}

/// A queue of all work of a team.
#[must_use]
pub fn queue(slug: &str, team: &str, members: &[&str]) -> Queue {
    let member = |user: &&str| QueueMember {
        user_id: (*user).to_owned(),
        skills: Vec::new(),
        capacity_minutes: 300,
    };
    Queue {
        slug: slug.to_owned(),
        display_name: format!("Queue {slug}"),
        team: team.to_owned(),
        members: members.iter().map(member).collect(),
        ..Queue::default()
    }
}

/// A question about an item.
#[must_use]
pub fn ask(item: &WorkItem, team: &str) -> AskClarificationRequest {
    AskClarificationRequest {
        work_item_id: item.id.clone(),
        to_team: team.to_owned(),
        question: "was it urgent?".to_owned(),
        request_id: id(),
        ..AskClarificationRequest::default()
    }
}

/// A specialist of a queue of the item's team holds it and closes it for `reason`.
pub async fn close(world: &World, group: &Group, item: &WorkItem, reason: &str) {
    let [specialist] = group.people(world, [Role::Specialist]).await;
    let mine = queue("contracts", &item.team, &[&specialist]);
    let request = CreateQueueRequest { queue: Some(mine), request_id: id() };
    let lead = group.token(world, Role::TeamLead).await;
    world.routing(&lead).create_queue(request).await.unwrap();
    let mut specialist = world.routing(&group.token(world, Role::Specialist).await);
    let request =
        ClaimWorkItemRequest { id: item.id.clone(), request_id: id(), ..Default::default() };
    let held = specialist.claim_work_item(request).await.unwrap().into_inner();
    let request = ResolveWorkItemRequest {
        fencing_number: held.lease.unwrap().fencing_number,
        kind: ResolutionKind::Closed.into(),
        reason: reason.to_owned(),
        id: item.id.clone(),
        etag: held.work_item.unwrap().etag,
        request_id: id(),
        ..ResolveWorkItemRequest::default()
    };
    specialist.resolve_work_item(request).await.unwrap();
}

impl Work {
    /// Gives `group` a queue and an item for each call.
    pub async fn of(world: &World, group: &Group) -> Self {
        let mut remittance = Remittance::to(&group.npi, "20260609").traced("WORK");
        let adjustments = [("CO", "197", 60_00)];
        let line = Line { charge: 60_00, paid: 0, adjustments: &adjustments, remarks: &[] };
        for at in 0..10 {
            remittance = remittance.claim(&format!("WORK{at}"), "DOE", &[line]);
        }
        group.upload(world, &remittance.x12()).await;
        let token = group.everyone(world).await;
        let mut routing = world.routing(&token);
        let mut items = Vec::new();
        for at in 0..10 {
            let filter = format!("patient_control_number = \"WORK{at}\"");
            let request = ListWorkItemsRequest { filter, ..ListWorkItemsRequest::default() };
            let listed = routing.list_work_items(request).await.unwrap().into_inner();
            items.push(listed.work_items[0].clone());
        }
        let [everyone, colleague] =
            group.people(world, [Role::Unspecified, Role::Specialist]).await;
        let queue = queue("all-of-it", &items[0].team, &[&everyone, &colleague]);
        let request = CreateQueueRequest { queue: Some(queue), request_id: id() };
        let queue = routing.create_queue(request).await.unwrap().into_inner().queue.unwrap();
        let mut leases = Vec::new();
        for item in &items[..2] {
            let request = ClaimWorkItemRequest {
                id: item.id.clone(),
                request_id: id(),
                ..ClaimWorkItemRequest::default()
            };
            let claimed = routing.claim_work_item(request).await.unwrap().into_inner();
            leases.push(claimed.lease.unwrap());
        }
        let mut asked = Vec::new();
        for item in &items[6..8] {
            let question = ask(item, &queue.team);
            let answer = routing.ask_clarification(question).await.unwrap().into_inner();
            asked.push(answer.clarification.unwrap());
        }
        Self {
            to_ask: items[8].clone(),
            to_state: items[9].clone(),
            asked: asked[0].clone(),
            to_withdraw: asked[1].clone(),
            queue,
            open: items[2].clone(),
            to_hand_over: items[3].clone(),
            to_put_aside: items[4].clone(),
            held: leases[0].clone(),
            to_release: leases[1].clone(),
            colleague,
        }
    }

    /// The same with ids that nobody has.
    #[must_use]
    pub fn missing(&self) -> Self {
        let item = |item: &WorkItem| WorkItem { id: id(), ..item.clone() };
        let lease = |lease: &Lease| Lease { work_item_id: id(), ..lease.clone() };
        Self {
            queue: Queue { id: id(), ..self.queue.clone() },
            open: item(&self.open),
            to_hand_over: item(&self.to_hand_over),
            to_put_aside: item(&self.to_put_aside),
            held: lease(&self.held),
            to_release: lease(&self.to_release),
            colleague: self.colleague.clone(),
            to_ask: item(&self.to_ask),
            to_state: item(&self.to_state),
            asked: Clarification { id: id(), ..self.asked.clone() },
            to_withdraw: Clarification { id: id(), ..self.to_withdraw.clone() },
        }
    }

    /// A sample of every call about questions.
    pub(super) fn questions(&self) -> Vec<Sample> {
        let service = "Routing";
        let answer = AnswerClarificationRequest {
            id: self.asked.id.clone(),
            answer: "it was scheduled as urgent".to_owned(),
            etag: self.asked.etag.clone(),
            request_id: id(),
        };
        let withdraw = SettleClarificationRequest {
            id: self.to_withdraw.id.clone(),
            state: ClarificationState::Withdrawn.into(),
            reason: "found it myself".to_owned(),
            etag: self.to_withdraw.etag.clone(),
            request_id: id(),
        };
        let asked = ListClarificationsRequest::default();
        let bulk = ApplyInBulkRequest {
            filter: "team = \"nobody\"".to_owned(),
            action: BulkAction::Assign.into(),
            user_id: self.colleague.clone(),
            reason: "knows this payer".to_owned(),
            request_id: id(),
            ..ApplyInBulkRequest::default()
        };
        vec![
            any(service, "AskClarification", &ask(&self.to_ask, &self.queue.team), true),
            any(service, "AnswerClarification", &answer, true),
            any(service, "SettleClarification", &withdraw, true),
            any(service, "ListClarifications", &asked, false),
            any(service, "ApplyInBulk", &bulk, false),
        ]
    }

    /// A sample of every call of work.
    pub(super) fn samples(&self) -> Vec<Sample> {
        let service = "Routing";
        let fresh = format!("q{}", &id().replace('-', "")[20..]);
        let create = CreateQueueRequest {
            queue: Some(queue(&fresh, &fresh, &[&self.colleague])),
            request_id: id(),
        };
        let update = UpdateQueueRequest {
            queue: Some(Queue { display_name: "Renamed".to_owned(), ..self.queue.clone() }),
            update_mask: Some(FieldMask { paths: vec!["display_name".to_owned()] }),
            request_id: id(),
        };
        let claim =
            ClaimWorkItemRequest { id: self.open.id.clone(), whole_case: true, request_id: id() };
        let next = ClaimNextWorkItemRequest { queue_id: self.queue.id.clone(), request_id: id() };
        let watch = WatchQueueRequest {
            queue_id: self.queue.id.clone(),
            stop_at_end: true,
            ..WatchQueueRequest::default()
        };
        let heartbeat = HeartbeatWorkItemRequest {
            id: self.held.work_item_id.clone(),
            fencing_number: self.held.fencing_number,
        };
        let release = ReleaseWorkItemRequest {
            id: self.to_release.work_item_id.clone(),
            fencing_number: self.to_release.fencing_number,
            request_id: id(),
            ..ReleaseWorkItemRequest::default()
        };
        let hand_over = HandOverWorkItemRequest {
            id: self.to_hand_over.id.clone(),
            user_id: self.colleague.clone(),
            reason: "knows this payer".to_owned(),
            etag: self.to_hand_over.etag.clone(),
            request_id: id(),
            ..HandOverWorkItemRequest::default()
        };
        let follow_up = SetFollowUpRequest {
            id: self.to_put_aside.id.clone(),
            waiting_for: WaitingFor::Payer.into(),
            follow_up_on: Some(Date { year: 2026, month: 6, day: 20 }),
            etag: self.to_put_aside.etag.clone(),
            request_id: id(),
        };
        let note = AddNoteRequest {
            work_item_id: self.open.id.clone(),
            text: "called the payer".to_owned(),
            request_id: id(),
        };
        let timeline = ListTimelineRequest {
            work_item_id: self.held.work_item_id.clone(),
            ..ListTimelineRequest::default()
        };
        vec![
            any(service, "CreateQueue", &create, false),
            any(service, "GetQueue", &GetQueueRequest { id: self.queue.id.clone() }, true),
            any(service, "ListQueues", &ListQueuesRequest::default(), false),
            any(service, "UpdateQueue", &update, true),
            any(service, "WatchQueue", &watch, true),
            any(service, "GetForecast", &GetForecastRequest::default(), false),
            any(service, "ClaimNextWorkItem", &next, true),
            any(service, "ClaimWorkItem", &claim, true),
            any(service, "HeartbeatWorkItem", &heartbeat, true),
            any(service, "ReleaseWorkItem", &release, true),
            any(service, "HandOverWorkItem", &hand_over, true),
            any(service, "SetFollowUp", &follow_up, true),
            any(service, "AddNote", &note, true),
            any(service, "ListTimeline", &timeline, true),
        ]
    }
}
