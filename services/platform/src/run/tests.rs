use std::path::PathBuf;

use axum::routing::get;
use futures::future::BoxFuture;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::*;

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn settings() -> (Folder, Settings) {
    let folder = std::env::temp_dir().join(format!("overturn-run-{}", crate::ids::new()));
    std::fs::create_dir(&folder).unwrap();
    let mut settings = Settings::default();
    settings.database.url = format!("sqlite://{}/t.db", folder.display());
    settings.server.shutdown_grace_ms = 500;
    (Folder(folder), settings)
}

fn identity(_: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    let routes = axum::Router::new().route("/hello", get(|| async { "hello" }));
    Box::pin(async { Ok(Mounted::new("identity").http(routes)) })
}

fn wants_routing(env: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    let _ = env.peer("routing");
    Box::pin(async { Ok(Mounted::new("appeals")) })
}

#[tokio::test]
async fn a_peer_that_is_nowhere_keeps_the_process_from_starting() {
    let (_folder, settings) = settings();
    let error = assemble(settings.clone(), &[identity, wants_routing]).await.unwrap_err();
    assert!(error.to_string().contains("set peers.routing"), "{error}");
    let mut configured = settings;
    configured.peers.insert("routing".to_owned(), "http://127.0.0.1:1".to_owned());
    assert!(assemble(configured, &[identity, wants_routing]).await.is_ok());
}

#[tokio::test]
async fn postgres_without_a_shared_master_key_is_refused() {
    let (_folder, mut settings) = settings();
    settings.database.url = "postgres://nobody@127.0.0.1:1/none".to_owned();
    assert!(matches!(assemble(settings, &[identity]).await, Err(StartError::NoMasterKey)));
}

async fn ask(address: std::net::SocketAddr, path: &str) -> String {
    let mut peer = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    peer.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    peer.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a test owns the task and awaits it")]
async fn one_port_answers_http_health_and_grpc_and_ends_when_told() {
    let (_folder, settings) = settings();
    let app = assemble(settings, &[identity]).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    let server = tokio::spawn(async move { app.serve(listener, stopping).await });
    assert!(ask(address, "/hello").await.ends_with("hello"));
    assert!(ask(address, "/healthz").await.ends_with("alive\n"));
    assert!(ask(address, "/readyz").await.ends_with("ready\n"));
    let channel = tonic::transport::Endpoint::from_shared(format!("http://{address}"))
        .unwrap()
        .connect()
        .await
        .unwrap();
    let mut health = HealthClient::new(channel.clone());
    let asked = HealthCheckRequest { service: String::new() };
    let status = health.check(asked).await.unwrap().into_inner().status;
    assert_eq!(status, tonic_health::ServingStatus::Serving as i32);
    let mut client =
        contracts::identity::v1::identity_service_client::IdentityServiceClient::new(channel);
    let refused = client.get_tenant(contracts::identity::v1::GetTenantRequest::default()).await;
    assert_eq!(refused.unwrap_err().code(), tonic::Code::Unauthenticated);
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(5), server).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_peer_call_inside_a_transaction_or_on_duty_is_refused() {
    let (_folder, settings) = settings();
    let app = assemble(settings, &[identity]).await.unwrap();
    let tenant = domain::tenancy::TenantId::from_uuid(crate::ids::new());
    let duty = crate::access::Caller::on_duty(tenant, "tests.run");
    let mut client = contracts::identity::v1::identity_service_client::IdentityServiceClient::new(
        app.wire().as_caller(&duty),
    );
    let ask = contracts::identity::v1::GetKeySetRequest {};
    let refused = client.get_key_set(ask).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::Unauthenticated);
    let mut client =
        contracts::identity::v1::identity_service_client::IdentityServiceClient::new(app.wire());
    let database = app.env().database().clone();
    #[expect(clippy::disallowed_methods, reason = "a task of its own, awaited here")]
    let inside = tokio::spawn(async move {
        let tx = database.read(&duty).await.unwrap();
        let inside = client.get_key_set(ask).await.unwrap_err();
        drop(tx);
        (inside, client.get_key_set(ask).await.unwrap_err())
    });
    let (inside, outside) = inside.await.unwrap();
    assert_eq!(inside.message(), "a peer was called while a transaction was open");
    assert_eq!(outside.code(), tonic::Code::Unimplemented, "nobody serves it here");
}
