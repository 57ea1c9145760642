use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use bytes::{BufMut, Bytes, BytesMut};
use chrono::{DateTime, TimeZone, Utc};
use http::{HeaderMap, Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use tokio_util::sync::CancellationToken;
use tonic::body::Body;
use tonic::{Code, Status};
use tower::util::BoxCloneSyncService;
use tower::{ServiceExt, service_fn};
use uuid::Uuid;

use super::tokens::{Signer, Verifier, generate_signing_key};
use super::*;
use crate::audit::{self, Ledger};
use crate::clock::Clock;
use crate::tenant_tx::{Database, DatabaseSettings};
use crate::wire::Methods;
use domain::tenancy::TenantId;

mod disclosing;
mod ends;
mod forged;
mod gating;
mod keys;

const ISSUER: &str = "https://issuer.test";
const AUDIENCE: &str = "overturn";
const GET_DENIAL: &str = "/overturn.routing.v1.RoutingService/GetDenial";

/// A gate on a database of its own, in front of a service that answers what it is told to.
struct Bench {
    folder: PathBuf,
    database: Database,
    clock: Clock,
    signer: Signer,
    pkcs8: Vec<u8>,
    tenant: Uuid,
    answer: Arc<Vec<Bytes>>,
    reached: Arc<AtomicUsize>,
    keys: KeySet,
    gated: OnceLock<Methods>,
    last: Arc<Mutex<Option<Caller>>>,
    stop: CancellationToken,
}

/// What came back: status, messages, trailers.
struct Answered {
    status: Status,
    data: Bytes,
}

impl Answered {
    async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap();
        let trailers = body.trailers().cloned().unwrap_or_default();
        let status = Status::from_header_map(&parts.headers)
            .or_else(|| Status::from_header_map(&trailers))
            .unwrap();
        Self { status, data: body.to_bytes() }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

impl Bench {
    async fn new() -> Self {
        Self::answering(Vec::new()).await
    }

    async fn answering(answer: Vec<Bytes>) -> Self {
        let folder = std::env::temp_dir().join(format!("overturn-gate-{}", crate::ids::new()));
        std::fs::create_dir(&folder).unwrap();
        let url = format!("sqlite://{}/t.db", folder.display());
        let clock = Clock::manual(noon());
        let settings = DatabaseSettings { url, ..DatabaseSettings::default() };
        let database = Database::open(&settings, clock.clone()).await.unwrap();
        let pkcs8 = generate_signing_key();
        let signer = Signer::from_pkcs8(&pkcs8).unwrap();
        let jwk = signer.public_key().jwk().clone();
        let keys = KeySet::new(Arc::new(move || {
            let jwk = jwk.clone();
            Box::pin(async move { Ok(vec![jwk]) })
        }));
        let (answer, reached) = (Arc::new(answer), Arc::default());
        let tenant = crate::ids::new();
        Self {
            folder,
            database,
            clock,
            signer,
            pkcs8,
            tenant,
            answer,
            reached,
            keys,
            gated: OnceLock::new(),
            last: Arc::default(),
            stop: CancellationToken::new(),
        }
    }

    fn verifier(&self) -> Verifier {
        Verifier::new(self.keys.clone(), ISSUER, AUDIENCE, self.clock.clone())
    }

    /// Built once: reading the contracts takes longer than a call.
    fn service(&self) -> Methods {
        self.gated.get_or_init(|| self.build()).clone()
    }

    fn gate(&self) -> Gate {
        let ledger = Ledger::new(self.database.clone());
        let policy = Policy::load().unwrap();
        Gate::new(policy, self.verifier(), ledger, false, self.stop.clone())
    }

    fn build(&self) -> Methods {
        let (answer, reached, last) =
            (self.answer.clone(), self.reached.clone(), self.last.clone());
        let inner = service_fn(move |request: Request<Body>| {
            let (answer, reached) = (answer.clone(), reached.clone());
            *last.lock().unwrap() = request.extensions().get().cloned();
            async move {
                assert!(!request.extensions().get::<Smuggled>().is_some_and(|smuggled| {
                    let caller = request.extensions().get::<Caller>();
                    caller.is_some_and(|caller| caller.actor() == smuggled.0)
                }));
                reached.fetch_add(1, Ordering::Relaxed);
                Ok::<_, Infallible>(respond(&answer))
            }
        });
        self.gate().guard(Methods::new(inner))
    }

    fn claims(&self, roles: &[&str], scope: &str) -> Claims {
        let now = self.clock.now().timestamp();
        Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: "user-1".to_owned(),
            client_id: "client-1".to_owned(),
            jti: crate::ids::new().to_string(),
            iat: now,
            nbf: now,
            exp: now + 300,
            tid: self.tenant,
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            scope: scope.to_owned(),
        }
    }

    fn token(&self, roles: &[&str], scope: &str) -> String {
        self.signer.sign(&self.claims(roles, scope))
    }

    async fn call(&self, path: &str, token: Option<&str>) -> Answered {
        self.send(request(path, token, Body::empty())).await
    }

    async fn send(&self, request: Request<Body>) -> Answered {
        Answered::of(self.service().oneshot(request).await.unwrap()).await
    }

    async fn trail(&self) -> Vec<audit::Row> {
        let caller = Caller::on_duty(TenantId::from_uuid(self.tenant), "tests.trail");
        let tx = self.database.read(&caller).await.unwrap();
        let all = sea_orm::sea_query::Condition::all();
        audit::page(&tx, all, None, 100).await.unwrap()
    }
}

/// The actor that a forged extension names.
#[derive(Clone)]
struct Smuggled(&'static str);

fn request(path: &str, token: Option<&str>, body: Body) -> Request<Body> {
    let mut request = Request::new(body);
    *request.uri_mut() = path.parse().unwrap();
    request.headers_mut().insert("x-request-id", "r-1".parse().unwrap());
    if let Some(token) = token {
        let bearer = format!("Bearer {token}").parse().unwrap();
        request.headers_mut().insert("authorization", bearer);
    }
    request
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 6, 15, 12, 0, 0).unwrap()
}

/// `messages` as gRPC frames, each in a piece of its own, and the status OK.
fn respond(messages: &[Bytes]) -> Response<Body> {
    let mut frames: Vec<Result<Frame<Bytes>, Status>> = Vec::new();
    for message in messages {
        let mut frame = BytesMut::new();
        frame.put_u8(0);
        frame.put_u32(u32::try_from(message.len()).unwrap());
        frame.extend_from_slice(message);
        // Cut in the middle: frames of HTTP/2 know nothing of messages.
        let tail = frame.split_off(frame.len() / 2);
        frames.push(Ok(Frame::data(frame.freeze())));
        frames.push(Ok(Frame::data(tail.freeze())));
    }
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", "0".parse().unwrap());
    frames.push(Ok(Frame::trailers(trailers)));
    Response::new(Body::new(StreamBody::new(futures::stream::iter(frames))))
}
