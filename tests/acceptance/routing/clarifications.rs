//! Questions to other departments.

use contracts::access::v1::Role;
use contracts::google::r#type::Date;
use contracts::routing::v1::*;
use futures::TryStreamExt;
use tests::samples::work::{ask, queue};
use tests::{Group, Line, NewGroup, Remittance, World, fields, id, reason, refusal};
use tonic::{Code, Status};

const NPI: &str = "1234567893";

/// A group whose specialist works authorizations; coders, asked, have a queue of their own.
struct House {
    world: World,
    group: Group,
}

type Routing = routing_service_client::RoutingServiceClient<overturn::Door>;

impl House {
    async fn new() -> Self {
        let world = World::new().await;
        let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
        let [specialist, coder] = group.people(&world, [Role::Specialist, Role::Analyst]).await;
        let house = Self { world, group };
        let mut lead = house.as_a(Role::TeamLead).await;
        for (slug, team, member) in
            [("authorizations", "authorization", &specialist), ("coders", "coding", &coder)]
        {
            let queue = Some(queue(slug, team, &[member]));
            lead.create_queue(CreateQueueRequest { queue, request_id: id() }).await.unwrap();
        }
        house
    }

    async fn as_a(&self, role: Role) -> Routing {
        let token = self.group.token(&self.world, role).await;
        self.world.routing(&token)
    }

    /// An item of a claim that was refused with a code.
    async fn item(&self, number: &str, carc: &str) -> WorkItem {
        let refused = [("CO", carc, 100_00)];
        let line = Line { charge: 100_00, paid: 0, adjustments: &refused, remarks: &[] };
        let remittance = Remittance::to(NPI, "20260610").claim(number, "DOE", &[line]);
        self.group.upload(&self.world, &remittance.x12()).await;
        let filter = format!("patient_control_number = \"{number}\"");
        let request = ListWorkItemsRequest { filter, ..ListWorkItemsRequest::default() };
        let mut specialist = self.as_a(Role::Specialist).await;
        specialist.list_work_items(request).await.unwrap().into_inner().work_items.remove(0)
    }

    async fn again(&self, item: &WorkItem) -> WorkItem {
        let request = GetWorkItemRequest { id: item.id.clone() };
        let mut specialist = self.as_a(Role::Specialist).await;
        specialist.get_work_item(request).await.unwrap().into_inner().work_item.unwrap()
    }

    async fn ask(&self, item: &WorkItem) -> Clarification {
        let mut specialist = self.as_a(Role::Specialist).await;
        let answer = specialist.ask_clarification(ask(item, "coding")).await.unwrap();
        answer.into_inner().clarification.unwrap()
    }

    async fn answer(&self, role: Role, asked: &Clarification) -> Result<Clarification, Status> {
        let request = AnswerClarificationRequest {
            id: asked.id.clone(),
            answer: "yes:\nsee the order".to_owned(),
            etag: asked.etag.clone(),
            request_id: id(),
        };
        let answer = self.as_a(role).await.answer_clarification(request).await?;
        Ok(answer.into_inner().clarification.unwrap())
    }

    async fn settle(
        &self,
        role: Role,
        asked: &Clarification,
        state: ClarificationState,
        reason: &str,
    ) -> Result<Clarification, Status> {
        let request = SettleClarificationRequest {
            id: asked.id.clone(),
            state: state.into(),
            reason: reason.to_owned(),
            etag: asked.etag.clone(),
            request_id: id(),
        };
        let answer = self.as_a(role).await.settle_clarification(request).await?;
        Ok(answer.into_inner().clarification.unwrap())
    }

    async fn list(&self, filter: &str, page_size: i32) -> ListClarificationsResponse {
        let filter = filter.to_owned();
        let request =
            ListClarificationsRequest { filter, page_size, ..ListClarificationsRequest::default() };
        self.as_a(Role::Specialist).await.list_clarifications(request).await.unwrap().into_inner()
    }

    async fn words(&self, item: &WorkItem) -> Vec<String> {
        let request =
            ListTimelineRequest { work_item_id: item.id.clone(), ..ListTimelineRequest::default() };
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
}

#[tokio::test]
async fn a_question_is_asked_answered_and_accepted_while_its_item_waits() {
    let house = House::new().await;
    let item = house.item("ASK", "197").await;
    let asked = house.ask(&item).await;
    assert_eq!(asked.state(), ClarificationState::Asked);
    assert_eq!((asked.to_team.as_str(), asked.answer.as_str()), ("coding", ""));
    let waits = house.again(&item).await;
    assert_eq!(waits.state(), WorkItemState::Waiting);
    assert_eq!(waits.waiting_for(), WaitingFor::Clarification);
    assert_eq!(waits.follow_up_on, asked.due_on, "it is looked at on the day of the answer");
    let last_day = waits.deadline.unwrap().due_on.unwrap();
    let number = |day: &Date| (day.year, day.month, day.day);
    assert!(number(&asked.due_on.unwrap()) < number(&last_day));
    let owed = house.list("state = \"ASKED\" AND to_team = \"coding\"", 0).await;
    assert_eq!((owed.clarifications.len(), owed.account_count), (1, 1));

    let answered = house.answer(Role::Analyst, &asked).await.unwrap();
    assert_eq!(answered.state(), ClarificationState::Answered);
    assert_eq!(answered.answer, "yes:\nsee the order");
    assert!(answered.answered_at.is_some() && !answered.answered_by.is_empty());
    assert_eq!(house.again(&item).await.state(), WorkItemState::Open, "there is something to do");
    let accepted = ClarificationState::Accepted;
    let over = house.settle(Role::Specialist, &answered, accepted, "").await.unwrap();
    assert_eq!(over.state(), accepted);

    let words = house.words(&item).await;
    assert_eq!(words[0], "accepted the answer of team `coding`");
    assert!(words.iter().any(|words| words == "answered for team `coding`: yes:\nsee the order"));
    let told = house.told("clarification.answered").await;
    assert!(told.len() == 1 && !told[0].contains("see the order"), "texts stay on the timeline");
    assert!(!house.told("clarification.asked").await[0].contains("urgent"));
}

#[tokio::test]
async fn only_the_team_that_was_asked_answers_and_only_who_asked_says_that_it_helped() {
    let house = House::new().await;
    let asked = house.ask(&house.item("WHO", "197").await).await;
    let stranger = house.answer(Role::Specialist, &asked).await.unwrap_err();
    let no = reason(Code::FailedPrecondition, "NOT_OF_THIS_QUEUE");
    assert_eq!(refusal(&stranger), no);
    assert!(stranger.message().contains("team `coding` was asked"), "{}", stranger.message());
    let early = house.settle(Role::Specialist, &asked, ClarificationState::Accepted, "").await;
    let early = early.unwrap_err();
    assert_eq!(refusal(&early), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
    // A lead stands in for anybody.
    let answered = house.answer(Role::TeamLead, &asked).await.unwrap();
    let stale = house.answer(Role::Analyst, &asked).await.unwrap_err();
    assert_eq!(refusal(&stale), reason(Code::Aborted, "STALE_ETAG"));
    let twice = house.answer(Role::Analyst, &answered).await.unwrap_err();
    assert_eq!(refusal(&twice), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
    let accepted = ClarificationState::Accepted;
    house.settle(Role::TeamLead, &answered, accepted, "it helps").await.unwrap();
}

#[tokio::test]
async fn an_answer_that_does_not_help_is_returned_and_a_question_may_be_withdrawn() {
    let house = House::new().await;
    let item = house.item("BACK", "197").await;
    let asked = house.ask(&item).await;
    let answered = house.answer(Role::Analyst, &asked).await.unwrap();
    let returned = ClarificationState::Returned;
    let bare = house.settle(Role::Specialist, &answered, returned, " ").await.unwrap_err();
    assert_eq!(fields(&bare), ["reason"]);
    let again = house.settle(Role::Specialist, &answered, returned, "which order?").await.unwrap();
    assert_eq!(again.state(), returned);
    let waits = house.again(&item).await;
    assert_eq!((waits.state(), waits.follow_up_on), (WorkItemState::Waiting, again.due_on));
    let answered = house.answer(Role::Analyst, &again).await.unwrap();
    let withdrawn = ClarificationState::Withdrawn;
    let over = house.settle(Role::Specialist, &answered, withdrawn, "moot").await.unwrap();
    let late = house.settle(Role::Specialist, &over, withdrawn, "moot").await.unwrap_err();
    assert_eq!(refusal(&late), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
    // Withdrawn while it waits: it is open again.
    let asked = house.ask(&house.again(&item).await).await;
    assert_eq!(house.again(&item).await.state(), WorkItemState::Waiting);
    house.settle(Role::Specialist, &asked, withdrawn, "found it").await.unwrap();
    assert_eq!(house.again(&item).await.state(), WorkItemState::Open);
}

#[tokio::test]
async fn an_item_that_ends_needs_no_answer_any_more() {
    let house = House::new().await;
    let item = house.item("PAID", "197").await;
    house.ask(&item).await;
    let line = Line { charge: 100_00, paid: 100_00, adjustments: &[], remarks: &[] };
    let pays = Remittance::to(NPI, "20260701").claim("PAID", "DOE", &[line]);
    house.group.upload(&house.world, &pays.payer_control("ICN-2").x12()).await;
    assert_eq!(house.again(&item).await.state(), WorkItemState::Resolved);
    let listed = house.list("", 0).await.clarifications;
    assert_eq!(listed[0].state(), ClarificationState::Withdrawn);
    let late = house.answer(Role::Analyst, &listed[0]).await.unwrap_err();
    assert_eq!(refusal(&late), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
}

#[tokio::test]
async fn what_a_question_lacks_is_named_and_nothing_is_asked() {
    let house = House::new().await;
    let item = house.item("BAD", "197").await;
    let mut specialist = house.as_a(Role::Specialist).await;
    let good = || ask(&item, "coding");
    let day = |year| Some(Date { year, month: 6, day: 11 });
    for (request, wrong) in [
        (AskClarificationRequest { question: " ".to_owned(), ..good() }, "question"),
        (AskClarificationRequest { question: "x".repeat(4_001), ..good() }, "question"),
        (AskClarificationRequest { to_team: "Not A Slug".to_owned(), ..good() }, "to_team"),
        (AskClarificationRequest { to_team: "nobody".to_owned(), ..good() }, "to_team"),
        (AskClarificationRequest { due_on: day(2020), ..good() }, "due_on"),
        (AskClarificationRequest { due_on: day(2036), ..good() }, "due_on"),
        (
            AskClarificationRequest {
                due_on: Some(Date { year: 2026, month: 2, day: 30 }),
                ..good()
            },
            "due_on",
        ),
    ] {
        let status = specialist.ask_clarification(request).await.unwrap_err();
        assert_eq!(fields(&status), [wrong], "{status:?}");
    }
    assert!(house.list("", 0).await.clarifications.is_empty());
    assert_eq!(house.again(&item).await.state(), WorkItemState::Open);
    specialist.ask_clarification(good()).await.expect("the same without a fault");
}

#[tokio::test]
async fn precedents_are_found_by_code_and_payer_page_by_page() {
    let house = House::new().await;
    let first = house.item("ONE", "197").await;
    for (number, carc) in [("TWO", "197"), ("THREE", "198")] {
        house.ask(&house.item(number, carc).await).await;
    }
    house.ask(&first).await;
    house.ask(&house.again(&first).await).await;
    let precedents = format!("carc = \"197\" AND payer_id = \"{}\"", first.payer_id);
    let page = house.list(&precedents, 2).await;
    assert_eq!(
        (page.clarifications.len(), page.account_count),
        (2, 2),
        "two accounts, three asked"
    );
    let request = ListClarificationsRequest {
        filter: precedents.clone(),
        page_size: 2,
        page_token: page.next_page_token,
    };
    let mut specialist = house.as_a(Role::Specialist).await;
    let rest = specialist.list_clarifications(request).await.unwrap().into_inner();
    assert_eq!((rest.clarifications.len(), rest.next_page_token.as_str()), (1, ""));
    assert_eq!(house.list("carc = \"19\"", 0).await.clarifications.len(), 0, "no part of a code");
    let request = ListClarificationsRequest {
        filter: "carc = \"no code\"".to_owned(),
        ..ListClarificationsRequest::default()
    };
    let status = specialist.list_clarifications(request).await.unwrap_err();
    assert_eq!(fields(&status), ["filter"]);
}
