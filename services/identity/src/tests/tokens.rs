use chrono::TimeDelta;
use platform::tenant_tx::{Database, DatabaseSettings};
use tonic::Code;

use super::*;
use crate::SigningKeys;
use crate::local::NoToken;

fn kid_of(token: &str) -> String {
    let (header, _) = token.split_once('.').unwrap();
    let header = URL_SAFE_NO_PAD.decode(header).unwrap();
    let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(header["typ"], "at+jwt");
    header["kid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_partner_gets_a_token_that_opens_its_scopes_and_nothing_else() {
    let world = world().await;
    let mut admin = world.tenant("north").await;
    let partner = partner(&mut admin).await;
    let mut nobody = IdentityServiceClient::new(world.app.wire());
    let asked = partner.asks(noon(), "one", "identity.list_teams");
    let answer = nobody.issue_token(asked).await.unwrap().into_inner();
    assert_eq!((answer.token_type.as_str(), answer.expires_in_seconds), ("Bearer", 300));
    assert_eq!(answer.scope, "identity.list_teams");
    let mut partner_client = world.client(&answer.access_token);
    partner_client.list_teams(pb::ListTeamsRequest::default()).await.unwrap();
    let refused = partner_client.list_facilities(pb::ListFacilitiesRequest::default()).await;
    assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied, "not in the token's scope");
    let too_much = partner.asks(noon(), "two", "identity.create_user");
    assert_eq!(reason(&nobody.issue_token(too_much).await.unwrap_err()), "INVALID_SCOPE");
    let filter = "rpc = \"identity.issue_token\"".to_owned();
    let request = pb::ListAuditEventsRequest { filter, ..Default::default() };
    let events = admin.list_audit_events(request).await.unwrap().into_inner().audit_events;
    assert_eq!(events.len(), 1, "the refused one left nothing");
    assert_eq!(events[0].client_id, partner.account.client_id);
    assert_eq!(events[0].actor, partner.account.id);
}

#[tokio::test]
async fn of_parallel_twins_exactly_one_gets_a_token() {
    let world = world().await;
    let mut admin = world.tenant("north").await;
    let partner = partner(&mut admin).await;
    let twins = (0..20).map(|_| {
        let mut client = IdentityServiceClient::new(world.app.wire());
        let request = partner.asks(noon(), "same", "");
        async move { client.issue_token(request).await }
    });
    let answers = futures::future::join_all(twins).await;
    let refused: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
    assert_eq!(refused.len(), 19);
    for status in refused {
        assert_eq!(status.code(), Code::Unauthenticated);
        assert_eq!(reason(status), "ASSERTION_REPLAYED");
    }
}

#[tokio::test]
async fn every_untrusted_client_hears_the_same() {
    let world = world().await;
    let mut admin = world.tenant("north").await;
    let one = partner(&mut admin).await;
    let other = partner(&mut admin).await;
    let good = one.asks(noon(), "a", "");
    let foreign = Partner { pair: other.pair, account: one.account.clone() };
    let stranger = pb::ServiceAccount { client_id: "app-0".to_owned(), ..one.account.clone() };
    let unknown = Partner { pair: Ed25519KeyPair::generate().unwrap(), account: stranger };
    let bad = [
        foreign.asks(noon(), "a", ""),
        unknown.asks(noon(), "a", ""),
        one.asks(noon() + TimeDelta::seconds(66), "a", ""),
        one.asks(noon() - TimeDelta::seconds(245), "a", ""),
        pb::IssueTokenRequest { client_id: "app-0".to_owned(), ..good.clone() },
        pb::IssueTokenRequest { client_assertion: "x.y.z".to_owned(), ..good.clone() },
    ];
    let mut client = IdentityServiceClient::new(world.app.wire());
    let mut answers = Vec::new();
    for request in bad {
        let status = client.issue_token(request).await.unwrap_err();
        let details = status.details().to_vec();
        answers.push((status.code(), status.message().to_owned(), details));
    }
    assert_eq!(answers[0].0, Code::Unauthenticated);
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    client.issue_token(good).await.unwrap();
}

#[tokio::test]
async fn a_rotated_key_is_published_at_once_and_signs_after_its_lead() {
    let world = world().await;
    let env = world.app.env();
    let old = kid_of(&world.token(OPERATOR).await);
    let keys = SigningKeys::new(env.database().clone(), env.keys().clone(), 90);
    let next = keys.rotate().await.unwrap();
    assert_ne!(next, old);
    assert_eq!(keys.rotate().await.unwrap(), next, "there is a next one already");
    assert_eq!(kid_of(&world.token(OPERATOR).await), old);
    world.clock.advance(TimeDelta::seconds(601));
    assert_eq!(kid_of(&world.token(OPERATOR).await), next);
    let mut nobody = IdentityServiceClient::new(world.app.wire());
    let mut published = async || {
        let answer = nobody.get_key_set(pb::GetKeySetRequest {}).await.unwrap().into_inner();
        answer.keys.into_iter().map(|key| key.kid).collect::<Vec<_>>()
    };
    assert_eq!(published().await, [next.clone(), old]);
    world.clock.advance(TimeDelta::seconds(420));
    assert_eq!(published().await, [next]);
}

#[tokio::test]
async fn two_processes_that_start_at_once_agree_on_the_first_key() {
    let world = world().await;
    let folder = world.folder.join("fresh");
    std::fs::create_dir(&folder).unwrap();
    let url = format!("sqlite://{}/t.db", folder.display());
    let settings = DatabaseSettings { url, ..DatabaseSettings::default() };
    let mut processes = Vec::new();
    for _ in 0..4 {
        let database = Database::open(&settings, world.clock.clone()).await.unwrap();
        processes.push(SigningKeys::new(database, world.app.env().keys().clone(), 90));
    }
    futures::future::join_all(processes.iter().map(async |keys| keys.prepare().await.unwrap()))
        .await;
    let first = processes[0].published().await.unwrap();
    assert_eq!(first.len(), 1);
    for keys in &processes {
        assert_eq!(keys.published().await.unwrap(), first);
    }
    let foreign = SigningKeys::new(
        Database::open(&settings, world.clock.clone()).await.unwrap(),
        platform::keys::Keys::ephemeral(),
        90,
    );
    assert!(foreign.prepare().await.is_err(), "another master key cannot use the sealed one");
}

#[tokio::test]
async fn local_tokens_need_the_option_and_a_name_that_is_clear() {
    let world = world().await;
    let env = world.app.env();
    let (database, keys) = (env.database(), env.keys());
    let told = |url: &str, local_tokens: Option<bool>| {
        let mut settings = Settings::default();
        settings.database.url = url.to_owned();
        if let Some(local_tokens) = local_tokens {
            settings.set("identity", "local_tokens", local_tokens);
        }
        settings
    };
    // What is not said is on where the database is a file of the machine, and off elsewhere.
    for (url, said, on) in [
        ("sqlite://t.db", None, true),
        ("sqlite://t.db", Some(false), false),
        ("postgres://a@b/c", None, false),
        ("postgres://a@b/c", Some(true), true),
    ] {
        let answer = local_token(database, keys, &told(url, said), OPERATOR).await;
        assert_eq!(!matches!(answer, Err(NoToken::Off)), on, "{url} {said:?}");
    }
    let mut north = world.tenant("north").await;
    let mut south = world.tenant("south").await;
    for admin in [&mut north, &mut south] {
        admin.create_user(user("sam@both.example", &[Role::Specialist])).await.unwrap();
    }
    let asked = |name| local_token(database, keys, env.options(), name);
    assert!(matches!(asked("sam@both.example").await, Err(NoToken::Ambiguous(_))));
    assert!(matches!(asked("east/sam@both.example").await, Err(NoToken::NoSuchUser(_))));
    let mut sam = world.user("south/SAM@both.example").await;
    let tenant = sam.get_tenant(pb::GetTenantRequest::default()).await.unwrap().into_inner();
    assert_eq!(tenant.tenant.unwrap().slug, "south");
    let filter = "kind = \"LOCAL\" AND rpc = \"identity.local_token\"".to_owned();
    let request = pb::ListAuditEventsRequest { filter, ..Default::default() };
    let events = south.list_audit_events(request).await.unwrap().into_inner().audit_events;
    assert_eq!(events.len(), 2, "the administrator's and Sam's");
}
