use contracts::access::v1::Role;
use contracts::dictionary::v1::{
    AddPayerAliasRequest, ExceptionKind, OwnerFunction, PayerAlias, PayerAliasKind,
};
use contracts::routing::v1::*;
use tests::{Group, Line, NewGroup, Remittance, World, id};

const NPI: &str = "1234567893";

async fn upload(world: &World, group: &Group, payer: &str, company: &str, number: &str) {
    let line = Line { charge: 90_00, paid: 0, adjustments: &[("CO", "197", 90_00)], remarks: &[] };
    let remittance = Remittance::to(NPI, "20260610").from_payer(payer, company, "CI");
    group.upload(world, &remittance.claim(number, "DOE", &[line]).x12()).await;
}

async fn about_payers(world: &World, token: &str) -> Vec<WorkItem> {
    let filter = "kind = \"EXCEPTION\"".to_owned();
    let request = ListWorkItemsRequest { filter, ..Default::default() };
    let listed = world.routing(token).list_work_items(request).await.unwrap().into_inner();
    let unknown = |item: &WorkItem| item.exception() == ExceptionKind::UnknownPayer;
    listed.work_items.into_iter().filter(unknown).collect()
}

#[tokio::test]
async fn a_payer_that_nobody_knows_is_one_owned_item_until_somebody_says_who_it_is() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let token = group.token(&world, Role::Analyst).await;
    upload(&world, &group, "SAMPLE HEALTH PLAN", "1999999991", "P0").await;
    assert_eq!(about_payers(&world, &token).await, [], "this one is known");

    for number in ["P1", "P2"] {
        upload(&world, &group, "Sample  Health Inc", "1777777771", number).await;
    }
    let items = about_payers(&world, &token).await;
    let [item] = items.as_slice() else { panic!("one for both files: {items:?}") };
    assert_eq!(item.owner_function(), OwnerFunction::Exceptions);
    assert_eq!(item.payer_name, "Sample  Health Inc");
    assert!(item.follow_up_on.is_some() && item.payer_id.is_empty(), "{item:?}");
    for words in ["name `SAMPLE HEALTH INC`", "company id `1777777771`", "most like that of `"] {
        assert!(item.action_words.contains(words), "{}", item.action_words);
    }
    let request = GetWorkItemRequest { id: item.id.clone() };
    let read = world.routing(&token).get_work_item(request).await.unwrap().into_inner();
    assert_eq!(read.work_item.unwrap().action_words, item.action_words);

    upload(&world, &group, "Zeta Mutual", "1666666661", "P3").await;
    let items = about_payers(&world, &token).await;
    let zeta = items.iter().find(|item| item.payer_name == "Zeta Mutual").unwrap();
    assert!(zeta.action_words.contains("no known payer is called alike"), "{}", zeta.action_words);

    // Said who it is, it is over with the next file.
    let admin = group.token(&world, Role::TenantAdmin).await;
    let name = PayerAliasKind::Name.into();
    let alias = AddPayerAliasRequest {
        payer_id: group.payer_id.clone(),
        alias: Some(PayerAlias { kind: name, value: "sample health inc".to_owned() }),
        request_id: id(),
    };
    world.dictionary(&admin).add_payer_alias(alias).await.unwrap();
    upload(&world, &group, "Sample  Health Inc", "1777777771", "P4").await;
    let states: Vec<(String, WorkItemState)> = about_payers(&world, &token)
        .await
        .iter()
        .map(|item| (item.payer_name.clone(), item.state()))
        .collect();
    let of = |name: &str| states.iter().find(|(of, _)| of == name).unwrap().1;
    assert_eq!(of("Sample  Health Inc"), WorkItemState::Resolved);
    assert_eq!(of("Zeta Mutual"), WorkItemState::Open);

    // Ended without a word of who it is, it is asked again with the next file.
    let lead = group.token(&world, Role::TeamLead).await;
    let items = about_payers(&world, &token).await;
    let zeta = items.iter().find(|item| item.payer_name == "Zeta Mutual").unwrap();
    let end = ResolveWorkItemRequest {
        id: zeta.id.clone(),
        kind: ResolutionKind::Closed.into(),
        reason: "nobody knows".to_owned(),
        etag: zeta.etag.clone(),
        request_id: id(),
        ..ResolveWorkItemRequest::default()
    };
    world.routing(&lead).resolve_work_item(end).await.unwrap();
    upload(&world, &group, "Zeta Mutual", "1666666661", "P5").await;
    let items = about_payers(&world, &token).await;
    let open: Vec<&WorkItem> = items
        .iter()
        .filter(|item| item.payer_name == "Zeta Mutual" && item.state() == WorkItemState::Open)
        .collect();
    assert_eq!(open.len(), 1, "{items:?}");
    assert_ne!(open[0].id, zeta.id);
}
