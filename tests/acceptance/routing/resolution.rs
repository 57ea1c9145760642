//! How work ends.

mod approval;
mod bulk;
mod remitted;
mod touches;
mod undo;

use contracts::access::v1::Role;
use contracts::routing::v1::*;
use futures::TryStreamExt;
use tests::samples::ends::{money, resolve};
use tests::samples::work::queue;
use tests::{Group, Line, NewGroup, Remittance, World, fields, id, reason, refusal};
use tonic::{Code, Status};

const NPI: &str = "1234567893";

/// A group with a queue of authorization denials, of which the specialist is a member.
struct Desk {
    world: World,
    group: Group,
    specialist: String,
    lead: String,
}

impl Desk {
    async fn new() -> Self {
        Self::in_world(World::new().await).await
    }

    async fn in_world(world: World) -> Self {
        let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
        let [specialist, lead] = group.people(&world, [Role::Specialist, Role::TeamLead]).await;
        let desk = Self { world, group, specialist, lead };
        let queue = queue("authorizations", "authorization", &[&desk.specialist]);
        let request = CreateQueueRequest { queue: Some(queue), request_id: id() };
        desk.routing(Role::TeamLead).await.create_queue(request).await.unwrap();
        desk
    }

    async fn routing(
        &self,
        role: Role,
    ) -> routing_service_client::RoutingServiceClient<overturn::Door> {
        let token = self.group.token(&self.world, role).await;
        self.world.routing(&token)
    }

    /// The item of a claim of which each line was refused.
    async fn denied(&self, number: &str, cents: &[i64]) -> WorkItem {
        let item = self.denied_on("20260610", number, "CO", cents).await;
        assert_eq!(item.team, "authorization");
        item
    }

    async fn denied_on(&self, day: &str, number: &str, group: &str, cents: &[i64]) -> WorkItem {
        let refused: Vec<_> = cents.iter().map(|cents| [(group, "197", *cents)]).collect();
        let lines: Vec<Line<'_>> = refused
            .iter()
            .map(|one| Line { charge: one[0].2, paid: 0, adjustments: one, remarks: &[] })
            .collect();
        let remittance = Remittance::to(NPI, day).traced(number).claim(number, "DOE", &lines);
        self.group.upload(&self.world, &remittance.x12()).await;
        let filter = format!("patient_control_number = \"{number}\"");
        let request = ListWorkItemsRequest { filter, ..ListWorkItemsRequest::default() };
        let mut routing = self.routing(Role::Specialist).await;
        let listed = routing.list_work_items(request).await.unwrap().into_inner();
        listed.work_items.into_iter().next().unwrap()
    }

    async fn item(&self, item: &str) -> WorkItem {
        let request = GetWorkItemRequest { id: item.to_owned() };
        let answer = self.routing(Role::Specialist).await.get_work_item(request).await.unwrap();
        answer.into_inner().work_item.unwrap()
    }

    async fn claim(&self, role: Role, item: &WorkItem) -> Result<(WorkItem, Lease), Status> {
        let request = ClaimWorkItemRequest {
            id: item.id.clone(),
            request_id: id(),
            ..ClaimWorkItemRequest::default()
        };
        let answer = self.routing(role).await.claim_work_item(request).await?.into_inner();
        Ok((answer.work_item.unwrap(), answer.lease.unwrap()))
    }

    async fn resolve(
        &self,
        role: Role,
        request: ResolveWorkItemRequest,
    ) -> Result<(WorkItem, Resolution), Status> {
        let request = ResolveWorkItemRequest { request_id: id(), ..request };
        let answer = self.routing(role).await.resolve_work_item(request).await?.into_inner();
        Ok((answer.work_item.unwrap(), answer.resolution.unwrap()))
    }

    async fn undo(&self, end: &str, reason: &str) -> Result<WorkItem, Status> {
        let request = UndoResolutionRequest {
            resolution_id: end.to_owned(),
            reason: reason.to_owned(),
            request_id: id(),
        };
        let answer = self.routing(Role::Specialist).await.undo_resolution(request).await?;
        Ok(answer.into_inner().work_item.unwrap())
    }

    async fn reopen(&self, item: &WorkItem, reason: &str) -> Result<WorkItem, Status> {
        let request = ReopenWorkItemRequest {
            id: item.id.clone(),
            reason: reason.to_owned(),
            etag: item.etag.clone(),
            request_id: id(),
        };
        let answer = self.routing(Role::Specialist).await.reopen_work_item(request).await?;
        Ok(answer.into_inner().work_item.unwrap())
    }

    /// Where the denials of an item stand.
    async fn states(&self, item: &WorkItem) -> Vec<DenialState> {
        let filter = format!("work_item_id = \"{}\"", item.id);
        let request = ListDenialsRequest { filter, ..ListDenialsRequest::default() };
        let listed = self.routing(Role::Analyst).await.list_denials(request).await.unwrap();
        listed.into_inner().denials.iter().map(Denial::state).collect()
    }

    /// What of its case is refused and not settled.
    async fn open_cents(&self, item: &WorkItem) -> i64 {
        let request = GetCaseRequest { id: item.case_id.clone() };
        let answer = self.routing(Role::Analyst).await.get_case(request).await.unwrap();
        answer.into_inner().case.unwrap().denied_open.unwrap().amount_cents
    }

    async fn timeline(&self, item: &str) -> Vec<TimelineItem> {
        let request =
            ListTimelineRequest { work_item_id: item.to_owned(), ..ListTimelineRequest::default() };
        let answer = self.routing(Role::Auditor).await.list_timeline(request).await.unwrap();
        answer.into_inner().timeline_items
    }

    async fn events(&self) -> Vec<contracts::events::v1::Event> {
        let request = WatchEventsRequest { stop_at_end: true, ..WatchEventsRequest::default() };
        let events = self.routing(Role::Partner).await.watch_events(request).await.unwrap();
        let events: Vec<WatchEventsResponse> = events.into_inner().try_collect().await.unwrap();
        events.into_iter().map(|answer| answer.event.unwrap()).collect()
    }

    /// The payloads of the events of this type.
    async fn told(&self, kind: &str) -> Vec<serde_json::Value> {
        let events = self.events().await.into_iter().filter(|event| event.r#type == kind);
        events.map(|event| serde_json::from_str(&event.payload_json).unwrap()).collect()
    }
}

/// An end of `kind` with everything that any kind needs, and no money.
fn end(item: &WorkItem, kind: ResolutionKind) -> ResolveWorkItemRequest {
    let number = match kind {
        ResolutionKind::Correction | ResolutionKind::Resubmission => "NEW-1",
        _ => "",
    };
    ResolveWorkItemRequest {
        kind: kind.into(),
        corrected_claim_number: number.to_owned(),
        ..resolve(item, None)
    }
}

/// That comes with money.
fn with_money(
    request: ResolveWorkItemRequest,
    recovered: i64,
    written_off: i64,
) -> ResolveWorkItemRequest {
    let code = if written_off > 0 { "WO-7" } else { "" };
    ResolveWorkItemRequest {
        recovered: money(recovered),
        written_off: money(written_off),
        write_off_code: code.to_owned(),
        ..request
    }
}

#[tokio::test]
async fn each_kind_of_end_settles_the_denials_as_its_money_says() {
    use DenialState::{Closed, Open, Overturned, PartiallyOverturned};
    use ResolutionKind as Kind;

    let desk = Desk::new().await;
    let ends = [
        (Kind::Correction, 0, 0, Open),
        (Kind::Correction, 100_00, 0, Overturned),
        (Kind::Appeal, 100_00, 0, Overturned),
        (Kind::Appeal, 40_00, 0, PartiallyOverturned),
        (Kind::Appeal, 0, 0, Closed),
        (Kind::Resubmission, 0, 0, Open),
        (Kind::Adjustment, 0, 100_00, Closed),
        (Kind::Adjustment, 60_00, 40_00, PartiallyOverturned),
        (Kind::Escalation, 0, 0, Open),
        (Kind::PatientBill, 0, 0, Closed),
        (Kind::OtherPayer, 0, 0, Closed),
        (Kind::Closed, 0, 0, Closed),
    ];
    for (at, (kind, recovered, written_off, becomes)) in ends.into_iter().enumerate() {
        // A clock that stands still hands out five minutes again and again.
        let item = desk.denied(&format!("KIND{at}"), &[70_00, 30_00]).await;
        let (held, lease) = desk.claim(Role::Specialist, &item).await.unwrap();
        let request = with_money(end(&held, kind), recovered, written_off);
        let fencing_number = lease.fencing_number;
        let request = ResolveWorkItemRequest { fencing_number, ..request };
        let (done, how) = desk.resolve(Role::Specialist, request.clone()).await.unwrap();
        assert_eq!((done.state(), done.holder.as_str()), (WorkItemState::Resolved, ""), "{kind:?}");
        assert_eq!((how.kind(), how.work_item_id.as_str()), (kind, item.id.as_str()));
        assert_eq!((how.recovered, how.written_off), (money(recovered), money(written_off)));
        assert_eq!(how.corrected_claim_number, request.corrected_claim_number);
        assert_eq!((how.write_off_code, how.reason), (request.write_off_code, request.reason));
        assert!(!how.automated && how.undone_reason.is_empty() && how.approved_by.is_empty());
        assert_eq!(desk.states(&item).await, [becomes, becomes], "{kind:?} {recovered}");
        let open = if becomes == Open { 100_00 } else { 0 };
        assert_eq!(desk.open_cents(&item).await, open, "{kind:?} {recovered}");
        assert_eq!(desk.item(&item.id).await, done);
    }
}

#[tokio::test]
async fn an_end_is_told_with_its_words_on_the_timeline_and_its_numbers_on_the_feed() {
    let desk = Desk::new().await;
    let item = desk.denied("TOLD", &[100_00]).await;
    let request = ResolveWorkItemRequest {
        reason: "SECRETWORDS".to_owned(),
        corrected_claim_number: "SECRETCLAIM".to_owned(),
        ..with_money(end(&item, ResolutionKind::Correction), 60_00, 30_00)
    };
    let (_, how) = desk.resolve(Role::Specialist, request).await.unwrap();
    let line = &desk.timeline(&item.id).await[0];
    assert_eq!(line.r#type, "work_item.resolved");
    assert_eq!(line.actor, desk.specialist);
    let words = "done: a corrected claim was sent, SECRETCLAIM; $60.00 came back; $30.00 written \
                 off under WO-7; $10.00 left: SECRETWORDS";
    assert_eq!(line.words, words);
    desk.undo(&how.id, "SECRETSLIP").await.unwrap();
    let item = desk.item(&item.id).await;
    let (done, _) = desk.resolve(Role::Specialist, resolve(&item, None)).await.unwrap();
    desk.reopen(&done, "SECRETSECOND").await.unwrap();
    let told = desk.timeline(&item.id).await;
    let said: Vec<&str> = told.iter().map(|line| line.words.as_str()).collect();
    assert_eq!(said[0], "opened it again: SECRETSECOND");
    assert_eq!(said[2], "took its end back: SECRETSLIP");

    assert!(!format!("{:?}", desk.events().await).contains("SECRET"));
    let resolved = &desk.told("work_item.resolved").await[0];
    assert_eq!((&resolved["kind"], &resolved["state"]), (&"CORRECTION".into(), &"RESOLVED".into()));
    let cents = ["recovered_cents", "written_off_cents", "left_cents"];
    assert_eq!(cents.map(|of| resolved[of].as_i64()), [Some(60_00), Some(30_00), Some(10_00)]);
    assert_eq!(resolved["resolution"], how.id);
    let settled = &desk.told("denial.settled").await[0];
    assert_eq!(
        (&settled["state"], &settled["resolution"]),
        (&"PARTIALLY_OVERTURNED".into(), &how.id.clone().into())
    );
    let reopened = desk.told("work_item.reopened").await;
    let by: Vec<&str> = reopened.iter().map(|event| event["by"].as_str().unwrap()).collect();
    assert_eq!(by, ["undo", "person"]);
    assert_eq!(desk.told("denial.reopened").await.len(), 2);
}

#[tokio::test]
async fn what_an_end_lacks_is_named_field_by_field_and_changes_nothing() {
    use ResolutionKind as Kind;

    let desk = Desk::new().await;
    let item = desk.denied("LACKS", &[100_00]).await;
    let silent = |kind| ResolveWorkItemRequest { reason: String::new(), ..end(&item, kind) };
    let bare =
        |kind| ResolveWorkItemRequest { corrected_claim_number: String::new(), ..silent(kind) };
    let codeless = ResolveWorkItemRequest {
        write_off_code: String::new(),
        ..with_money(end(&item, Kind::Closed), 0, 10_00)
    };
    let euros =
        Some(contracts::money::v1::Money { currency_code: "EUR".to_owned(), amount_cents: 1_00 });
    let nothing = ResolveWorkItemRequest { id: item.id.clone(), ..Default::default() };
    let cases: [(ResolveWorkItemRequest, &[&str]); 15] = [
        (nothing, &["etag", "kind"]),
        (
            ResolveWorkItemRequest { fencing_number: -1, ..end(&item, Kind::Closed) },
            &["fencing_number"],
        ),
        (
            ResolveWorkItemRequest { recovered: euros, ..end(&item, Kind::Closed) },
            &["recovered.currency_code"],
        ),
        (with_money(end(&item, Kind::Closed), i64::MIN, 0), &["recovered.amount_cents"]),
        (bare(Kind::Correction), &["corrected_claim_number"]),
        (bare(Kind::Resubmission), &["corrected_claim_number"]),
        (silent(Kind::Adjustment), &["write_off_code", "written_off"]),
        (with_money(end(&item, Kind::Adjustment), 0, 99_99), &["written_off"]),
        (silent(Kind::Escalation), &["reason"]),
        (silent(Kind::PatientBill), &["reason"]),
        (silent(Kind::Closed), &["reason"]),
        (codeless, &["write_off_code"]),
        (with_money(bare(Kind::Correction), 100_01, 0), &["recovered", "corrected_claim_number"]),
        (with_money(end(&item, Kind::Closed), -1, 0), &["recovered"]),
        (with_money(end(&item, Kind::OtherPayer), 0, 1_00), &["written_off"]),
    ];
    for (request, expected) in cases {
        let kind = request.kind();
        let status = desk.resolve(Role::Specialist, request).await.unwrap_err();
        assert_eq!(fields(&status), *expected, "{kind:?}");
    }
    assert_eq!(desk.item(&item.id).await.etag, item.etag, "nothing has changed");
    // The control: with what it lacked, each of them ends an item.
    desk.resolve(Role::Specialist, end(&item, Kind::Escalation)).await.unwrap();
    let owed = desk.denied_on("20260610", "OWED", "PR", &[100_00]).await;
    let silent = end(&owed, Kind::PatientBill);
    let silent = ResolveWorkItemRequest { reason: String::new(), ..silent };
    desk.resolve(Role::TeamLead, silent).await.unwrap();
}

#[tokio::test]
async fn an_appeal_ends_only_what_could_be_appealed() {
    let desk = Desk::new().await;
    let closed = desk.denied_on("20180610", "TOOLATE", "CO", &[100_00]).await;
    let appeal = |item| with_money(end(item, ResolutionKind::Appeal), 100_00, 0);
    let status = desk.resolve(Role::Specialist, appeal(&closed)).await.unwrap_err();
    assert_eq!(fields(&status), ["kind"]);
    let open = desk.denied("INTIME", &[100_00]).await;
    desk.resolve(Role::Specialist, appeal(&open)).await.unwrap();
}

#[tokio::test]
async fn only_who_may_write_the_item_ends_it() {
    let desk = Desk::new().await;
    let item = desk.denied("MINE", &[100_00]).await;
    let by = |item: &WorkItem, number| ResolveWorkItemRequest {
        fencing_number: number,
        ..resolve(item, None)
    };
    let (first, lease) = desk.claim(Role::Specialist, &item).await.unwrap();
    let lead = desk.resolve(Role::TeamLead, by(&first, 0)).await.unwrap_err();
    assert_eq!(refusal(&lead), reason(Code::FailedPrecondition, "HELD_BY_ANOTHER"));
    let stale = desk.resolve(Role::Specialist, by(&item, lease.fencing_number)).await;
    assert_eq!(refusal(&stale.unwrap_err()), reason(Code::Aborted, "STALE_ETAG"));
    let (again, second) = desk.claim(Role::Specialist, &item).await.unwrap();
    let lost = desk.resolve(Role::Specialist, by(&again, lease.fencing_number)).await;
    assert_eq!(refusal(&lost.unwrap_err()), reason(Code::Aborted, "LEASE_LOST"));
    let thief = desk.resolve(Role::TeamLead, by(&again, second.fencing_number)).await;
    assert_eq!(refusal(&thief.unwrap_err()), reason(Code::FailedPrecondition, "HELD_BY_ANOTHER"));
    let mine = by(&again, second.fencing_number);
    let (done, _) = desk.resolve(Role::Specialist, mine).await.unwrap();
    let twice = desk.resolve(Role::Specialist, by(&done, 0)).await.unwrap_err();
    assert_eq!(refusal(&twice), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));

    // A partner is a member of no queue; a lead leads them all, without a lease.
    let other = desk.denied("THEIRS", &[100_00]).await;
    let stranger = desk.resolve(Role::Partner, by(&other, 0)).await.unwrap_err();
    assert_eq!(refusal(&stranger), reason(Code::FailedPrecondition, "NOT_OF_THIS_QUEUE"));
    desk.resolve(Role::TeamLead, by(&other, 0)).await.unwrap();
}

#[tokio::test]
async fn a_lease_that_ran_out_ends_nothing() {
    let desk = Desk::new().await;
    let item = desk.denied("SLEPT", &[100_00]).await;
    let (held, lease) = desk.claim(Role::Specialist, &item).await.unwrap();
    desk.world.clock().advance(chrono::TimeDelta::minutes(15));
    let late = resolve(&held, Some(&lease));
    let late = desk.resolve(Role::Specialist, late).await.unwrap_err();
    assert_eq!(refusal(&late), reason(Code::Aborted, "LEASE_LOST"));
    let (held, lease) = desk.claim(Role::Specialist, &held).await.unwrap();
    desk.resolve(Role::Specialist, resolve(&held, Some(&lease))).await.unwrap();
}
