use contracts::access::v1::Role;
use contracts::dictionary::v1::*;
use tests::{Group, NewGroup, World, id};
use tonic::{Code, Status};
use tonic_types::StatusExt;

fn mapping(payer: &str, code: &str, carc: &str, rarc: &str) -> MapPayerCodeRequest {
    MapPayerCodeRequest {
        payer_id: payer.to_owned(),
        code: code.to_owned(),
        standard_carc: carc.to_owned(),
        standard_rarc: rarc.to_owned(),
        request_id: id(),
    }
}

async fn map(world: &World, token: &str, of: MapPayerCodeRequest) -> Result<PayerCode, Status> {
    let answer = world.dictionary(token).map_payer_code(of).await?;
    Ok(answer.into_inner().payer_code.unwrap())
}

async fn list(world: &World, token: &str, filter: &str) -> Result<Vec<PayerCode>, Status> {
    let filter = filter.to_owned();
    let request = ListPayerCodesRequest { filter, ..ListPayerCodesRequest::default() };
    Ok(world.dictionary(token).list_payer_codes(request).await?.into_inner().payer_codes)
}

#[tokio::test]
async fn a_payers_code_stands_for_one_standard_code_and_the_same_again_changes_nothing() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let analyst = group.token(&world, Role::Analyst).await;
    let payer = group.payer_id.as_str();
    let first = map(&world, &analyst, mapping(payer, " px12 ", "0197", "")).await.unwrap();
    assert_eq!((first.code.as_str(), first.standard_carc.as_str()), ("PX12", "197"));
    let same = map(&world, &analyst, mapping(payer, "PX12", "197", "")).await.unwrap();
    assert_eq!(same, first);
    let other = map(&world, &analyst, mapping(payer, "PX12", "16", "m51")).await.unwrap();
    assert_eq!((&other.id, other.standard_rarc.as_str()), (&first.id, "M51"));
    assert_ne!(other.etag, first.etag);
    let second = map(&world, &analyst, mapping(payer, "PX13", "29", "")).await.unwrap();
    let specialist = group.token(&world, Role::Specialist).await;
    let all = vec![other, second];
    assert_eq!(list(&world, &specialist, "").await.unwrap(), all);
    let filter = format!("mapped = true AND payer_id = \"{payer}\"");
    assert_eq!(list(&world, &specialist, &filter).await.unwrap(), all);
    assert_eq!(list(&world, &specialist, "mapped = false").await.unwrap(), []);
    let elsewhere = format!("payer_id = \"{}\"", id());
    assert_eq!(list(&world, &specialist, &elsewhere).await.unwrap(), []);
    for wrong in ["mapped = maybe", "payer_id = x", "code = 1", "mapped != true"] {
        let refused = list(&world, &specialist, wrong).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{wrong}");
    }
}

#[tokio::test]
async fn what_is_no_code_and_whose_payer_it_is_not_is_refused() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let analyst = group.token(&world, Role::Analyst).await;
    let payer = group.payer_id.as_str();
    let fields = async |of: MapPayerCodeRequest| {
        let refused = map(&world, &analyst, of).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        let listed = refused.get_details_bad_request().unwrap().field_violations;
        listed.into_iter().map(|fault| fault.field).collect::<Vec<_>>()
    };
    let unknown = fields(mapping(payer, "X", "9998", "N9998")).await;
    assert_eq!(unknown, ["standard_carc", "standard_rarc"]);
    assert_eq!(
        fields(mapping(payer, "", "*", "*")).await,
        ["code", "standard_carc", "standard_rarc"]
    );
    assert_eq!(fields(mapping(payer, &"x".repeat(33), "16", "")).await, ["code"]);
    let nobodys = map(&world, &analyst, mapping(&id(), "X", "16", "")).await.unwrap_err();
    assert_eq!(nobodys.code(), Code::NotFound);
    let stranger = Group::board(&world, &NewGroup::new("south", "1245319599")).await;
    let stranger = stranger.token(&world, Role::Analyst).await;
    let foreign = map(&world, &stranger, mapping(payer, "X", "16", "")).await.unwrap_err();
    assert_eq!((foreign.code(), foreign.message()), (nobodys.code(), nobodys.message()));
    // The control.
    map(&world, &analyst, mapping(payer, "X", "16", "")).await.unwrap();
    assert_eq!(list(&world, &stranger, "").await.unwrap(), []);
}
