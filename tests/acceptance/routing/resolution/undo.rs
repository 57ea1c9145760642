use chrono::TimeDelta;
use contracts::access::v1::Role;
use contracts::routing::v1::*;
use tests::samples::ends::resolve;
use tests::{Line, Remittance, id, reason, refusal};
use tonic::Code;

use super::{Desk, NPI, end, fields, with_money};

fn invalid() -> (Code, String) {
    reason(Code::FailedPrecondition, "INVALID_TRANSITION")
}

#[tokio::test]
async fn an_end_is_undone_inside_its_window_as_if_it_had_not_been() {
    let desk = Desk::new().await;
    let before = desk.denied("SLIP", &[70_00, 30_00]).await;
    let request = with_money(end(&before, ResolutionKind::Appeal), 100_00, 0);
    let (_, how) = desk.resolve(Role::Specialist, request).await.unwrap();
    assert_eq!(desk.states(&before).await, [DenialState::Overturned; 2]);
    desk.world.clock().advance(TimeDelta::days(7));
    for reason in ["", " "] {
        assert_eq!(fields(&desk.undo(&how.id, reason).await.unwrap_err()), ["reason"]);
    }
    let after = desk.undo(&how.id, "the wrong item").await.unwrap();
    assert_eq!((after.state(), after.holder.as_str()), (WorkItemState::Open, ""));
    assert_eq!((&after.at_stake, &after.codes), (&before.at_stake, &before.codes));
    assert_eq!(desk.states(&before).await, [DenialState::Open; 2]);
    assert_eq!(desk.open_cents(&before).await, 100_00);
    let twice = desk.undo(&how.id, "the wrong item").await.unwrap_err();
    assert_eq!(refusal(&twice), invalid());
    assert!(twice.message().contains("undone already"), "{}", twice.message());
    // It is work again, and ends again.
    desk.claim(Role::Specialist, &after).await.unwrap();
}

#[tokio::test]
async fn after_its_window_an_end_stays_on_record_and_the_item_is_reopened() {
    let desk = Desk::new().await;
    let item = desk.denied("LATE", &[100_00]).await;
    let (done, how) = desk.resolve(Role::Specialist, resolve(&item, None)).await.unwrap();
    desk.world.clock().advance(TimeDelta::days(7) + TimeDelta::seconds(1));
    let late = desk.undo(&how.id, "a second thought").await.unwrap_err();
    assert_eq!(refusal(&late), reason(Code::FailedPrecondition, "UNDO_WINDOW_CLOSED"));
    assert_eq!(desk.states(&item).await, [DenialState::Closed]);
    assert_eq!(fields(&desk.reopen(&done, "").await.unwrap_err()), ["reason"]);
    let stale = desk.reopen(&item, "a second thought").await.unwrap_err();
    assert_eq!(refusal(&stale), reason(Code::Aborted, "STALE_ETAG"));
    let open = desk.reopen(&done, "a second thought").await.unwrap();
    assert_eq!(open.state(), WorkItemState::Open);
    assert_eq!(desk.states(&item).await, [DenialState::Open]);
    let twice = desk.reopen(&open, "a second thought").await.unwrap_err();
    assert_eq!(refusal(&twice), invalid());
}

#[tokio::test]
async fn only_the_latest_end_is_undone() {
    let desk = Desk::new().await;
    let item = desk.denied("TWICE", &[100_00]).await;
    let (done, first) = desk.resolve(Role::Specialist, resolve(&item, None)).await.unwrap();
    let open = desk.reopen(&done, "a second thought").await.unwrap();
    let not_ended = desk.undo(&first.id, "a third thought").await.unwrap_err();
    assert_eq!(refusal(&not_ended), invalid());
    assert!(not_ended.message().contains("OPEN"), "{}", not_ended.message());
    let request = with_money(end(&open, ResolutionKind::Appeal), 100_00, 0);
    let (_, second) = desk.resolve(Role::Specialist, request).await.unwrap();
    let overtaken = desk.undo(&first.id, "a third thought").await.unwrap_err();
    assert_eq!(refusal(&overtaken), invalid());
    assert!(overtaken.message().contains("latest end"), "{}", overtaken.message());
    assert_eq!(desk.states(&item).await, [DenialState::Overturned], "the second one stands");
    desk.undo(&second.id, "a third thought").await.unwrap();
    assert_eq!(desk.states(&item).await, [DenialState::Open]);
}

#[tokio::test]
async fn what_the_payer_took_back_meanwhile_stays_taken_back() {
    let desk = Desk::new().await;
    let item = desk.denied("BACK", &[100_00]).await;
    let (_, how) = desk.resolve(Role::Specialist, resolve(&item, None)).await.unwrap();
    let given = [("CO", "197", -100_00)];
    let line = Line { charge: -100_00, paid: 0, adjustments: &given, remarks: &[] };
    let reversal = Remittance::to(NPI, "20260612").reversal("BACK", "DOE", &[line]).x12();
    desk.group.upload(&desk.world, &reversal).await;
    assert_eq!(desk.states(&item).await, [DenialState::Reversed]);
    let late = desk.undo(&how.id, "the wrong item").await.unwrap_err();
    assert_eq!(refusal(&late), invalid());
    assert!(late.message().contains("the payer has answered"), "{}", late.message());
    assert_eq!(desk.states(&item).await, [DenialState::Reversed]);
    assert_eq!(desk.item(&item.id).await.state(), WorkItemState::Resolved, "it is as it was");
}

#[tokio::test]
async fn an_item_that_a_remittance_ended_is_reopened_without_an_end_of_a_person() {
    let desk = Desk::new().await;
    let item = desk.denied("PAYER", &[100_00]).await;
    let given = [("CO", "197", -100_00)];
    let line = Line { charge: -100_00, paid: 0, adjustments: &given, remarks: &[] };
    let reversal = Remittance::to(NPI, "20260612").reversal("PAYER", "DOE", &[line]).x12();
    desk.group.upload(&desk.world, &reversal).await;
    let done = desk.item(&item.id).await;
    assert_eq!(done.state(), WorkItemState::Resolved);
    let open = desk.reopen(&done, "the payer errs").await.unwrap();
    assert_eq!(open.state(), WorkItemState::Open);
    assert_eq!(desk.states(&item).await, [DenialState::Reversed]);
}

#[tokio::test]
async fn a_stranger_to_the_queue_takes_no_end_back() {
    let desk = Desk::new().await;
    let item = desk.denied("OTHERS", &[100_00]).await;
    let (done, how) = desk.resolve(Role::Specialist, resolve(&item, None)).await.unwrap();
    // The queue has nobody now but its lead.
    let request = GetQueueRequest { id: "authorizations".to_owned() };
    let mut lead = desk.routing(Role::TeamLead).await;
    let queue = lead.get_queue(request).await.unwrap().into_inner().queue.unwrap();
    let request = UpdateQueueRequest {
        queue: Some(Queue { members: Vec::new(), lead: desk.lead.clone(), ..queue }),
        update_mask: Some(prost_types::FieldMask {
            paths: vec!["members".to_owned(), "lead".to_owned()],
        }),
        request_id: id(),
    };
    lead.update_queue(request).await.unwrap();
    let stranger = reason(Code::FailedPrecondition, "NOT_OF_THIS_QUEUE");
    let undone = desk.undo(&how.id, "the wrong item").await.unwrap_err();
    assert_eq!(refusal(&undone), stranger);
    let reopened = desk.reopen(&done, "a second thought").await.unwrap_err();
    assert_eq!(refusal(&reopened), stranger);
    let request = UndoResolutionRequest {
        resolution_id: how.id,
        reason: "the wrong item".to_owned(),
        request_id: id(),
    };
    lead.undo_resolution(request).await.unwrap();
}
