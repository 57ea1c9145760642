use std::collections::BTreeSet;

use contracts::access::v1::Role;
use contracts::routing::v1::{
    GetCaseRequest, GetClaimOccurrenceRequest, GetRemittanceFileRequest,
    ListClaimOccurrencesRequest, ListDenialsRequest, ListWorkItemsRequest,
};
use tests::samples::Things;
use tests::{Group, Line, NewGroup, Remittance, World};
use tonic::Code;

const NPI: &str = "1234567893";

async fn with_claims(count: i64) -> (World, Group) {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let mut remittance = Remittance::to(NPI, "20260610");
    for at in 0..count {
        // Money repeats, so that ids must break ties.
        let cents = 1_000 * (at % 7 + 1);
        let adjustments = [("CO", if at % 2 == 0 { "197" } else { "29" }, cents)];
        let line = Line { charge: cents, paid: 0, adjustments: &adjustments, remarks: &[] };
        remittance = remittance.claim(&format!("P{at}"), "DOE", &[line]);
    }
    group.upload(&world, &remittance.x12()).await;
    (world, group)
}

#[tokio::test]
async fn paging_shows_every_item_once_in_order() {
    let (world, group) = with_claims(23).await;
    let token = group.token(&world, Role::Specialist).await;
    let mut routing = world.routing(&token);
    let mut request = ListWorkItemsRequest { page_size: 5, ..Default::default() };
    let (mut ids, mut scores) = (BTreeSet::new(), Vec::new());
    loop {
        let page = routing.list_work_items(request.clone()).await.unwrap().into_inner();
        for item in &page.work_items {
            assert!(ids.insert(item.id.clone()), "{} came twice", item.id);
            scores.push(item.priority.as_ref().unwrap().score);
        }
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(ids.len(), 23);
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
}

#[tokio::test]
async fn filters_narrow_and_a_bad_one_says_where() {
    let (world, group) = with_claims(9).await;
    let token = group.token(&world, Role::Specialist).await;
    let mut routing = world.routing(&token);
    let mut list = async |filter: &str| {
        let request = ListWorkItemsRequest { filter: filter.to_owned(), ..Default::default() };
        routing.list_work_items(request).await.map(|list| list.into_inner().work_items)
    };
    assert_eq!(list("team = \"authorization\"").await.unwrap().len(), 5);
    assert_eq!(list("at_stake_cents >= 6000 AND state = \"OPEN\"").await.unwrap().len(), 2);
    assert_eq!(list("patient_control_number = \"P3\"").await.unwrap().len(), 1);
    for bad in ["team", "nonsense = 1", "due_on >= soon", "state = \"ASLEEP\"", "team > \"a\""] {
        let refusal = list(bad).await.unwrap_err();
        assert_eq!(refusal.code(), Code::InvalidArgument, "{bad}");
        let details = tonic_types::StatusExt::get_details_bad_request(&refusal).unwrap();
        assert_eq!(details.field_violations[0].field, "filter", "{bad}");
    }
}

#[tokio::test]
async fn a_claim_a_case_and_a_file_read_back_what_was_sent() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let things = Things::of(&world, &group).await;
    let token = group.token(&world, Role::Specialist).await;
    let mut routing = world.routing(&token);
    let claim = GetClaimOccurrenceRequest { id: things.occurrence_id.clone() };
    let claim = routing.get_claim_occurrence(claim).await.unwrap().into_inner();
    let claim = claim.claim_occurrence.unwrap();
    assert_eq!(claim.patient_control_number, "PCNNORTH");
    assert_eq!(claim.charge.unwrap().amount_cents, 120_00);
    assert!(claim.balanced);
    let line = &claim.lines[0];
    assert_eq!(line.procedure_code, "99211");
    assert_eq!(line.adjustments[0].amount.as_ref().unwrap().amount_cents, 120_00);
    assert_eq!(line.remarks[0].code, "M62");
    let subject = claim.subject.unwrap();
    assert!(subject.patient_name.contains("DOE"), "the one who works it sees whom it is about");

    let case = routing.get_case(GetCaseRequest { id: things.case_id.clone() }).await.unwrap();
    let case = case.into_inner().case.unwrap();
    assert_eq!((case.denials.len(), case.work_items.len()), (1, 1));
    assert_eq!(case.denied_open.unwrap().amount_cents, 120_00);

    let file = GetRemittanceFileRequest { id: things.file_id.clone() };
    let file = routing.get_remittance_file(file).await.unwrap().into_inner();
    let file = file.remittance_file.unwrap();
    assert_eq!(file.file_name, "remittance.835");
    assert_eq!(file.transactions.len(), 1);
    assert!(file.transactions[0].balanced);

    let filter = format!("case_id = \"{}\"", things.case_id);
    let request = ListClaimOccurrencesRequest { filter, ..Default::default() };
    let claims = routing.list_claim_occurrences(request).await.unwrap().into_inner();
    let ids: Vec<&str> = claims.claim_occurrences.iter().map(|claim| claim.id.as_str()).collect();
    assert_eq!(ids, [things.occurrence_id.as_str()]);
    let denials = routing.list_denials(ListDenialsRequest::default()).await.unwrap().into_inner();
    let denial = denials.denials.iter().find(|denial| denial.id == things.denial_id).unwrap();
    assert_eq!(denial.work_item_id, things.item_id);
}

#[tokio::test]
async fn a_malformed_id_is_bad_input_and_a_page_size_is_coerced() {
    let (world, group) = with_claims(3).await;
    let token = group.token(&world, Role::Specialist).await;
    let mut routing = world.routing(&token);
    let file = GetRemittanceFileRequest { id: "not-a-uuid".to_owned() };
    let refusal = routing.get_remittance_file(file).await.unwrap_err();
    assert_eq!(refusal.code(), Code::InvalidArgument);
    for page_size in [0, -1, i32::MAX] {
        let request = ListWorkItemsRequest { page_size, ..Default::default() };
        let list = routing.list_work_items(request).await.unwrap().into_inner();
        assert_eq!(list.work_items.len(), 3);
    }
}
