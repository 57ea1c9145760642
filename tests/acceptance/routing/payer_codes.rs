use contracts::access::v1::Role;
use contracts::dictionary::v1::{ExceptionKind, MapPayerCodeRequest};
use contracts::routing::v1::*;
use tests::{Group, Line, NewGroup, Remittance, World, id};

const NPI: &str = "1234567893";

#[tokio::test]
async fn a_code_that_a_payer_made_up_is_decided_as_what_it_stands_for() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let upload = async |number: &str| {
        let adjustments = [("CO", "AUTH9", 90_00)];
        let line = Line { charge: 90_00, paid: 0, adjustments: &adjustments, remarks: &[] };
        let remittance = Remittance::to(NPI, "20260610").claim(number, "DOE", &[line]);
        group.upload(&world, &remittance.x12()).await;
    };
    upload("P1").await;
    let token = group.token(&world, Role::Analyst).await;
    let mut routing = world.routing(&token);
    let items = routing.list_work_items(ListWorkItemsRequest::default()).await.unwrap();
    let items = items.into_inner().work_items;
    assert_eq!(items[0].exception(), ExceptionKind::UnknownCode, "{items:?}");

    let mapping = MapPayerCodeRequest {
        payer_id: group.payer_id.clone(),
        code: "auth9".to_owned(),
        standard_carc: "197".to_owned(),
        standard_rarc: "M62".to_owned(),
        request_id: id(),
    };
    world.dictionary(&token).map_payer_code(mapping).await.unwrap();
    upload("P2").await;
    let denials = routing.list_denials(ListDenialsRequest::default()).await.unwrap().into_inner();
    let [denial] = denials.denials.as_slice() else { panic!("{denials:?}") };
    assert_eq!(denial.patient_control_number, "P2");
    assert_eq!(denial.reason.as_ref().unwrap().code, "197");
    let rarcs: Vec<&str> = denial.remarks.iter().map(|rarc| rarc.code.as_str()).collect();
    assert_eq!(rarcs, ["M62"]);
    // What was sent stays what was sent.
    let request = GetClaimOccurrenceRequest { id: denial.claim_occurrence_id.clone() };
    let claim = routing.get_claim_occurrence(request).await.unwrap().into_inner();
    let claim = claim.claim_occurrence.unwrap();
    assert_eq!(claim.lines[0].adjustments[0].reason.as_ref().unwrap().code, "AUTH9");
}
