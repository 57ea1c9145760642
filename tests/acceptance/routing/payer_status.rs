//! What payers say of claims between claim and remittance, and what it does to work.

mod adjudicated;
mod follow_up;

use chrono::{Datelike, NaiveDate, TimeDelta};
use contracts::access::v1::Role;
use contracts::dictionary::v1::{ExceptionKind, NextAction};
use contracts::google::r#type::Date;
use contracts::routing::v1::*;
use futures::TryStreamExt;
use tests::samples::work::queue;
use tests::{Group, Line, NewGroup, Remittance, World, fields, id, refusal};
use tonic::{Code, Status};

use PayerStatusOutcome as Outcome;
use PayerStatusSource as Source;

const NPI: &str = "1234567893";

struct House {
    world: World,
    group: Group,
}

type Routing = routing_service_client::RoutingServiceClient<overturn::Door>;

impl House {
    async fn new() -> Self {
        let world = World::new().await;
        let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
        Self { world, group }
    }

    async fn as_a(&self, role: Role) -> Routing {
        let token = self.group.token(&self.world, role).await;
        self.world.routing(&token)
    }

    /// What a 277 says of a claim so many minutes after eleven of the first day.
    fn coded(&self, number: &str, category: &str, minutes: i64) -> PayerStatus {
        let at = World::noon() + TimeDelta::minutes(minutes - 60);
        PayerStatus {
            patient_control_number: number.to_owned(),
            payer_id: self.group.payer_id.clone(),
            source: Source::X277.into(),
            category_code: category.to_owned(),
            status_code: "21".to_owned(),
            note: "SECRET WORDS".to_owned(),
            stated_at: Some(prost_types::Timestamp { seconds: at.timestamp(), nanos: 0 }),
            ..PayerStatus::default()
        }
    }

    async fn record(&self, status: PayerStatus) -> Result<RecordPayerStatusResponse, Status> {
        let request = RecordPayerStatusRequest { payer_status: Some(status), request_id: id() };
        Ok(self.as_a(Role::Specialist).await.record_payer_status(request).await?.into_inner())
    }

    async fn said(&self, number: &str, category: &str, minutes: i64) -> RecordPayerStatusResponse {
        self.record(self.coded(number, category, minutes)).await.unwrap()
    }

    async fn refuse(&self, number: &str) {
        let refused = [("CO", "197", 900_00)];
        let line = Line { charge: 900_00, paid: 0, adjustments: &refused, remarks: &[] };
        let remittance = Remittance::to(NPI, "20260610").claim(number, "DOE", &[line]);
        self.group.upload(&self.world, &remittance.x12()).await;
    }

    async fn items(&self, number: &str) -> Vec<WorkItem> {
        let filter = format!("patient_control_number = \"{number}\"");
        let order_by = "created_at desc".to_owned();
        let request = ListWorkItemsRequest { filter, order_by, ..Default::default() };
        let listed = self.as_a(Role::Specialist).await.list_work_items(request).await.unwrap();
        listed.into_inner().work_items
    }

    async fn get(&self, id: &str) -> WorkItem {
        let request = GetWorkItemRequest { id: id.to_owned() };
        let read = self.as_a(Role::Specialist).await.get_work_item(request).await.unwrap();
        read.into_inner().work_item.unwrap()
    }

    /// The item of a claim that was refused, put aside for the payer until so many days from now.
    async fn waiting(&self, number: &str, waiting_for: WaitingFor, days: i64) -> WorkItem {
        self.refuse(number).await;
        let item = self.items(number).await.remove(0);
        let [specialist] = self.group.people(&self.world, [Role::Specialist]).await;
        let mut lead = self.as_a(Role::TeamLead).await;
        let mine = Some(queue("mine", &item.team, &[&specialist]));
        // One queue is enough for all of a team.
        let _ = lead.create_queue(CreateQueueRequest { queue: mine, request_id: id() }).await;
        let day = self.world.clock().now().date_naive() + TimeDelta::days(days);
        let request = SetFollowUpRequest {
            id: item.id.clone(),
            waiting_for: waiting_for.into(),
            follow_up_on: Some(date(day)),
            etag: item.etag,
            request_id: id(),
        };
        let item = self.as_a(Role::Specialist).await.set_follow_up(request).await.unwrap();
        let item = item.into_inner().work_item.unwrap();
        assert_eq!(item.state(), WorkItemState::Waiting);
        item
    }

    async fn words(&self, item: &str) -> Vec<String> {
        let request =
            ListTimelineRequest { work_item_id: item.to_owned(), ..ListTimelineRequest::default() };
        let lines = self.as_a(Role::Specialist).await.list_timeline(request).await.unwrap();
        lines.into_inner().timeline_items.into_iter().map(|line| line.words).collect()
    }

    async fn told(&self, kind: &str) -> Vec<String> {
        let request = WatchEventsRequest { stop_at_end: true, ..WatchEventsRequest::default() };
        let events = self.as_a(Role::Partner).await.watch_events(request).await.unwrap();
        let events: Vec<WatchEventsResponse> = events.into_inner().try_collect().await.unwrap();
        let events = events.into_iter().map(|answer| answer.event.unwrap());
        events.filter(|event| event.r#type == kind).map(|event| event.payload_json).collect()
    }

    async fn list(&self, filter: &str) -> Vec<PayerStatus> {
        let request = ListPayerStatusesRequest { filter: filter.to_owned(), ..Default::default() };
        let listed = self.as_a(Role::Analyst).await.list_payer_statuses(request).await.unwrap();
        listed.into_inner().payer_statuses
    }

    /// Lets days pass and what is due happen.
    async fn pass(&self, days: i64) {
        self.world.clock().advance(TimeDelta::days(days));
        self.world.app().run_due().await.unwrap();
    }
}

fn date(day: NaiveDate) -> Date {
    let small = |of: u32| i32::try_from(of).unwrap();
    Date { year: day.year(), month: small(day.month()), day: small(day.day()) }
}

fn has(lines: &[String], part: &str) -> bool {
    lines.iter().any(|line| line.contains(part))
}

#[tokio::test]
async fn a_rejected_claim_is_one_item_without_an_appeal_also_before_any_remittance() {
    let house = House::new().await;
    let first = house.said(" pcn1 ", "A7", 0).await;
    let status = first.payer_status.unwrap();
    assert_eq!((status.outcome(), status.case_id.as_str()), (Outcome::Rejected, ""));
    assert_eq!(status.patient_control_number, "PCN1");
    let item = house.get(&first.work_item_id).await;
    assert_eq!((item.kind(), item.state()), (WorkItemKind::Rejection, WorkItemState::Open));
    assert_eq!(item.next_action(), NextAction::NewClaim);
    assert!(item.action_words.contains("nothing to appeal"), "{}", item.action_words);
    assert!(!item.team.is_empty() && item.payer_id == house.group.payer_id);
    assert!((item.case_id + &item.claim_occurrence_id).is_empty());
    // Sent again, rejected again: the same item.
    let again = house.said("PCN1", "A3", 5).await;
    assert_eq!(again.work_item_id, "");
    assert_eq!(house.items("PCN1").await.len(), 1);
    let words = house.words(&item.id).await;
    assert_eq!(words.len(), 2, "{words:?}");
    assert!(has(&words, "in a 277: rejected before adjudication (A7:21), stated on 06/15/2026"));
    // Another claim and the same number of a claim of another payer are others.
    assert_ne!(house.said("PCN2", "A3", 5).await.work_item_id, "");
    let resolve = |kind: ResolutionKind, etag: &str| ResolveWorkItemRequest {
        id: item.id.clone(),
        kind: kind.into(),
        etag: etag.to_owned(),
        corrected_claim_number: "PCN1B".to_owned(),
        request_id: id(),
        ..ResolveWorkItemRequest::default()
    };
    let mut lead = house.as_a(Role::TeamLead).await;
    let appealed = lead.resolve_work_item(resolve(ResolutionKind::Appeal, &item.etag)).await;
    let appealed = appealed.unwrap_err();
    assert_eq!(fields(&appealed), ["kind"], "{appealed:?}");
    lead.resolve_work_item(resolve(ResolutionKind::Resubmission, &item.etag)).await.unwrap();
    // Once it is done the next rejection is new work.
    let next = house.said("PCN1", "A3", 9).await;
    assert!(!next.work_item_id.is_empty() && next.work_item_id != item.id);
}

#[tokio::test]
async fn wanted_documents_open_what_waits_or_an_item_of_their_own() {
    let house = House::new().await;
    let waiting = house.waiting("WAITS", WaitingFor::Payer, 20).await;
    let answer = house.said("WAITS", "R4", 0).await;
    assert_eq!(answer.work_item_id, waiting.id);
    assert_eq!(answer.payer_status.unwrap().case_id, waiting.case_id);
    let woken = house.get(&waiting.id).await;
    assert_eq!(woken.state(), WorkItemState::Open);
    assert_ne!(woken.etag, waiting.etag);
    let words = house.words(&waiting.id).await;
    assert!(has(&words, "documents are wanted (R4:21)") && has(&words, "open again"), "{words:?}");
    assert_eq!(house.items("WAITS").await.len(), 1);
    // Open already: people read of it, and nothing is opened.
    let told = house.said("WAITS", "R5", 1).await;
    assert_eq!((told.work_item_id.as_str(), house.items("WAITS").await.len()), ("", 1));
    // What waits for another department goes on waiting; the documents are work of their own.
    let asked = house.waiting("ASKED", WaitingFor::Clarification, 20).await;
    let answer = house.said("ASKED", "P3", 0).await;
    assert_eq!(house.get(&asked.id).await.state(), WorkItemState::Waiting);
    let item = house.get(&answer.work_item_id).await;
    assert_eq!(
        (item.kind(), item.next_action()),
        (WorkItemKind::ClaimStatus, NextAction::SendDocuments,)
    );
    assert_eq!((&item.case_id, &item.facility_id), (&asked.case_id, &asked.facility_id));
    assert_eq!(house.said("ASKED", "R6", 1).await.work_item_id, "");
    // Nothing is known of the claim: the same.
    let none = house.said("NOBODY", "R17", 0).await;
    assert_eq!(house.get(&none.work_item_id).await.next_action(), NextAction::SendDocuments);
    // The payer is done: what it wanted is not wanted any more.
    let done = house.said("NOBODY", "F2", 5).await;
    assert_eq!(done.work_item_id, none.work_item_id);
    assert_eq!(house.get(&none.work_item_id).await.state(), WorkItemState::Resolved);
}

#[tokio::test]
async fn pending_and_final_words_are_told_and_leave_the_item_waiting() {
    let house = House::new().await;
    let waiting = house.waiting("WAITS", WaitingFor::Payer, 20).await;
    for (at, category, outcome, words) in [
        (0, "P1", Outcome::Pending, "a 277: pending (P1:21)"),
        (1, "A2", Outcome::Accepted, "accepted into adjudication (A2:21)"),
        (2, "F1", Outcome::FinalizedPaid, "finalized as paid; its remittance settles it"),
        (3, "F2", Outcome::FinalizedDenied, "finalized as denied; its remittance settles it"),
        (4, "F3N", Outcome::Finalized, "finalized; its remittance settles it"),
    ] {
        let answer = house.said("WAITS", category, at).await;
        assert_eq!(answer.payer_status.unwrap().outcome(), outcome);
        assert_eq!(answer.work_item_id, "");
        assert!(has(&house.words(&waiting.id).await, words), "{words}");
    }
    let after = house.get(&waiting.id).await;
    assert_eq!((after.state(), &after.etag), (WorkItemState::Waiting, &waiting.etag));
    assert_eq!(after.denials[0].state(), DenialState::Open);
    assert_eq!(house.items("WAITS").await.len(), 1);
}

#[tokio::test]
async fn what_nobody_understands_is_one_exception() {
    let house = House::new().await;
    house.refuse("ODD").await;
    let answer = house.said("ODD", "E3", 0).await;
    assert_eq!(answer.payer_status.unwrap().outcome(), Outcome::Unknown);
    let item = house.get(&answer.work_item_id).await;
    assert_eq!(
        (item.kind(), item.exception()),
        (WorkItemKind::Exception, ExceptionKind::UnknownCode,)
    );
    assert_eq!(item.next_action(), NextAction::ExceptionReview);
    assert_eq!(house.said("ODD", "Z9", 1).await.work_item_id, "");
    assert!(has(&house.words(&item.id).await, "(Z9:21)"));
    // Whoever reads a portal may say what a new code means.
    let mut read = house.coded("NEW", "Z9", 0);
    read.source = Source::Portal.into();
    read.outcome = Outcome::Pending.into();
    let read = house.record(read).await.unwrap();
    assert_eq!(
        (read.work_item_id.as_str(), read.payer_status.unwrap().outcome()),
        ("", Outcome::Pending,)
    );
}

#[tokio::test]
async fn an_older_status_and_the_same_one_again_are_kept_and_change_nothing() {
    let house = House::new().await;
    house.said("ORDER", "A2", 0).await;
    let late = house.said("ORDER", "A3", -10).await;
    assert_eq!(late.work_item_id, "");
    assert!(house.items("ORDER").await.is_empty());
    let events = house.told("payer_status.recorded").await;
    assert!(events[0].contains("\"late\":false") && events[1].contains("\"late\":true"));
    // A control: the same said later opens work.
    let status = house.coded("ORDER", "A3", 1);
    let request = RecordPayerStatusRequest { payer_status: Some(status), request_id: id() };
    let mut partner = house.as_a(Role::Partner).await;
    let first = partner.record_payer_status(request.clone()).await.unwrap().into_inner();
    assert_ne!(first.work_item_id, "");
    let twin = partner.record_payer_status(request.clone()).await.unwrap().into_inner();
    assert_eq!(twin, first, "one request has one effect");
    let reused = RecordPayerStatusRequest {
        payer_status: Some(house.coded("ORDER", "A2", 2)),
        ..request.clone()
    };
    let reused = partner.record_payer_status(reused).await.unwrap_err();
    assert_eq!(refusal(&reused).1, "REQUEST_ID_REUSED");
    assert_eq!(house.list("").await.len(), 3);
    let again = RecordPayerStatusRequest { request_id: id(), ..request };
    let again = partner.record_payer_status(again).await.unwrap().into_inner();
    assert_eq!(again.work_item_id, "");
    assert_eq!(house.words(&first.work_item_id).await.len(), 1);
    assert_eq!(house.list("").await.len(), 4);
}

#[tokio::test]
async fn what_is_wrong_with_a_status_is_named_and_nothing_is_kept() {
    let house = House::new().await;
    let changed = |change: fn(&mut PayerStatus)| {
        let mut status = house.coded("BAD", "A3", 0);
        change(&mut status);
        status
    };
    let cases: [(PayerStatus, &str); 9] = [
        (changed(|status| status.payer_id = id()), "payer_id"),
        (changed(|status| status.payer_id = "x".to_owned()), "payer_id"),
        (changed(|status| status.patient_control_number.clear()), "patient_control_number"),
        (changed(|status| status.source = 0), "source"),
        (changed(|status| status.category_code = "33".to_owned()), "category_code"),
        (changed(|status| status.status_code = "x".to_owned()), "status_code"),
        (changed(|status| status.entity_code = "8".to_owned()), "entity_code"),
        (changed(|status| status.stated_at.as_mut().unwrap().seconds += 7_200), "stated_at"),
        (changed(|status| status.outcome = Outcome::Pending.into()), "outcome"),
    ];
    for (status, wrong) in cases {
        let refused = house.record(status).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(fields(&refused), [format!("payer_status.{wrong}")], "{refused:?}");
        assert!(!format!("{refused:?}").contains("SECRET"));
    }
    let nothing = RecordPayerStatusRequest { payer_status: None, request_id: id() };
    let refused = house.as_a(Role::Partner).await.record_payer_status(nothing).await.unwrap_err();
    assert!(fields(&refused).contains(&"payer_status.payer_id".to_owned()));
    assert!(house.list("").await.is_empty() && house.items("BAD").await.is_empty());
    house.record(changed(|_| {})).await.expect("the same without a fault");
    assert_eq!(house.list("").await[0].note, "SECRET WORDS");
    let told = house.told("payer_status.recorded").await.concat();
    assert!(!told.contains("SECRET") && !told.contains("BAD"), "{told}");
}

#[tokio::test]
async fn statuses_are_matched_listed_filtered_and_paged() {
    let house = House::new().await;
    house.said("LATER", "A2", 0).await;
    for (number, at) in [("ONE", 0), ("TWO", 1), ("THREE", 2)] {
        house.said(number, "P1", at).await;
    }
    let listed = house.list("outcome = PENDING").await;
    let numbers = |listed: &[PayerStatus]| {
        listed.iter().map(|one| one.patient_control_number.clone()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&listed), ["THREE", "TWO", "ONE"]);
    let mut analyst = house.as_a(Role::Analyst).await;
    let (mut paged, mut page_token) = (Vec::new(), String::new());
    loop {
        let filter = format!("payer_id = {}", house.group.payer_id);
        let request = ListPayerStatusesRequest { page_size: 2, page_token, filter };
        let page = analyst.list_payer_statuses(request).await.unwrap().into_inner();
        paged.extend(numbers(&page.payer_statuses));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(paged, ["THREE", "TWO", "ONE", "LATER"]);
    assert!(house.list(&format!("payer_id = {}", id())).await.is_empty());
    for filter in ["note = x", "outcome = NO", "case_id = x", "outcome != PENDING"] {
        let request = ListPayerStatusesRequest { filter: filter.to_owned(), ..Default::default() };
        let refused = analyst.list_payer_statuses(request).await.unwrap_err();
        assert_eq!(fields(&refused), ["filter"], "{filter}");
    }
    // The claim arrives: what was said before it is of its case.
    assert_eq!(house.list("outcome = ACCEPTED").await[0].case_id, "");
    house.refuse("LATER").await;
    let case = house.items("LATER").await.remove(0).case_id;
    assert_eq!(house.list("outcome = ACCEPTED").await[0].case_id, case);
    // By the payer's number alone.
    let number = GetCaseRequest { id: case.clone() };
    let known = analyst.get_case(number).await.unwrap().into_inner().case.unwrap();
    let number = known.claim_occurrences[0].payer_claim_number.clone();
    let mut by_number = house.coded("", "P1", 9);
    by_number.payer_claim_number = format!(" {} ", number.to_lowercase());
    let matched = house.record(by_number.clone()).await.unwrap().payer_status.unwrap();
    assert_eq!(matched.case_id, case, "by {number}");
    by_number.payer_claim_number = "ICN-OF-NOBODY".to_owned();
    by_number.category_code = "A3".to_owned();
    let kept = house.record(by_number).await.unwrap();
    assert_eq!((kept.payer_status.unwrap().case_id, kept.work_item_id), Default::default());
    assert_eq!(house.list(&format!("case_id = {case}")).await.len(), 2);
}

#[tokio::test]
async fn a_stranger_sees_and_moves_nothing() {
    let house = House::new().await;
    let waiting = house.waiting("WAITS", WaitingFor::Payer, 20).await;
    house.said("WAITS", "P1", 0).await;
    let other = Group::board(&house.world, &NewGroup::new("south", "1245319599")).await;
    let token = other.token(&house.world, Role::Partner).await;
    let mut stranger = house.world.routing(&token);
    let theirs = RecordPayerStatusRequest {
        payer_status: Some(house.coded("WAITS", "R4", 5)),
        request_id: id(),
    };
    let refused = stranger.record_payer_status(theirs).await.unwrap_err();
    assert_eq!(fields(&refused), ["payer_status.payer_id"], "the payer is another tenant's");
    let mut own = house.coded("WAITS", "R4", 5);
    own.payer_id = other.payer_id.clone();
    let own = RecordPayerStatusRequest { payer_status: Some(own), request_id: id() };
    let own = stranger.record_payer_status(own).await.unwrap().into_inner();
    assert_eq!(own.payer_status.unwrap().case_id, "");
    assert_eq!(house.get(&waiting.id).await.state(), WorkItemState::Waiting);
    let filter = format!("case_id = {}", waiting.case_id);
    let request = ListPayerStatusesRequest { filter: filter.clone(), ..Default::default() };
    let seen = stranger.list_payer_statuses(request).await.unwrap().into_inner();
    assert!(seen.payer_statuses.is_empty());
    assert_eq!(house.list(&filter).await.len(), 1);
}

#[tokio::test]
async fn a_payer_that_is_silent_past_its_usual_time_is_asked_once() {
    let house = House::new().await;
    let checks = async || {
        let items = house.items("QUIET").await.into_iter();
        items.filter(|item| item.kind() == WorkItemKind::ClaimStatus).collect::<Vec<_>>()
    };
    let waiting = house.waiting("QUIET", WaitingFor::Payer, 85).await;
    house.pass(0).await;
    house.pass(20).await;
    assert!(checks().await.is_empty());
    // A word of the payer begins its time anew.
    house.said("QUIET", "P1", 20 * 24 * 60).await;
    let usual = 100;
    let mut days = 0;
    while checks().await.is_empty() {
        house.pass(1).await;
        days += 1;
        assert!(days < usual, "nobody asks");
    }
    assert!(days >= 30, "too early: {days}");
    house.pass(3).await;
    let [check] = checks().await.try_into().unwrap();
    assert_eq!(check.next_action(), NextAction::PayerInquiry);
    assert_eq!((&check.case_id, check.state()), (&waiting.case_id, WorkItemState::Open));
    let silent = format!("nothing was heard of the payer for {days} days");
    assert!(has(&house.words(&check.id).await, &silent));
    assert!(has(&house.words(&waiting.id).await, &silent));
    let still = house.get(&waiting.id).await;
    assert_eq!((still.state(), &still.etag), (WorkItemState::Waiting, &waiting.etag));
    // What nobody understands is no answer; any other word is.
    let at = (20 + days + 3) * 24 * 60;
    house.said("QUIET", "E1", at).await;
    assert_eq!(house.get(&check.id).await.state(), WorkItemState::Open);
    let answered = house.said("QUIET", "P1", at + 1).await;
    assert_eq!(answered.work_item_id, check.id);
    assert_eq!(house.get(&check.id).await.state(), WorkItemState::Resolved);
    assert!(has(&house.words(&check.id).await, "done: the payer has answered"));
    house.pass(1).await;
    assert_eq!(checks().await.len(), 1, "its time began anew");
}

#[tokio::test]
async fn a_robot_with_this_scope_alone_records_and_many_at_once_open_one_item() {
    let house = House::new().await;
    let admin = house.group.token(&house.world, Role::TenantAdmin).await;
    let scopes = ["routing.record_payer_status".to_owned()];
    let robot = tests::partner::register(&house.world, &admin, &scopes).await;
    let token = tests::partner::token(&house.world, &robot, "").await;
    let said = (0..6).map(|at| {
        let (mut robot, status) = (house.world.routing(&token), house.coded("RUSH", "A3", at));
        async move {
            let request = RecordPayerStatusRequest { payer_status: Some(status), request_id: id() };
            robot.record_payer_status(request).await.unwrap().into_inner()
        }
    });
    let answers = futures::future::join_all(said).await;
    assert_eq!(answers.iter().filter(|answer| !answer.work_item_id.is_empty()).count(), 1);
    assert_eq!(house.items("RUSH").await.len(), 1);
    assert_eq!(house.list("outcome = REJECTED").await.len(), 6);
    let mut robot = house.world.routing(&token);
    let refused = robot.list_payer_statuses(ListPayerStatusesRequest::default()).await;
    assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
}
