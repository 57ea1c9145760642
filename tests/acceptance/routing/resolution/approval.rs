use contracts::access::v1::Role;
use contracts::routing::v1::*;
use tests::samples::ends::money;
use tests::{World, id, reason, refusal};
use tonic::{Code, Status};

use super::{Desk, end, fields, with_money};

impl Desk {
    async fn approve(
        &self,
        role: Role,
        item: &WorkItem,
        cents: i64,
        reason: &str,
    ) -> Result<WorkItem, Status> {
        let request = ApproveWriteOffRequest {
            work_item_id: item.id.clone(),
            amount: money(cents),
            reason: reason.to_owned(),
            etag: item.etag.clone(),
            request_id: id(),
        };
        let answer = self.routing(role).await.approve_write_off(request).await?;
        Ok(answer.into_inner().work_item.unwrap())
    }

    async fn write_off(
        &self,
        role: Role,
        item: &WorkItem,
        cents: i64,
    ) -> Result<(WorkItem, Resolution), Status> {
        let request = with_money(end(item, ResolutionKind::Adjustment), 0, cents);
        self.resolve(role, request).await
    }
}

fn needed() -> (Code, String) {
    reason(Code::FailedPrecondition, "APPROVAL_NEEDED")
}

#[tokio::test]
async fn what_is_above_the_limit_needs_another_person() {
    let desk = Desk::new().await;
    let small = desk.denied("SMALL", &[250_00]).await;
    let (_, how) = desk.write_off(Role::Specialist, &small, 250_00).await.unwrap();
    assert_eq!(how.approved_by, "", "the limit itself needs nobody");

    let large = desk.denied("LARGE", &[250_01]).await;
    let alone = desk.write_off(Role::Specialist, &large, 250_01).await.unwrap_err();
    assert_eq!(refusal(&alone), needed());
    let less = desk.approve(Role::TeamLead, &large, 250_00, "as agreed").await.unwrap();
    let stale = desk.approve(Role::TeamLead, &large, 250_01, "as agreed").await.unwrap_err();
    assert_eq!(refusal(&stale), reason(Code::Aborted, "STALE_ETAG"));
    let low = desk.write_off(Role::Specialist, &less, 250_01).await.unwrap_err();
    assert_eq!(refusal(&low), needed());
    assert!(low.message().contains("only $250.00 is approved"), "{}", low.message());
    let all = desk.approve(Role::TeamLead, &less, 250_01, "SECRETWORDS").await.unwrap();
    let own = desk.write_off(Role::TeamLead, &all, 250_01).await.unwrap_err();
    assert_eq!(refusal(&own), needed());
    let (done, how) = desk.write_off(Role::Specialist, &all, 250_01).await.unwrap();
    assert_eq!(how.approved_by, desk.lead);
    let late = desk.approve(Role::TeamLead, &done, 250_01, "as agreed").await.unwrap_err();
    assert_eq!(refusal(&late), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));

    let told = desk.timeline(&large.id).await;
    assert_eq!(told[1].words, "approved that up to $250.01 is written off: SECRETWORDS");
    assert_eq!((told[1].actor.as_str(), told.len()), (desk.lead.as_str(), 3));
    assert!(!format!("{:?}", desk.events().await).contains("SECRET"));
    let approved = desk.told("work_item.write_off_approved").await;
    let up_to: Vec<_> = approved.iter().map(|event| event["up_to_cents"].as_i64()).collect();
    assert_eq!(up_to, [Some(250_00), Some(250_01)]);
}

#[tokio::test]
async fn whoever_holds_the_item_keeps_it_while_somebody_agrees() {
    let desk = Desk::new().await;
    let item = desk.denied("HELD", &[900_00]).await;
    let (held, lease) = desk.claim(Role::Specialist, &item).await.unwrap();
    // A tenant admin works no queue and may agree.
    let agreed = desk.approve(Role::TenantAdmin, &held, 900_00, "as agreed").await.unwrap();
    assert_eq!((agreed.state(), agreed.holder), (WorkItemState::Claimed, held.holder));
    let item = WorkItem { etag: agreed.etag, ..item };
    let request = with_money(end(&item, ResolutionKind::Adjustment), 0, 900_00);
    let fencing_number = lease.fencing_number;
    let request = ResolveWorkItemRequest { fencing_number, ..request };
    desk.resolve(Role::Specialist, request).await.unwrap();
}

#[tokio::test]
async fn an_approval_names_an_amount_and_a_reason() {
    let desk = Desk::new().await;
    let item = desk.denied("AMOUNT", &[900_00]).await;
    for (cents, reason, expected) in [
        (0, " ", ["reason", "amount"].as_slice()),
        (-1, "as agreed", &["amount"]),
        (900_01, "as agreed", &["amount"]),
    ] {
        let status = desk.approve(Role::TeamLead, &item, cents, reason).await.unwrap_err();
        assert_eq!(fields(&status), expected, "{cents}");
    }
    let item = WorkItem { etag: String::new(), ..item };
    let status = desk.approve(Role::TeamLead, &item, 900_00, "as agreed").await.unwrap_err();
    assert_eq!(fields(&status), ["etag"]);
    let item = desk.item(&item.id).await;
    desk.approve(Role::TeamLead, &item, 900_00, "as agreed").await.unwrap();
}

#[tokio::test]
async fn the_limit_is_the_operators_to_set() {
    let world = World::with(&[("ROUTING__WRITE_OFF_LIMIT_CENTS", "0")]).await;
    let desk = Desk::in_world(world).await;
    let item = desk.denied("NOTHING", &[1_00]).await;
    let alone = desk.write_off(Role::Specialist, &item, 1_00).await.unwrap_err();
    assert_eq!(refusal(&alone), needed());
    let agreed = desk.approve(Role::TeamLead, &item, 1_00, "as agreed").await.unwrap();
    desk.write_off(Role::Specialist, &agreed, 1_00).await.unwrap();
}
