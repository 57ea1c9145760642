//! What partner systems know of claims, and what it does to decisions.

use contracts::access::v1::Role;
use contracts::dictionary::v1::{AuthorizationStatus, FilingProof, NextAction};
use contracts::google::r#type::Date;
use contracts::routing::v1::*;
use tests::samples::work::queue;
use tests::{Group, Line, NewGroup, Remittance, World, fields, id};
use tonic::{Code, Status};

const NPI: &str = "1234567893";

struct House {
    world: World,
    group: Group,
}

type Routing = routing_service_client::RoutingServiceClient<overturn::Door>;

fn at(seconds: i64) -> Option<prost_types::Timestamp> {
    Some(prost_types::Timestamp { seconds, nanos: 0 })
}

fn authorized(status: AuthorizationStatus, source_at: i64) -> Authorization {
    Authorization {
        status: status.into(),
        number: "AUTH-7".to_owned(),
        source_at: at(source_at),
        ..Authorization::default()
    }
}

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

    fn of(&self, number: &str) -> ClaimContext {
        ClaimContext {
            patient_control_number: number.to_owned(),
            payer_id: self.group.payer_id.clone(),
            ..ClaimContext::default()
        }
    }

    async fn upsert(&self, context: ClaimContext) -> Result<UpsertClaimContextResponse, Status> {
        let request = UpsertClaimContextRequest { claim_context: Some(context), request_id: id() };
        let answer = self.as_a(Role::Partner).await.upsert_claim_context(request).await?;
        Ok(answer.into_inner())
    }

    async fn refuse(&self, number: &str, carc: &str) {
        let refused = [("CO", carc, 100_00)];
        let line = Line { charge: 100_00, paid: 0, adjustments: &refused, remarks: &[] };
        let remittance = Remittance::to(NPI, "20260610").claim(number, "DOE", &[line]);
        self.group.upload(&self.world, &remittance.x12()).await;
    }

    async fn item(&self, number: &str) -> WorkItem {
        let filter = format!("patient_control_number = \"{number}\"");
        let request = ListWorkItemsRequest { filter, ..ListWorkItemsRequest::default() };
        let mut specialist = self.as_a(Role::Specialist).await;
        let listed = specialist.list_work_items(request).await.unwrap().into_inner();
        let request = GetWorkItemRequest { id: listed.work_items[0].id.clone() };
        specialist.get_work_item(request).await.unwrap().into_inner().work_item.unwrap()
    }

    /// Lets what is due happen.
    async fn learned(&self) {
        self.world.app().run_due().await.unwrap();
    }

    async fn words(&self, item: &WorkItem) -> Vec<String> {
        let request =
            ListTimelineRequest { work_item_id: item.id.clone(), ..ListTimelineRequest::default() };
        let lines = self.as_a(Role::Specialist).await.list_timeline(request).await.unwrap();
        lines.into_inner().timeline_items.into_iter().map(|line| line.words).collect()
    }
}

#[tokio::test]
async fn an_authorization_on_file_turns_197_into_an_appeal_with_proof() {
    let house = House::new().await;
    house.refuse("PLAIN", "197").await;
    assert_eq!(house.item("PLAIN").await.next_action(), NextAction::CorrectedClaim);
    let approved = Some(authorized(AuthorizationStatus::Approved, 100));
    let known = ClaimContext { authorization: approved, ..house.of(" early ") };
    let answer = house.upsert(known).await.unwrap();
    assert!(answer.changed);
    let context = answer.claim_context.unwrap();
    assert_eq!((context.patient_control_number.as_str(), context.case_id.as_str()), ("EARLY", ""));
    house.refuse("EARLY", "197").await;
    let item = house.item("EARLY").await;
    assert_eq!(item.next_action(), NextAction::Appeal);
    assert!(item.action_words.starts_with("An approval is on record"), "{}", item.action_words);
    // The receipt says so.
    let request = GetDenialRequest { id: item.denials[0].denial_id.clone() };
    let denial = house.as_a(Role::Analyst).await.get_denial(request).await.unwrap();
    let denial = denial.into_inner().denial.unwrap();
    assert_eq!(denial.facts.unwrap().authorization(), AuthorizationStatus::Approved);
    assert_eq!(denial.receipt.unwrap().entry, "carc-197-authorized");
    let request = GetClaimContextRequest { case_id: item.case_id.clone() };
    let read = house.as_a(Role::Specialist).await.get_claim_context(request).await.unwrap();
    let read = read.into_inner().claim_context.unwrap();
    assert_eq!(
        (read.authorization.unwrap().number.as_str(), read.case_id),
        ("AUTH-7", item.case_id)
    );
}

#[tokio::test]
async fn open_work_that_nobody_has_touched_is_decided_again_and_all_of_it_is_told() {
    let house = House::new().await;
    for number in ["FREE", "TAKEN"] {
        house.refuse(number, "197").await;
    }
    let [specialist] = house.group.people(&house.world, [Role::Specialist]).await;
    let mine = queue("authorizations", "authorization", &[&specialist]);
    let request = CreateQueueRequest { queue: Some(mine), request_id: id() };
    house.as_a(Role::TeamLead).await.create_queue(request).await.unwrap();
    let request = ClaimWorkItemRequest {
        id: house.item("TAKEN").await.id,
        request_id: id(),
        ..ClaimWorkItemRequest::default()
    };
    house.as_a(Role::Specialist).await.claim_work_item(request).await.unwrap();
    let before = house.item("FREE").await;
    for number in ["FREE", "TAKEN"] {
        let approved = Some(authorized(AuthorizationStatus::Approved, 100));
        house.upsert(ClaimContext { authorization: approved, ..house.of(number) }).await.unwrap();
    }
    house.learned().await;
    let after = house.item("FREE").await;
    assert_eq!((after.id.as_str(), after.next_action()), (before.id.as_str(), NextAction::Appeal));
    assert_eq!(after.dictionary_revision, before.dictionary_revision);
    let score = |item: &WorkItem| item.priority.as_ref().unwrap().score;
    assert!(score(&after) > score(&before), "with the proof it is worth more");
    let taken = house.item("TAKEN").await;
    assert_eq!(taken.next_action(), NextAction::CorrectedClaim, "who works it decides");
    for item in [&after, &taken] {
        let words = house.words(item).await;
        assert!(words.iter().any(|one| one == "partner systems say: authorization approved"));
    }
    // It turns out to be of another service: the way back.
    let wrong = Some(authorized(AuthorizationStatus::Mismatched, 200));
    house.upsert(ClaimContext { authorization: wrong, ..house.of("FREE") }).await.unwrap();
    house.learned().await;
    assert_eq!(house.item("FREE").await.next_action(), NextAction::CorrectedClaim);
}

#[tokio::test]
async fn the_later_statement_of_a_source_stands_and_parts_stand_alone() {
    let house = House::new().await;
    let say = async |status, source_at| {
        let part = Some(authorized(status, source_at));
        house.upsert(ClaimContext { authorization: part, ..house.of("ORDER") }).await.unwrap()
    };
    assert!(say(AuthorizationStatus::Approved, 200).await.changed);
    let late = say(AuthorizationStatus::Missing, 100).await;
    assert!(!late.changed);
    let held = late.claim_context.unwrap();
    assert_eq!(held.authorization.as_ref().unwrap().status(), AuthorizationStatus::Approved);
    let edit = ClaimEdit {
        filing_proof: FilingProof::AcceptedInTime.into(),
        accepted_on: Some(Date { year: 2026, month: 6, day: 2 }),
        source_at: at(50),
        ..ClaimEdit::default()
    };
    let both = house.upsert(ClaimContext { claim_edit: Some(edit), ..house.of("ORDER") }).await;
    let both = both.unwrap().claim_context.unwrap();
    assert!(both.authorization.is_some() && both.claim_edit.is_some());
    assert_ne!(both.etag, held.etag);
    house.refuse("ORDER", "29").await;
    assert!(house.item("ORDER").await.action_words.contains("277CA as proof"));
}

#[tokio::test]
async fn what_is_wrong_with_a_context_is_named_and_nothing_is_kept() {
    let house = House::new().await;
    let good = || ClaimContext {
        authorization: Some(authorized(AuthorizationStatus::Approved, 100)),
        ..house.of("BAD")
    };
    let part = |change: fn(&mut Authorization)| {
        let mut context = good();
        change(context.authorization.as_mut().unwrap());
        context
    };
    for (context, wrong) in [
        (ClaimContext { payer_id: id(), ..good() }, "payer_id"),
        (ClaimContext { payer_id: "x".to_owned(), ..good() }, "payer_id"),
        (
            ClaimContext { patient_control_number: " ".to_owned(), ..good() },
            "patient_control_number",
        ),
        (part(|part| part.source_at = None), "authorization.source_at"),
        (part(|part| part.source_at = at(99_999_999_999)), "authorization.source_at"),
        (part(|part| part.status = 0), "authorization.status"),
    ] {
        let status = house.upsert(context).await.unwrap_err();
        assert_eq!(fields(&status), [format!("claim_context.{wrong}")], "{status:?}");
    }
    let bare = house.upsert(house.of("BAD")).await.unwrap_err();
    assert_eq!(fields(&bare), ["claim_context"]);
    house.refuse("BAD", "197").await;
    let item = house.item("BAD").await;
    assert_eq!(item.next_action(), NextAction::CorrectedClaim);
    let request = GetClaimContextRequest { case_id: item.case_id };
    let nothing = house.as_a(Role::Specialist).await.get_claim_context(request).await.unwrap_err();
    assert_eq!(nothing.code(), Code::NotFound);
    house.upsert(good()).await.expect("the same without a fault");
}
