use contracts::access::v1::Role;
use contracts::identity::v1::GetKeySetRequest;
use contracts::routing::v1::{ListDenialsRequest, ListWorkItemsRequest, RemittancePurpose};
use tests::partner::{AUDIENCE, assertion, register, token_request};
use tests::{Group, NewGroup, Remittance, World, id};
use tonic::Code;

const SCOPES: [&str; 2] = ["routing.list_work_items", "routing.upload_remittance"];

async fn partner() -> (World, Group, String) {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let admin = group.token(&world, Role::TenantAdmin).await;
    let client = register(&world, &admin, &SCOPES.map(str::to_owned)).await;
    (world, group, client)
}

#[tokio::test]
async fn the_scope_to_upload_suffices_to_upload() {
    let (world, group, client) = partner().await;
    let token = tests::partner::token(&world, &client, SCOPES[1]).await;
    let bytes = Remittance::to(&group.npi, "20260610").claim("A", "DOE", &[]).x12();
    let parts = tests::upload_parts("a.835", &bytes, RemittancePurpose::Live);
    let answer = world.routing(&token).upload_remittance(tokio_stream::iter(parts)).await;
    assert!(answer.is_ok(), "{answer:?}");
}

#[tokio::test]
async fn a_partner_gets_a_token_that_does_what_its_scopes_say_and_no_more() {
    let (world, _, client) = partner().await;
    let mut anyone = world.identity("");
    let request = token_request(&client, &id(), SCOPES[0]);
    let token = anyone.issue_token(request).await.unwrap().into_inner();
    assert_eq!((token.token_type.as_str(), token.scope.as_str()), ("Bearer", SCOPES[0]));
    assert!(token.expires_in_seconds <= 300);
    let mut routing = world.routing(&token.access_token);
    assert!(routing.list_work_items(ListWorkItemsRequest::default()).await.is_ok());
    let beyond = routing.list_denials(ListDenialsRequest::default()).await.unwrap_err();
    assert_eq!(beyond.code(), Code::PermissionDenied, "a role allows it, no scope does");
}

#[tokio::test]
async fn an_assertion_is_good_once_even_for_a_hundred_at_once() {
    let (world, _, client) = partner().await;
    let request = token_request(&client, "the-one-jti", "");
    let asks = (0..100).map(|_| {
        let (mut identity, request) = (world.identity(""), request.clone());
        async move { identity.issue_token(request).await }
    });
    let answers = futures::future::join_all(asks).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for refusal in answers.into_iter().filter_map(Result::err) {
        let retry = matches!(refusal.code(), Code::Aborted | Code::Internal);
        assert!(refusal.code() == Code::Unauthenticated || retry, "{refusal:?}");
    }
    let again = world.identity("").issue_token(request).await.unwrap_err();
    assert_eq!(again.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn a_wrong_assertion_is_refused_without_a_hint() {
    let (world, _, client) = partner().await;
    let good = || token_request(&client, &id(), "");
    let mut wrong = Vec::new();
    for assertion in [
        String::new(),
        "a.b.c".to_owned(),
        assertion(&client, "https://elsewhere.example/token", &id()),
        assertion(&id(), AUDIENCE, &id()),
        assertion(&client, AUDIENCE, &id()).rsplit_once('.').unwrap().0.to_owned() + ".AAAA",
    ] {
        wrong.push(contracts::identity::v1::IssueTokenRequest {
            client_assertion: assertion,
            ..good()
        });
    }
    wrong.push(contracts::identity::v1::IssueTokenRequest { client_id: id(), ..good() });
    wrong.push(contracts::identity::v1::IssueTokenRequest {
        grant_type: "password".to_owned(),
        ..good()
    });
    wrong.push(token_request(&client, &id(), "identity.create_tenant"));
    for request in wrong {
        let refusal = world.identity("").issue_token(request.clone()).await.unwrap_err();
        assert!(
            matches!(refusal.code(), Code::Unauthenticated | Code::InvalidArgument),
            "{:?} for {}",
            refusal,
            request.scope
        );
    }
    assert!(world.identity("").issue_token(good()).await.is_ok());
}

#[tokio::test]
async fn an_access_token_is_no_assertion_and_an_assertion_no_access_token() {
    let (world, group, client) = partner().await;
    let token = group.token(&world, Role::Partner).await;
    let swapped = contracts::identity::v1::IssueTokenRequest {
        client_assertion: token,
        ..token_request(&client, &id(), "")
    };
    let refusal = world.identity("").issue_token(swapped).await.unwrap_err();
    assert_eq!(refusal.code(), Code::Unauthenticated);
    let assertion = assertion(&client, "overturn", &id());
    let refusal = world.routing(&assertion).list_work_items(ListWorkItemsRequest::default()).await;
    assert_eq!(refusal.unwrap_err().code(), Code::Unauthenticated);
}

#[tokio::test]
async fn the_key_set_holds_public_halves_only() {
    let world = World::new().await;
    let keys = world.identity("").get_key_set(GetKeySetRequest {}).await.unwrap().into_inner().keys;
    assert!(!keys.is_empty());
    for key in keys {
        assert_eq!((key.kty.as_str(), key.crv.as_str()), ("OKP", "Ed25519"));
        assert_eq!((key.alg.as_str(), key.r#use.as_str()), ("EdDSA", "sig"));
        assert!(!key.kid.is_empty() && !key.x.is_empty());
    }
}
