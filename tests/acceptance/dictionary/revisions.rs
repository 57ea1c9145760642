use contracts::access::v1::Role;
use contracts::dictionary::v1::{
    GetCompiledRevisionRequest, GetRevisionRequest, ListRevisionsRequest,
    PublishBaseDictionaryRequest,
};
use domain::dictionary::Bundle;
use tests::{Group, NewGroup, World, id};
use tonic::Code;

#[tokio::test]
async fn revision_one_is_the_starter_dictionary_addressed_by_its_content() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let mut dictionary = world.dictionary(&group.token(&world, Role::TenantAdmin).await);
    let active = GetRevisionRequest { revision: "active".to_owned() };
    let revision = dictionary.get_revision(active).await.unwrap().into_inner().revision.unwrap();
    assert_eq!((revision.number, revision.active), (1, true));
    assert!(revision.starting_point, "it says that a committee must review it");
    assert_eq!(revision.hash, group.revision);
    let again = PublishBaseDictionaryRequest {
        reason: "again".to_owned(),
        request_id: id(),
        ..PublishBaseDictionaryRequest::default()
    };
    let again = dictionary.publish_base_dictionary(again).await.unwrap().into_inner();
    assert_eq!(again.revision.unwrap().hash, revision.hash, "the same content is one revision");
    let list = dictionary.list_revisions(ListRevisionsRequest::default()).await.unwrap();
    assert_eq!(list.into_inner().revisions.len(), 1);

    let compiled =
        GetCompiledRevisionRequest { revision: "active".to_owned(), ..Default::default() };
    let compiled = dictionary.get_compiled_revision(compiled).await.unwrap().into_inner();
    let canonical = String::from_utf8(compiled.canonical_json).unwrap();
    let hash = Bundle::parse(&canonical).unwrap().hash().unwrap();
    assert_eq!(hash.to_string(), revision.hash, "whoever fetches it can check it");
    let known = GetCompiledRevisionRequest {
        revision: "active".to_owned(),
        known_hash: revision.hash.clone(),
        ..Default::default()
    };
    let known = dictionary.get_compiled_revision(known).await.unwrap().into_inner();
    assert!(known.canonical_json.is_empty(), "what is known is not sent again");
    let missing = GetRevisionRequest { revision: "f".repeat(64) };
    assert_eq!(dictionary.get_revision(missing).await.unwrap_err().code(), Code::NotFound);
}
