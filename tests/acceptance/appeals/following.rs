//! Each service follows the feed of the other: work waits for appeals, remittances decide them.

use chrono::TimeDelta;
use contracts::routing::v1::routing_service_client::RoutingServiceClient;
use contracts::routing::v1::{
    GetWorkItemRequest, ListTimelineRequest, WaitingFor, WorkItem, WorkItemState,
};
use domain::tenancy::TenantId;
use platform::access::Caller;
use tests::samples::appeals::submit;
use tests::{fields, reason, refusal};
use tonic::Code;

use super::*;

impl House {
    async fn later(&self, by: TimeDelta) {
        self.world.clock().advance(by);
        self.world.app().run_due().await.unwrap();
    }

    async fn item(&self, id: &str) -> WorkItem {
        let token = self.group.token(&self.world, Role::Specialist).await;
        let request = GetWorkItemRequest { id: id.to_owned() };
        let item = self.world.routing(&token).get_work_item(request).await.unwrap();
        item.into_inner().work_item.unwrap()
    }

    async fn timeline(&self, item: &str) -> Vec<String> {
        let token = self.group.token(&self.world, Role::Specialist).await;
        let request = ListTimelineRequest {
            work_item_id: item.to_owned(),
            page_size: 500,
            ..ListTimelineRequest::default()
        };
        let lines = self.world.routing(&token).list_timeline(request).await.unwrap();
        lines.into_inner().timeline_items.into_iter().map(|line| line.words).collect()
    }

    /// A denial of code 50 whose appeal was filed on 14 June, and routing knows.
    async fn filed(&self, number: &str) -> (Appeal, Denial) {
        let draft = self.free("", number, "20260610").await;
        let sent = self.submit(submit(&draft, 14, number)).await.unwrap();
        self.follow().await;
        (sent, self.denials(number).await.remove(0))
    }

    /// As a person: partners' assertions go by the clock of the test run.
    async fn sends(&self, request: SubmitAppealRequest) -> Result<Appeal, Status> {
        let answer = self.as_a(Role::Specialist).await.submit_appeal(request).await?;
        Ok(answer.into_inner().appeal.unwrap())
    }

    async fn says(&self, number: &str, paid_on: &str, paid: i64) {
        let refused = [("CO", "50", 60_00 - paid)];
        let adjustments: &[_] = if paid == 60_00 { &[] } else { &refused };
        let line = Line { charge: 60_00, paid, adjustments, remarks: &[] };
        self.upload(self.remittance("", paid_on).claim(number, "DOE", &[line])).await;
    }

    async fn outcome(&self, appeal: &Appeal, outcome: Outcome) -> Result<Appeal, Status> {
        let request = RecordOutcomeRequest {
            appeal_id: appeal.id.clone(),
            outcome: Some(outcome),
            etag: appeal.etag.clone(),
            request_id: id(),
        };
        let answer = self.as_a(Role::Specialist).await.record_outcome(request).await?;
        Ok(answer.into_inner().appeal.unwrap())
    }
}

fn outcome(kind: OutcomeKind, cents: i64) -> Outcome {
    Outcome {
        kind: kind.into(),
        recovered: tests::samples::ends::money(cents),
        decided_on: Some(date(2026, 6, 15)),
        ..Outcome::default()
    }
}

#[tokio::test]
async fn what_is_filed_waits_and_its_window_is_kept() {
    let house = House::lenient().await;
    let (sent, denial) = house.filed("PCN1").await;
    let item = house.item(&denial.work_item_id).await;
    assert_eq!(item.state(), WorkItemState::Waiting);
    assert_eq!(item.waiting_for(), WaitingFor::Payer);
    assert!(item.follow_up_on.is_some());
    let told = house.timeline(&item.id).await;
    let has = |words: &str| told.iter().any(|line| line.contains(words));
    assert!(has("appeal level 1: opened"), "{told:?}");
    assert!(has("appeal level 1 was filed on 06/14/2026"), "{told:?}");
    // A twin that nobody appeals misses its date; this one does not.
    let twin = house.refused("PCN2", &[("CO", "50", 60_00)], &[]).await.remove(0);
    for _ in 0..88 {
        house.later(TimeDelta::days(1)).await;
    }
    let missed = |lines: Vec<String>| lines.iter().any(|line| line.contains("closed with"));
    assert!(missed(house.timeline(&twin.work_item_id).await));
    assert!(!missed(house.timeline(&item.id).await));
    // Its day came: somebody asks the payer.
    assert_eq!(house.item(&item.id).await.state(), WorkItemState::Open);
    // What is taken back has a window again, which is over by now.
    let request = WithdrawAppealRequest {
        id: sent.id.clone(),
        reason: "filed for the wrong claim".to_owned(),
        etag: sent.etag.clone(),
        request_id: id(),
    };
    house.as_a(Role::Specialist).await.withdraw_appeal(request).await.unwrap();
    house.follow().await;
    house.later(TimeDelta::hours(2)).await;
    assert!(missed(house.timeline(&item.id).await));
}

#[tokio::test]
async fn what_the_payer_sends_back_or_upholds_is_open_again() {
    let house = House::lenient().await;
    let (sent, denial) = house.filed("PCN1").await;
    let before = house.item(&denial.work_item_id).await;
    let back = house.returned(&sent, date(2026, 6, 15)).await.unwrap();
    house.follow().await;
    assert_eq!(house.item(&before.id).await.state(), WorkItemState::Open);
    let again = house.submit(submit(&back, 15, "FAX9")).await.unwrap();
    house.follow().await;
    assert_eq!(house.item(&before.id).await.state(), WorkItemState::Waiting);
    let upheld = house.outcome(&again, outcome(OutcomeKind::Upheld, 0)).await.unwrap();
    house.follow().await;
    let item = house.item(&before.id).await;
    assert_eq!(item.state(), WorkItemState::Open);
    // It is bound by the next level from now on.
    let next = upheld.next_deadline.as_ref();
    let due_on = |it: &contracts::deadline::v1::Deadline| it.due_on;
    assert_eq!(item.deadline.as_ref().and_then(due_on), next.and_then(due_on));
    assert_ne!(item.deadline.as_ref().and_then(due_on), before.deadline.and_then(|it| it.due_on));
    let told = house.timeline(&item.id).await;
    assert!(told.iter().any(|line| line.contains("was decided: upheld")), "{told:?}");
}

#[tokio::test]
async fn what_somebody_says_was_won_ends_its_work_with_the_money() {
    let house = House::lenient().await;
    let (sent, denial) = house.filed("PCN1").await;
    house.outcome(&sent, outcome(OutcomeKind::Overturned, 60_00)).await.unwrap();
    house.follow().await;
    let item = house.item(&denial.work_item_id).await;
    assert_eq!(item.state(), WorkItemState::Resolved);
    assert_eq!(house.denials("PCN1").await[0].state, {
        use contracts::routing::v1::DenialState;
        i32::from(DenialState::Overturned)
    });
    let told = house.timeline(&item.id).await;
    assert!(told.iter().any(|line| line.contains("$60.00")), "{told:?}");
    // Reading the feed once more ends nothing twice.
    let lines = told.len();
    house.follow().await;
    assert_eq!(house.timeline(&item.id).await.len(), lines);
}

#[tokio::test]
async fn a_later_remittance_decides_until_somebody_confirms_it() {
    let house = House::lenient().await;
    let (sent, denial) = house.filed("PCN1").await;
    let (other, _) = house.filed("PCN2").await;
    house.says("PCN1", "20260615", 60_00).await;
    house.says("PCN2", "20260615", 0).await;
    house.follow().await;
    assert_eq!(house.item(&denial.work_item_id).await.state(), WorkItemState::Resolved);
    let won = house.get(&sent.id).await;
    assert_eq!(won.state(), AppealState::Decided);
    let shown = won.outcome.as_ref().unwrap();
    assert_eq!((shown.kind(), shown.source()), (OutcomeKind::Overturned, OutcomeSource::Inferred));
    assert_eq!(shown.recovered.as_ref().unwrap().amount_cents, 60_00);
    assert_eq!(shown.decided_on, Some(date(2026, 6, 15)));
    assert!(!shown.remittance_file_id.is_empty());
    let lost = house.get(&other.id).await;
    let refused = lost.outcome.as_ref().unwrap();
    assert_eq!(refused.kind(), OutcomeKind::Upheld);
    assert!(lost.next_deadline.is_some(), "the next level is open");
    // A person confirms the one and corrects the other.
    let confirmed = Outcome {
        source: OutcomeSource::Confirmed.into(),
        ..outcome(OutcomeKind::Overturned, 60_00)
    };
    let won = house.outcome(&won, confirmed.clone()).await.unwrap();
    let known = won.outcome.as_ref().unwrap();
    assert_eq!(known.source(), OutcomeSource::Confirmed);
    assert_eq!(known.remittance_file_id, shown.remittance_file_id);
    let dismissed = house.outcome(&lost, outcome(OutcomeKind::Dismissed, 0)).await.unwrap();
    assert_eq!(dismissed.outcome.unwrap().kind(), OutcomeKind::Dismissed);
    // Once; and where no remittance has shown anything there is nothing to confirm.
    let twice = house.outcome(&won, confirmed.clone()).await.unwrap_err();
    assert_eq!(fields(&twice), ["outcome.source"]);
    let (open, _) = house.filed("PCN3").await;
    let nothing = house.outcome(&open, confirmed).await.unwrap_err();
    assert_eq!(fields(&nothing), ["outcome.source"]);
    let told = house.told().await;
    let decided: Vec<_> = told.iter().filter(|(kind, _)| kind == "appeal.decided").collect();
    assert_eq!(decided.len(), 4, "{decided:?}");
    assert!(decided[0].1.contains("INFERRED") && !decided[0].1.contains("PCN1"));
}

#[tokio::test]
async fn what_the_payer_takes_back_has_to_be_decided_once_more() {
    let house = House::lenient().await;
    let (sent, denial) = house.filed("PCN1").await;
    let paid = Line { charge: 60_00, paid: 60_00, adjustments: &[], remarks: &[] };
    let remittance = house.remittance("", "20260615").claim("PCN1", "DOE", &[paid]);
    house.upload(remittance.payer_control("ICN2")).await;
    house.follow().await;
    assert_eq!(house.get(&sent.id).await.state(), AppealState::Decided);
    let line = Line { charge: -60_00, paid: -60_00, adjustments: &[], remarks: &[] };
    let reversal = house.remittance("", "20260616").reversal("PCN1", "DOE", &[line]);
    house.upload(reversal.payer_control("ICN2")).await;
    house.follow().await;
    let again = house.get(&sent.id).await;
    assert_eq!((again.state(), again.outcome.as_ref()), (AppealState::Submitted, None));
    assert!(again.taken_back_on.is_some());
    assert_eq!(house.item(&denial.work_item_id).await.state(), WorkItemState::Open);
    house.says("PCN1", "20260617", 20_00).await;
    house.follow().await;
    let part = house.get(&sent.id).await.outcome.unwrap();
    assert_eq!(part.kind(), OutcomeKind::PartiallyOverturned);
    assert_eq!(part.recovered.unwrap().amount_cents, 20_00);
}

#[tokio::test]
async fn what_nobody_sends_is_called_and_recorded_as_missed_and_may_be_sent_late() {
    let house = House::lenient().await;
    let draft = house.free("", "PCN1", "20260610").await;
    let other = house.free("", "PCN2", "20260610").await;
    let denial = house.denials("PCN1").await.remove(0);
    let days: Vec<_> = draft.internal_dates.iter().map(|it| it.due_on.unwrap()).collect();
    assert_eq!(days.len(), 3);
    for _ in 0..100 {
        house.later(TimeDelta::days(1)).await;
    }
    house.follow().await;
    let kinds = |told: &[(String, String)], wanted: &str| {
        told.iter().filter(|(kind, payload)| kind == wanted && payload.contains(&denial.id)).count()
    };
    let told = house.told().await;
    assert_eq!((kinds(&told, "appeal.reminded"), kinds(&told, "appeal.expired")), (3, 1));
    let missed = house.get(&draft.id).await;
    assert_eq!(missed.state(), AppealState::Expired);
    assert!(missed.expiry_cause.contains("nobody sent it"), "{}", missed.expiry_cause);
    let lines = house.timeline(&denial.work_item_id).await;
    for words in ["the day to send it passed", "appeal level 1: missed: its last day was"] {
        assert!(lines.iter().any(|line| line.contains(words)), "{words}: {lines:?}");
    }
    // A late filing is recorded, with its cause.
    let late = |appeal: &Appeal, number: &str| {
        let mut request = submit(appeal, 15, number);
        let said = request.submission.as_mut().unwrap();
        said.filed_on = Some(date(2026, 9, 20));
        said.good_cause = "a flood closed the office".to_owned();
        request
    };
    let sent = house.sends(late(&missed, "FAX1")).await.unwrap();
    assert_eq!((sent.state(), sent.submissions[0].late), (AppealState::Submitted, true));
    // Or the lines are appealed anew, and the first one is out.
    let second = house.denials("PCN2").await.remove(0);
    let anew = house.appeal(&[&second]).await.unwrap();
    let other = house.get(&other.id).await;
    let refused = house.sends(late(&other, "FAX2")).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::AlreadyExists, "DUPLICATE_APPEAL"));
    house.sends(late(&anew, "FAX2")).await.unwrap();
}

#[tokio::test]
async fn a_feed_of_several_pages_is_followed_to_its_end() {
    let house = House::lenient().await;
    let codes = [("CO", "50", 60_00)];
    let line = Line { charge: 60_00, paid: 0, adjustments: &codes, remarks: &[] };
    let lines = [line];
    let claim = |file: Remittance, at: usize| file.claim(&format!("LONG{at}"), "DOE", &lines);
    house.upload((0..800).fold(house.remittance("", "20260610"), claim)).await;
    let (sent, _) = house.filed("PCN1").await;
    house.says("PCN1", "20260615", 60_00).await;
    house.follow().await;
    assert_eq!(house.get(&sent.id).await.state(), AppealState::Decided);
}

#[tokio::test]
async fn an_errand_opens_what_it_names_in_its_tenant_and_nothing_else() {
    let house = House::lenient().await;
    house.filed("PCN1").await;
    let other = Group::board(&house.world, &NewGroup::new("south", "1999999984")).await;
    let env = house.world.app().env();
    let errand = env.errand("routing", &["appeals.watch_events"]);
    let on_duty = |group: &Group| {
        let tenant = group.tenant_id.parse().map(TenantId::from_uuid).unwrap();
        errand.of(&Caller::on_duty(tenant, "test"))
    };
    let watch = async |group: &Group| {
        let mut appeals = AppealsServiceClient::new(house.world.wire().as_caller(&on_duty(group)));
        let request = WatchEventsRequest { stop_at_end: true, ..WatchEventsRequest::default() };
        let events = appeals.watch_events(request).await.unwrap().into_inner();
        events.try_collect::<Vec<_>>().await.unwrap().len()
    };
    assert_eq!((watch(&house.group).await, watch(&other).await), (2, 0));
    let wire = house.world.wire().as_caller(&on_duty(&house.group));
    let mut appeals = AppealsServiceClient::new(wire.clone());
    let listed = appeals.list_appeals(ListAppealsRequest::default()).await;
    assert_eq!(listed.unwrap_err().code(), Code::PermissionDenied);
    let mut routing = RoutingServiceClient::new(wire);
    let denials = routing.list_denials(ListDenialsRequest::default()).await;
    assert_eq!(denials.unwrap_err().code(), Code::PermissionDenied);
    // Its minute over, it opens nothing.
    let caller = on_duty(&house.group);
    house.world.clock().advance(TimeDelta::seconds(66));
    let mut appeals = AppealsServiceClient::new(house.world.wire().as_caller(&caller));
    let stale = appeals.watch_events(WatchEventsRequest::default()).await.unwrap_err();
    assert_eq!(stale.code(), Code::Unauthenticated);
}
