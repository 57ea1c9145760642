use std::slice::from_ref;

use chrono::TimeDelta;
use contracts::access::v1::Role;
use contracts::dictionary::v1::*;
use contracts::routing::v1::{
    Denial, GetDenialRequest, GetWorkItemRequest, ListDenialsRequest, ListWorkItemsRequest,
};
use tests::{Governing, Line, Remittance, World, id};

use super::governed;

/// Who acted, for which seat, and how.
fn acts(approvers: &[Approver]) -> Vec<(String, String, ApproverAct)> {
    let act = |one: &Approver| (one.user_id.clone(), one.seat.clone(), one.act());
    approvers.iter().map(act).collect()
}

/// The newest denial, after one more was remitted.
async fn denied(world: &World, group: &Governing<'_>, number: &str) -> Denial {
    let adjustments = [("CO", "197", 90_00)];
    let line = Line { charge: 90_00, paid: 0, adjustments: &adjustments, remarks: &[] };
    let remittance = Remittance::to("1234567893", "20260610").claim(number, "DOE", &[line]);
    group.group.upload(world, &remittance.x12()).await;
    let mut routing = world.routing(&group.analyst);
    let filter = format!("patient_control_number = \"{number}\"");
    let request = ListDenialsRequest { filter, ..Default::default() };
    let listed = routing.list_denials(request).await.unwrap().into_inner();
    let request = GetDenialRequest { id: listed.denials[0].id.clone() };
    routing.get_denial(request).await.unwrap().into_inner().denial.unwrap()
}

#[tokio::test]
async fn a_receipt_names_who_stands_behind_its_revision() {
    let world = World::new().await;
    let group = governed(&world).await;
    let first = denied(&world, &group, "P1").await.receipt.unwrap();
    let started = group.active().await;
    assert_eq!(first.approvers, started.approvers);
    assert_eq!(acts(&first.approvers)[0].2, ApproverAct::Published);

    let approved = group.approved("carc-197", "coding").await;
    group.activate(&approved, None).await.unwrap();
    let voted = (group.users.member.clone(), "coding".to_owned(), ApproverAct::Voted);
    assert_eq!(acts(&group.active().await.approvers), from_ref(&voted));
    let denial = denied(&world, &group, "P2").await;
    let receipt = denial.receipt.unwrap();
    assert_eq!(acts(&receipt.approvers), from_ref(&voted));
    assert!(receipt.approvers[0].at.is_some());

    // So does a work item, and a decision that the dictionary is asked for.
    let token = group.group.token(&world, Role::Specialist).await;
    let filter = "patient_control_number = \"P2\"".to_owned();
    let listed = world
        .routing(&token)
        .list_work_items(ListWorkItemsRequest { filter, ..Default::default() })
        .await;
    let request = GetWorkItemRequest { id: listed.unwrap().into_inner().work_items[0].id.clone() };
    let item = world.routing(&token).get_work_item(request).await.unwrap().into_inner();
    let of_item = item.work_item.unwrap().denials[0].receipt.clone().unwrap();
    assert_eq!(of_item.approvers, receipt.approvers);
    let decide = DecideRequest { facts: denial.facts.clone(), revision: String::new() };
    let decided = group.client(&group.analyst).decide(decide).await.unwrap().into_inner();
    assert_eq!(decided.decision.unwrap().receipt.unwrap(), receipt);

    // Who is named without being on record is told, and the evaluation stands.
    let mut forged = receipt.clone();
    forged.approvers[0].user_id = group.users.everyone.clone();
    let facts = denial.facts;
    let verify =
        |receipt: Receipt| VerifyReceiptRequest { receipt: Some(receipt), facts: facts.clone() };
    let mut dictionary = group.client(&group.analyst);
    let honest = dictionary.verify_receipt(verify(receipt.clone())).await.unwrap().into_inner();
    assert!(honest.valid && honest.unrecorded_approvers.is_empty());
    assert_eq!(honest.recomputed.unwrap().approvers, receipt.approvers);
    let told = dictionary.verify_receipt(verify(forged.clone())).await.unwrap().into_inner();
    assert!(told.valid);
    assert_eq!(told.unrecorded_approvers, forged.approvers);
}

#[tokio::test]
async fn an_emergency_is_told_from_an_approval_until_it_is_ratified() {
    let world = World::new().await;
    let group = governed(&world).await;
    let change = group.submitted(&group.draft("carc-197", "coding").await).await;
    let call = ActivateInEmergencyRequest {
        change_request_id: change.id.clone(),
        reason: "the payer changed its portal overnight".to_owned(),
        hours: 24,
        etag: change.etag.clone(),
        request_id: id(),
        ..Default::default()
    };
    group.client(&group.everyone).activate_in_emergency(call).await.unwrap();
    let forced = (group.users.everyone.clone(), "compliance".to_owned(), ApproverAct::Forced);
    let receipt = denied(&world, &group, "P1").await.receipt.unwrap();
    assert_eq!(acts(&receipt.approvers), from_ref(&forced), "nobody has agreed to it");

    world.clock().advance(TimeDelta::minutes(1));
    let (_, _, change) = group.checked(&change).await;
    group.vote(&group.member, "coding", &change, ReviewVerdict::Approve).await.unwrap();
    let voted = (group.users.member.clone(), "coding".to_owned(), ApproverAct::Voted);
    let ratified = group.active().await;
    assert_eq!(acts(&ratified.approvers), [forced.clone(), voted.clone()]);
    let mut people = [group.users.everyone.clone(), group.users.member.clone()];
    people.sort();
    assert_eq!(ratified.approved_by, people.join(" "));
    let receipt = denied(&world, &group, "P2").await.receipt.unwrap();
    assert_eq!(acts(&receipt.approvers), [forced, voted]);
}

#[tokio::test]
async fn votes_from_before_an_emergency_give_it_no_right() {
    let world = World::new().await;
    let group = governed(&world).await;
    let mut two = group.committee("1");
    two.policies[0].quorum_count = 2;
    group.update_committee(two, &["policies"]).await.unwrap();
    let change = group.submitted(&group.draft("carc-197", "coding").await).await;
    let (_, _, change) = group.checked(&change).await;
    let change =
        group.vote(&group.member, "coding", &change, ReviewVerdict::Approve).await.unwrap();
    let call = ActivateInEmergencyRequest {
        change_request_id: change.id.clone(),
        reason: "the payer changed its portal overnight".to_owned(),
        hours: 24,
        etag: change.etag.clone(),
        request_id: id(),
        ..Default::default()
    };
    group.client(&group.everyone).activate_in_emergency(call).await.unwrap();
    let forced = (group.users.everyone.clone(), "compliance".to_owned(), ApproverAct::Forced);
    assert_eq!(acts(&group.active().await.approvers), from_ref(&forced));
}

#[tokio::test]
async fn a_shadow_run_of_what_once_stood_takes_nobody_from_a_receipt() {
    let world = World::new().await;
    let group = governed(&world).await;
    let approved = group.approved("carc-197", "coding").await;
    group.activate(&approved, None).await.unwrap();
    let past = denied(&world, &group, "P1").await;
    let voted = (group.users.member.clone(), "coding".to_owned(), ApproverAct::Voted);
    assert_eq!(acts(&past.receipt.as_ref().unwrap().approvers), from_ref(&voted));
    let back = RollBackRevisionRequest {
        revision: "1".to_owned(),
        reason: "the team drowns".to_owned(),
        etag: approved.result_hash.clone(),
        request_id: id(),
        ..Default::default()
    };
    group.client(&group.member).roll_back_revision(back).await.unwrap();
    let again = group.submitted(&group.draft("carc-197", "coding").await).await;
    let (_, _, again) = group.checked(&again).await;
    assert_eq!(again.result_hash, approved.result_hash);
    group.preview(&again, PreviewStage::Shadow, &[]).await.unwrap();
    denied(&world, &group, "P2").await;
    let request = GetDenialRequest { id: past.id.clone() };
    let now = world.routing(&group.analyst).get_denial(request).await.unwrap().into_inner();
    assert_eq!(now.denial.unwrap().receipt, past.receipt);
}
