use contracts::access::v1::Role;
use contracts::dictionary::v1::{
    AddPayerAliasRequest, GetPayerRequest, ListPayersRequest, MatchPayerRequest, PayerAlias,
    PayerAliasKind,
};
use tests::{Group, NewGroup, World, id};

fn name(value: &str) -> PayerAlias {
    PayerAlias { kind: PayerAliasKind::Name.into(), value: value.to_owned() }
}

#[tokio::test]
async fn a_payer_is_known_by_each_of_its_names_and_a_stranger_is_only_guessed() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let mut dictionary = world.dictionary(&group.token(&world, Role::TenantAdmin).await);
    let mut find = async |alias: PayerAlias| {
        let request = MatchPayerRequest { aliases: vec![alias] };
        dictionary.match_payer(request).await.unwrap().into_inner()
    };
    let known = find(name("  sample   Health plan ")).await;
    assert_eq!(known.payer.unwrap().id, group.payer_id, "blanks and case do not matter");
    let stranger = find(name("SAMPLE HEALTH PLAN OF OHIO")).await;
    assert!(stranger.payer.is_none(), "a guess is never applied");
    let mut dictionary = world.dictionary(&group.token(&world, Role::TenantAdmin).await);
    let add = AddPayerAliasRequest {
        payer_id: group.payer_id.clone(),
        alias: Some(name("SAMPLE HEALTH PLAN OF OHIO")),
        request_id: id(),
    };
    let payer = dictionary.add_payer_alias(add).await.unwrap().into_inner().payer.unwrap();
    assert_eq!(payer.aliases.len(), 3);
    let request = MatchPayerRequest { aliases: vec![name("SAMPLE HEALTH PLAN OF OHIO")] };
    let found = dictionary.match_payer(request).await.unwrap().into_inner();
    assert_eq!(found.payer.unwrap().id, group.payer_id);
    let read = GetPayerRequest { id: group.payer_id.clone() };
    assert_eq!(dictionary.get_payer(read).await.unwrap().into_inner().payer, Some(payer.clone()));
    let list = dictionary.list_payers(ListPayersRequest::default()).await.unwrap().into_inner();
    assert_eq!(list.payers, [payer]);
}
