//! The Connect protocol, so that curl and `buf curl` work: `POST /package.Service/Method`, unary
//! with `application/json` or `application/proto`, streams with `application/connect+proto`.
//!
//! A request becomes a gRPC call over the wire to the service that owns the method, with no more
//! than its token, its request id and its time limit. An answer without a gRPC status is an error,
//! never a success. gRPC and gRPC-Web pass on untouched; what is neither hears what is here.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use futures::future::BoxFuture;
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method as Verb, Request, Response};
use http_body_util::{BodyExt, Limited};
use platform::Env;
use platform::rejection::refusal;
use platform::run::Door;
use platform::serve::REQUEST_ID;
use platform::wire::Wire;
use prost_reflect::{DescriptorError, DescriptorPool, MethodDescriptor};
use tonic::{Code, Status};
use tower::{Service, ServiceExt};

mod astray;
mod codec;
mod failure;
mod stream;

use codec::Codec;
use failure::failed;

/// The largest request, in bytes: what a gRPC message may weigh too.
const REQUEST_MAX: usize = 4 * 1024 * 1024;
/// The largest answer, in bytes.
const ANSWER_MAX: usize = 16 * 1024 * 1024;

/// The methods of the contracts and the way to each.
#[derive(Clone)]
pub(crate) struct Methods(Arc<HashMap<String, Known>>);

struct Known {
    method: MethodDescriptor,
    wire: Wire,
}

impl Methods {
    /// Reads the built-in contracts.
    pub(crate) fn read(env: &Env) -> Result<Self, DescriptorError> {
        let pool = DescriptorPool::decode(contracts::FILE_DESCRIPTOR_SET)?;
        let mut methods = HashMap::new();
        for service in pool.services() {
            // `overturn.routing.v1.RoutingService` is run by the peer `routing`.
            let Some(peer) = service.package_name().split('.').nth(1) else { continue };
            let wire = env.peer(peer);
            for method in service.methods() {
                let path = format!("/{}/{}", service.full_name(), method.name());
                methods.insert(path, Known { method, wire: wire.clone() });
            }
        }
        Ok(Self(Arc::new(methods)))
    }
}

/// `grpc` with Connect in front.
pub(crate) fn translator(methods: Methods, grpc: Door) -> Door {
    Door::new(Translator { methods, grpc })
}

#[derive(Clone)]
struct Translator {
    methods: Methods,
    grpc: Door,
}

impl Service<Request<Body>> for Translator {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if astray::speaks_grpc(request.headers()) {
            return Box::pin(self.grpc.clone().oneshot(request));
        }
        let streams = stream::is_stream(request.headers());
        let codec = Codec::of(request.headers());
        let this = self.clone();
        Box::pin(async move {
            let known = this.methods.0.get(request.uri().path());
            if request.method() != Verb::POST {
                return Ok(known.map_or_else(astray::not_here, |_| astray::only_post()));
            }
            Ok(match (codec, known) {
                (Some(codec), Some(known)) => {
                    unary(known, codec, request).await.unwrap_or_else(|status| failed(&status))
                }
                (Some(_), None) => {
                    let text = "there is no such method";
                    failed(&refusal(Code::Unimplemented, "UNKNOWN_METHOD", text))
                }
                (None, _) if streams => streaming(this.grpc, known, request)
                    .await
                    .unwrap_or_else(|status| stream::refused(&status)),
                (None, Some(_)) => astray::unknown_content(),
                (None, None) => astray::not_here(),
            })
        })
    }
}

async fn unary(
    known: &Known,
    codec: Codec,
    request: Request<Body>,
) -> Result<Response<Body>, Status> {
    if known.method.is_client_streaming() || known.method.is_server_streaming() {
        let text = "this method streams: call it by gRPC, gRPC-Web or application/connect+proto";
        return Err(refusal(Code::Unimplemented, "UNKNOWN_METHOD", text));
    }
    let (parts, body) = request.into_parts();
    let metadata = metadata(&parts.headers)?;
    let body = Limited::new(body, REQUEST_MAX)
        .collect()
        .await
        .map_err(|_| too_large("the request is larger than 4 MiB"))?
        .to_bytes();
    let message = codec.read(known.method.input(), body)?;
    let call = grpc(parts.uri, metadata, tonic::body::Body::new(codec::frame(&message)));
    let Ok(response) = known.wire.clone().oneshot(call).await;
    let (parts, body) = response.into_parts();
    let answer = Limited::new(body, ANSWER_MAX)
        .collect()
        .await
        .map_err(|_| too_large("the answer is too large; ask for less"))?;
    let trailers = answer.trailers().cloned().unwrap_or_default();
    let status = Status::from_header_map(&trailers)
        .or_else(|| Status::from_header_map(&parts.headers))
        .unwrap_or_else(|| Status::internal("the service ended without a status"));
    let mut response = if status.code() == Code::Ok {
        codec.write(known.method.output(), codec::unframe(answer.to_bytes())?)?
    } else {
        failed(&status)
    };
    if let Some(id) = parts.headers.get(REQUEST_ID) {
        response.headers_mut().insert(REQUEST_ID, id.clone());
    }
    Ok(response)
}

/// A stream: the messages stand in the same envelopes in both protocols and pass as they are.
/// Reflection is no contract of ours, so it goes to gRPC's own door.
async fn streaming(
    door: Door,
    known: Option<&Known>,
    request: Request<Body>,
) -> Result<Response<Body>, Status> {
    let (parts, body) = request.into_parts();
    let metadata = metadata(&parts.headers)?;
    let response = if let Some(known) = known {
        let call = grpc(parts.uri, metadata, tonic::body::Body::new(body));
        let Ok(response) = known.wire.clone().oneshot(call).await;
        response.map(Body::new)
    } else {
        let Ok(response) = door.oneshot(grpc(parts.uri, metadata, body)).await;
        response
    };
    Ok(stream::streamed(response))
}

/// A gRPC call over HTTP/2, whatever it came by.
fn grpc<B>(uri: http::Uri, metadata: HeaderMap, body: B) -> Request<B> {
    let mut call = Request::new(body);
    *call.method_mut() = Verb::POST;
    // tonic-web answers a bare 400 to gRPC over HTTP/1.
    *call.version_mut() = http::Version::HTTP_2;
    *call.uri_mut() = uri;
    *call.headers_mut() = metadata;
    call
}

fn too_large(text: &str) -> Status {
    refusal(Code::ResourceExhausted, "QUOTA_EXCEEDED", text)
}

fn invalid(text: &str) -> Status {
    refusal(Code::InvalidArgument, "INVALID_FIELDS", text)
}

/// What of a Connect request's head goes along with the gRPC call.
fn metadata(headers: &HeaderMap) -> Result<HeaderMap, Status> {
    if headers.get("connect-protocol-version").is_some_and(|version| version != "1") {
        return Err(invalid("connect-protocol-version must be 1"));
    }
    let codings = [CONTENT_ENCODING, HeaderName::from_static("connect-content-encoding")];
    if codings.iter().any(|name| headers.get(name).is_some_and(|coding| coding != "identity")) {
        let text = "send the request uncompressed";
        return Err(refusal(Code::Unimplemented, "INVALID_FIELDS", text));
    }
    let mut metadata = HeaderMap::new();
    metadata.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    metadata.insert("te", HeaderValue::from_static("trailers"));
    let (id, trace) = (HeaderName::from_static(REQUEST_ID), HeaderName::from_static("traceparent"));
    for name in [AUTHORIZATION, id, trace] {
        for value in headers.get_all(&name) {
            metadata.append(name.clone(), value.clone());
        }
    }
    if let Some(limit) = headers.get("connect-timeout-ms") {
        let limit: u64 = limit
            .to_str()
            .ok()
            .filter(|text| text.len() <= 10)
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| invalid("connect-timeout-ms must be milliseconds"))?;
        // gRPC allows eight digits: beyond them, a day is as good as for ever.
        let limit = HeaderValue::from_str(&format!("{}m", limit.min(86_400_000)))
            .expect("digits and a letter can stand in a header");
        metadata.insert("grpc-timeout", limit);
    }
    Ok(metadata)
}
