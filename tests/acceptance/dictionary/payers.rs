use contracts::access::v1::Role;
use contracts::dictionary::v1::{
    AddPayerAliasRequest, GetPayerRequest, ListPayersRequest, MatchPayerRequest, Payer, PayerAlias,
    PayerAliasKind, RemovePayerAliasRequest, UpdatePayerRequest,
};
use prost_types::FieldMask;
use tests::{Group, NewGroup, World, id};
use tonic::Code;

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

#[tokio::test]
async fn a_payer_changes_by_its_etag_and_loses_a_name() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let mut dictionary = world.dictionary(&group.token(&world, Role::TenantAdmin).await);
    let read = GetPayerRequest { id: group.payer_id.clone() };
    let payer = dictionary.get_payer(read).await.unwrap().into_inner().payer.unwrap();
    let update = |etag: &str, path: &str| UpdatePayerRequest {
        payer: Some(Payer {
            id: payer.id.clone(),
            display_name: "Renamed Plan".to_owned(),
            time_zone: "America/Denver".to_owned(),
            etag: etag.to_owned(),
            ..Payer::default()
        }),
        update_mask: Some(FieldMask { paths: vec![path.to_owned()] }),
        request_id: id(),
    };
    let slug = dictionary.update_payer(update(&payer.etag, "slug")).await.unwrap_err();
    assert_eq!(slug.code(), Code::InvalidArgument, "entries name it");
    let renamed = dictionary.update_payer(update(&payer.etag, "display_name")).await.unwrap();
    let renamed = renamed.into_inner().payer.unwrap();
    assert_eq!(renamed.display_name, "Renamed Plan");
    assert_eq!(renamed.time_zone, payer.time_zone, "the mask names one field");
    let stale = dictionary.update_payer(update(&payer.etag, "time_zone")).await.unwrap_err();
    assert_eq!(stale.code(), Code::Aborted);

    let removal = RemovePayerAliasRequest {
        payer_id: payer.id.clone(),
        alias: payer.aliases.first().cloned(),
        etag: renamed.etag.clone(),
        request_id: id(),
    };
    let removed = dictionary.remove_payer_alias(removal.clone()).await.unwrap().into_inner();
    let removed = removed.payer.unwrap();
    assert_eq!(removed.aliases.len(), payer.aliases.len() - 1);
    let again =
        RemovePayerAliasRequest { etag: removed.etag.clone(), request_id: id(), ..removal.clone() };
    let again = dictionary.remove_payer_alias(again).await.unwrap_err();
    assert_eq!(again.code(), Code::NotFound, "it has no such name any more");
    let found = MatchPayerRequest { aliases: removal.alias.into_iter().collect() };
    let found = dictionary.match_payer(found).await.unwrap().into_inner();
    assert!(found.payer.is_none());
}
