use std::path::PathBuf;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use contracts::identity::v1 as pb;
use contracts::identity::v1::identity_service_server::{IdentityService, IdentityServiceServer};
use futures::future::BoxFuture;
use http_body_util::BodyExt;
use platform::config::Settings;
use platform::rejection::refusal;
use platform::{App, Env, Mounted, StartError};
use prost::Message;
use serde_json::{Value, json};
use tonic::Code;
use tower::ServiceExt;

const KEY_SET: &str = "/overturn.identity.v1.IdentityService/GetKeySet";
const GET_TENANT: &str = "/overturn.identity.v1.IdentityService/GetTenant";
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Identity with one key and one client, `robot`.
struct Fake;

#[tonic::async_trait]
impl IdentityService for Fake {
    async fn get_key_set(
        &self,
        _: tonic::Request<pb::GetKeySetRequest>,
    ) -> Result<tonic::Response<pb::GetKeySetResponse>, tonic::Status> {
        let [kid, kty, crv, alg, r#use, x] =
            ["k1", "OKP", "Ed25519", "EdDSA", "sig", "AAAA"].map(str::to_owned);
        let keys = vec![pb::JsonWebKey { kid, kty, crv, alg, r#use, x }];
        Ok(tonic::Response::new(pb::GetKeySetResponse { keys, max_age_seconds: 300 }))
    }

    async fn issue_token(
        &self,
        request: tonic::Request<pb::IssueTokenRequest>,
    ) -> Result<tonic::Response<pb::IssueTokenResponse>, tonic::Status> {
        let request = request.into_inner();
        if request.grant_type != "client_credentials" {
            let reason = "UNSUPPORTED_GRANT_TYPE";
            return Err(refusal(Code::InvalidArgument, reason, "only client_credentials"));
        }
        let (known, type_) = (request.client_assertion, request.client_assertion_type);
        if known != "robot" || type_ != ASSERTION {
            return Err(refusal(Code::Unauthenticated, "ASSERTION_REPLAYED", "seen before"));
        }
        Ok(tonic::Response::new(pb::IssueTokenResponse {
            access_token: "a.b.c".to_owned(),
            token_type: "Bearer".to_owned(),
            expires_in_seconds: 300,
            scope: request.scope,
        }))
    }
}

fn identity(_: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    Box::pin(async { Ok(Mounted::new("identity").grpc(IdentityServiceServer::new(Fake))) })
}

fn dictionary(_: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    Box::pin(async { Ok(Mounted::new("dictionary")) })
}

fn routing(_: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    Box::pin(async { Ok(Mounted::new("routing")) })
}

fn appeals(_: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    Box::pin(async { Ok(Mounted::new("appeals")) })
}

fn reporting(_: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    Box::pin(async { Ok(Mounted::new("reporting")) })
}

/// The gateway with its peers, on a database of its own.
struct House {
    app: App,
    folder: PathBuf,
}

impl Drop for House {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

impl House {
    async fn new() -> Self {
        let folder =
            std::env::temp_dir().join(format!("overturn-gateway-{}", platform::ids::new()));
        std::fs::create_dir(&folder).unwrap();
        let mut settings = Settings::default();
        settings.database.url = format!("sqlite://{}/t.db", folder.display());
        let mounts = [identity, dictionary, routing, appeals, reporting, crate::mount];
        let app = platform::assemble(settings, &mounts).await.unwrap();
        Self { app, folder }
    }

    async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.app.router().oneshot(request).await.unwrap()
    }

    /// Posts `body` to `path`; answers the HTTP code and the JSON.
    async fn post(
        &self,
        path: &str,
        head: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> (StatusCode, Value) {
        let mut request = Request::post(path);
        for (name, value) in head {
            request = request.header(*name, *value);
        }
        let response = self.send(request.body(body.into()).unwrap()).await;
        let code = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (code, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    async fn json(&self, path: &str, body: &str) -> (StatusCode, Value) {
        self.post(path, &[("content-type", "application/json")], body.to_owned()).await
    }

    async fn form(&self, body: &str) -> (StatusCode, Value) {
        let head = [("content-type", "application/x-www-form-urlencoded")];
        self.post("/oauth2/token", &head, body.to_owned()).await
    }
}

#[tokio::test]
async fn a_unary_method_answers_json_and_protobuf() {
    let house = House::new().await;
    let (code, answer) = house.json(KEY_SET, "{}").await;
    assert_eq!(code, StatusCode::OK);
    assert_eq!(answer["maxAgeSeconds"], 300);
    assert_eq!(answer["keys"][0]["kid"], "k1");
    assert_eq!(house.json(KEY_SET, "").await.0, StatusCode::OK);
    let head = [
        ("content-type", "application/json; charset=utf-8"),
        ("connect-protocol-version", "1"),
        ("connect-timeout-ms", "5000"),
    ];
    assert_eq!(house.post(KEY_SET, &head, "{}").await.0, StatusCode::OK);
    let request = Request::post(KEY_SET).header("content-type", "application/proto");
    let response = house.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.headers()["content-type"], "application/proto");
    assert!(response.headers().contains_key("x-request-id"));
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(pb::GetKeySetResponse::decode(body).unwrap().keys[0].kid, "k1");
}

#[tokio::test]
async fn a_refusal_keeps_its_code_message_and_details() {
    let house = House::new().await;
    let (code, error) = house.json(GET_TENANT, "{}").await;
    assert_eq!(code, StatusCode::UNAUTHORIZED);
    assert_eq!(error["code"], "unauthenticated");
    assert_eq!(error["message"], "a valid access token is required");
    assert_eq!(error["details"][0]["type"], "google.rpc.ErrorInfo");
    assert_eq!(error["details"][0]["debug"]["reason"], "UNAUTHENTICATED");
    assert!(error["details"][0]["value"].as_str().unwrap().len() > 10);
}

#[tokio::test]
async fn what_connect_does_not_allow_is_refused_in_its_own_words() {
    let house = House::new().await;
    let json = ("content-type", "application/json");
    for (path, head, body, code, name) in [
        (KEY_SET, vec![json], "{", 400, "invalid_argument"),
        (KEY_SET, vec![json], "{\"surprise\":1}", 400, "invalid_argument"),
        (KEY_SET, vec![json], "{}{}", 400, "invalid_argument"),
        (KEY_SET, vec![json, ("connect-protocol-version", "2")], "{}", 400, "invalid_argument"),
        (KEY_SET, vec![json, ("connect-timeout-ms", "soon")], "{}", 400, "invalid_argument"),
        (KEY_SET, vec![json, ("content-encoding", "gzip")], "{}", 501, "unimplemented"),
        ("/overturn.x.v1.No/Such", vec![json], "{}", 501, "unimplemented"),
        ("/overturn.routing.v1.RoutingService/WatchEvents", vec![json], "{}", 501, "unimplemented"),
    ] {
        let (got, error) = house.post(path, &head, body).await;
        assert_eq!((got.as_u16(), error["code"].as_str()), (code, Some(name)), "{path} {head:?}");
    }
    let large = "x".repeat(4 * 1024 * 1024 + 1);
    assert_eq!(house.json(KEY_SET, &large).await.0, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn an_error_about_json_repeats_no_value() {
    let house = House::new().await;
    for (body, words) in [
        (r#"{"surprise": 1}"#, "there is no field `surprise` at line 1 column 11"),
        (r#"{"JANE DOE": 1}"#, "there is no field of that name at line 1 column 11"),
        (r#"{"7JANE": 1}"#, "there is no field of that name at line 1 column 8"),
        (r#"{"pageSize": "JANE"}"#, "the value is not one of its field at line 1 column 19"),
        (r#"{"pageSize": {"JANE": 1}}"#, "expected a 32-bit signed integer at line 1 column 14"),
        (r#"{"filter": 19701231}"#, "expected a string at line 1 column 19"),
        (r#"{"filter": "JANE" "DOE"}"#, "expected `,` or `}` at line 1 column 19"),
        (r#""JANE, expected DOE""#, "expected a map at line 1 column 20"),
    ] {
        let list = "/overturn.routing.v1.RoutingService/ListWorkItems";
        let (code, error) = house.json(list, body).await;
        assert_eq!(code, StatusCode::BAD_REQUEST, "{body}");
        let expected = format!("the JSON cannot be read: {words}");
        assert_eq!(error["message"].as_str().unwrap(), expected, "{body}");
    }
}

#[tokio::test]
async fn who_is_astray_hears_what_is_here() {
    let house = House::new().await;
    for path in ["/", "/favicon.ico", "/overturn.x.v1.No/Such"] {
        for verb in ["GET", "POST", "OPTIONS"] {
            let request = Request::builder().method(verb).uri(path).body(Body::empty()).unwrap();
            let response = house.send(request).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{verb} {path}");
            assert_eq!(response.headers()[header::CONTENT_TYPE], "text/plain; charset=utf-8");
            let body = response.into_body().collect().await.unwrap().to_bytes();
            let body = std::str::from_utf8(&body).unwrap();
            for place in ["/healthz", "/.well-known/jwks.json", "/oauth2/token", "/overturn."] {
                assert!(body.contains(place), "{body}");
            }
        }
    }
    for kind in ["application/json", "text/html"] {
        let request = Request::get(KEY_SET).header("content-type", kind);
        let response = house.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.headers()[header::ALLOW], "POST");
    }
    let head = [("content-type", "text/plain")];
    assert_eq!(house.post(KEY_SET, &head, "{}").await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn grpc_and_grpc_web_pass_untouched() {
    let house = House::new().await;
    let frame = Body::from(vec![0; 5]);
    let grpc = Request::post(KEY_SET)
        .version(axum::http::Version::HTTP_2)
        .header("content-type", "application/grpc")
        .body(frame)
        .unwrap();
    let body = house.send(grpc).await.into_body().collect().await.unwrap();
    assert_eq!(body.trailers().unwrap()["grpc-status"], "0");
    let web = Request::post(KEY_SET)
        .header("content-type", "application/grpc-web+proto")
        .body(Body::from(vec![0; 5]))
        .unwrap();
    let body = house.send(web).await.into_body().collect().await.unwrap().to_bytes();
    assert!(body.windows(13).any(|window| window == b"grpc-status:0"), "{body:?}");
}

#[tokio::test]
async fn a_stream_ends_with_an_envelope_that_tells_its_status() {
    let house = House::new().await;
    let stream = |path: &str| {
        Request::post(path)
            .header("content-type", "application/connect+proto")
            .body(Body::from(vec![0; 5]))
            .unwrap()
    };
    let response = house.send(stream(KEY_SET)).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "application/connect+proto");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let length = u32::from_be_bytes(body[1..5].try_into().unwrap()) as usize;
    let answer = pb::GetKeySetResponse::decode(&body[5..5 + length]).unwrap();
    assert_eq!(answer.keys[0].kid, "k1");
    assert_eq!(&body[5 + length..], b"\x02\0\0\0\x02{}");
    let watch = "/overturn.routing.v1.RoutingService/WatchEvents";
    let refused = house.send(stream(watch)).await.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(refused[0], 2);
    let end: Value = serde_json::from_slice(&refused[5..]).unwrap();
    assert_eq!(end["error"]["code"], "unauthenticated");
}

#[tokio::test]
async fn the_key_set_is_public_and_may_be_cached() {
    let house = House::new().await;
    let request = Request::get("/.well-known/jwks.json").body(Body::empty()).unwrap();
    let response = house.send(request).await;
    assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=300");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let document: Value = serde_json::from_slice(&body).unwrap();
    let key = json!({
        "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "k1", "x": "AAAA"
    });
    assert_eq!(document, json!({ "keys": [key] }));
}

#[tokio::test]
async fn an_application_gets_a_token_in_the_words_of_oauth() {
    let house = House::new().await;
    let good = format!(
        "grant_type=client_credentials&client_assertion_type={}&client_assertion=robot&scope=a+b",
        ASSERTION.replace(':', "%3A")
    );
    let (code, answer) = house.form(&good).await;
    assert_eq!(code, StatusCode::OK);
    let expected = json!({
        "access_token": "a.b.c", "token_type": "Bearer", "expires_in": 300, "scope": "a b"
    });
    assert_eq!(answer, expected);
    for (body, code, error) in [
        (good.replace("robot", "thief"), 401, "invalid_client"),
        (good.replace("client_credentials", "password"), 400, "unsupported_grant_type"),
        (format!("{good}&scope=c"), 400, "invalid_request"),
        ("client_assertion=robot".to_owned(), 400, "invalid_request"),
        (good.replace("jwt-bearer", "saml2-bearer"), 400, "invalid_request"),
    ] {
        let (got, answer) = house.form(&body).await;
        let got = (got.as_u16(), answer["error"].as_str());
        assert_eq!(got, (code, Some(error)), "{body}");
    }
    for (left, missing) in [
        ("", "grant_type"),
        ("grant_type=client_credentials&client_id=a&client_secret=b", "client_assertion_type"),
        (good.split("&client_assertion=").next().unwrap(), "client_assertion"),
    ] {
        let (code, answer) = house.form(left).await;
        assert_eq!((code, &answer["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_request")));
        let words = answer["error_description"].as_str().unwrap();
        assert!(words.starts_with(&format!("{missing} is missing")), "{words}");
    }
    // The same words for a replayed assertion as for a wrong one.
    let refused = house.form(&good.replace("robot", "thief")).await.1;
    assert_eq!(refused["error_description"], "the client is not known");
    assert_eq!(house.json("/oauth2/token", "{}").await.1["error"], "invalid_request");
}

#[tokio::test]
async fn a_token_answer_is_never_stored() {
    let house = House::new().await;
    let request = Request::post("/oauth2/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("grant_type=x"))
        .unwrap();
    let response = house.send(request).await;
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
}
