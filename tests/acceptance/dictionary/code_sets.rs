use contracts::access::v1::Role;
use contracts::dictionary::v1::{GetCodeRequest, ListCodeSetsRequest, ListCodesRequest};
use tests::{Group, NewGroup, World};
use tonic::Code;

#[tokio::test]
async fn every_code_is_there_with_its_validity_and_our_label() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let mut dictionary = world.dictionary(&group.token(&world, Role::Analyst).await);
    let sets = dictionary.list_code_sets(ListCodeSetsRequest::default()).await.unwrap();
    let sets = sets.into_inner().code_sets;
    let count = |slug: &str| sets.iter().find(|set| set.slug == slug).map(|set| set.code_count);
    assert_eq!((count("CARC"), count("RARC")), (Some(407), Some(1_216)));
    let code = |code_set: &str, code: &str| GetCodeRequest {
        code_set: code_set.to_owned(),
        code: code.to_owned(),
    };
    let authorization = dictionary.get_code(code("CARC", "197")).await.unwrap().into_inner();
    let authorization = authorization.code.unwrap();
    assert!(authorization.current && !authorization.label.is_empty());
    let reactivated = dictionary.get_code(code("RARC", "N411")).await.unwrap().into_inner();
    assert!(reactivated.code.unwrap().current, "codes come back");
    let unknown = dictionary.get_code(code("CARC", "9999")).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    let mut request =
        ListCodesRequest { code_set: "CARC".to_owned(), page_size: 150, ..Default::default() };
    let mut seen = 0;
    loop {
        let page = dictionary.list_codes(request.clone()).await.unwrap().into_inner();
        seen += page.codes.len();
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(seen, 407);
}
