use axum::body::Body;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

/// What an address that is none says; nothing of the request is repeated.
const HERE: &str = "\
There is nothing at this address. Here are:
  POST /overturn.<service>.v1.<Service>/<Method>  every method, as gRPC, gRPC-Web or JSON
  POST /oauth2/token                              tokens for applications
  GET  /.well-known/jwks.json                     the keys that tokens are signed with
  GET  /healthz, /readyz                          whether it lives, and whether it serves
";
const POST_ONLY: &str = "Call a method by POST, with its request as JSON or protobuf.\n";
const CONTENT: &str = "\
Send content-type application/json or application/proto, or call by gRPC or gRPC-Web.
";

/// Whether the head names gRPC or gRPC-Web, which have answers of their own for everything.
pub(super) fn speaks_grpc(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"))
}

/// Of a path where nothing is.
pub(super) fn not_here() -> Response<Body> {
    text(StatusCode::NOT_FOUND, HERE)
}

/// Of a method that was asked for by another verb.
pub(super) fn only_post() -> Response<Body> {
    let mut response = text(StatusCode::METHOD_NOT_ALLOWED, POST_ONLY);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    response
}

/// Of a method that was sent something we do not read.
pub(super) fn unknown_content() -> Response<Body> {
    text(StatusCode::UNSUPPORTED_MEDIA_TYPE, CONTENT)
}

fn text(code: StatusCode, words: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(words));
    *response.status_mut() = code;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
