//! Partner apps: a registered key, signed assertions, tokens by client credentials.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contracts::access::v1::Role;
use contracts::identity::v1::public_key::Key;
use contracts::identity::v1::{CreateServiceAccountRequest, IssueTokenRequest, PublicKey};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use platform::access::Policy;
use serde_json::json;

use crate::world::{World, id};

/// The private key of every partner in tests: RFC 8037, appendix A.1, as PKCS #8.
const KEY: &str = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";
/// Its public half.
const JWK: &str =
    r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
/// Where assertions go, and the one audience they may name.
pub const AUDIENCE: &str = "http://127.0.0.1:8080/oauth2/token";

/// Every scope an application can have.
#[must_use]
pub fn scopes() -> Vec<String> {
    let policy = Policy::load().unwrap();
    let rules = policy.methods().into_values().filter_map(|method| method.rule.clone());
    let open = rules.filter(|rule| rule.roles.contains(&Role::Partner) && !rule.anonymous);
    open.map(|rule| rule.permission.clone()).filter(|name| !name.starts_with("grpc")).collect()
}

/// A request for an app called `name` with `scopes`.
#[must_use]
pub fn account(name: &str, scopes: &[String]) -> CreateServiceAccountRequest {
    CreateServiceAccountRequest {
        display_name: name.to_owned(),
        keys: vec![PublicKey {
            kid: "k1".to_owned(),
            algorithm: "EdDSA".to_owned(),
            key: Some(Key::Jwk(JWK.to_owned())),
            ..PublicKey::default()
        }],
        scopes: scopes.to_vec(),
        request_id: id(),
    }
}

/// Registers an app in the tenant of the administrator with `token`; answers its client id.
pub async fn register(world: &World, token: &str, scopes: &[String]) -> String {
    let created = world.identity(token).create_service_account(account("Robot", scopes)).await;
    created.unwrap().into_inner().service_account.unwrap().client_id
}

/// A client assertion (RFC 7523) of `client_id`, good for four minutes from the world's noon.
#[must_use]
pub fn assertion(client_id: &str, audience: &str, jti: &str) -> String {
    signed(client_id, audience, jti, World::noon().timestamp())
}

fn signed(client_id: &str, audience: &str, jti: &str, now: i64) -> String {
    let header = Header { kid: Some("k1".to_owned()), ..Header::new(Algorithm::EdDSA) };
    let claims = json!({
        "iss": client_id, "sub": client_id, "aud": audience, "jti": jti,
        "iat": now, "exp": now + 240,
    });
    let key = EncodingKey::from_ed_der(&STANDARD.decode(KEY).unwrap());
    jsonwebtoken::encode(&header, &claims, &key).unwrap()
}

/// A token request of `client_id` for `scope`.
#[must_use]
pub fn token_request(client_id: &str, jti: &str, scope: &str) -> IssueTokenRequest {
    IssueTokenRequest {
        grant_type: "client_credentials".to_owned(),
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned(),
        client_assertion: assertion(client_id, AUDIENCE, jti),
        scope: scope.to_owned(),
        client_id: client_id.to_owned(),
    }
}

/// A token of the app `client_id` for `scope`, or for all its scopes when that is empty.
pub async fn token(world: &World, client_id: &str, scope: &str) -> String {
    let now = world.clock().now().timestamp();
    let client_assertion = signed(client_id, AUDIENCE, &id(), now);
    let request = IssueTokenRequest { client_assertion, ..token_request(client_id, &id(), scope) };
    world.identity("").issue_token(request).await.unwrap().into_inner().access_token
}
