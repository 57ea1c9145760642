use axum::body::Body;
use bytes::{BufMut, Bytes, BytesMut};
use futures::stream;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Response};
use http_body_util::BodyExt;
use serde_json::json;
use tonic::{Code, Status};

use super::failure::error;

/// The content type of a Connect stream whose messages are protobuf.
const STREAM: &str = "application/connect+proto";
/// The flag of the envelope that ends a stream.
const END: u8 = 2;

/// Whether the head names a stream that we can carry.
pub(super) fn is_stream(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind == STREAM)
}

/// A gRPC answer as a Connect stream: messages have the same envelope in both, and the trailers
/// become one last envelope.
pub(super) fn streamed(response: Response<Body>) -> Response<Body> {
    let early = Status::from_header_map(response.headers());
    let frames = stream::unfold(Some((response.into_body(), early)), |state| async move {
        let (mut body, early) = state?;
        if let Some(status) = early {
            return Some((Ok::<_, axum::Error>(end(&status)), None));
        }
        let lost = || Status::unavailable("the stream broke off");
        let status = match body.frame().await {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) => return Some((Ok(data), Some((body, None)))),
                Err(frame) => frame
                    .trailers_ref()
                    .and_then(Status::from_header_map)
                    .unwrap_or_else(|| Status::internal("the service ended without a status")),
            },
            Some(Err(_)) | None => lost(),
        };
        Some((Ok(end(&status)), None))
    });
    let mut response = Response::new(Body::from_stream(frames));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(STREAM));
    response
}

/// A Connect stream that ends before it begins.
pub(super) fn refused(status: &Status) -> Response<Body> {
    let mut response = Response::new(Body::from(end(status)));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(STREAM));
    response
}

/// The envelope that ends a stream with `status`.
fn end(status: &Status) -> Bytes {
    let message = match status.code() {
        Code::Ok => json!({}),
        _ => json!({ "error": error(status) }),
    };
    let message = message.to_string();
    let mut envelope = BytesMut::with_capacity(5 + message.len());
    envelope.put_u8(END);
    envelope.put_u32(u32::try_from(message.len()).expect("a status is far below 4 GiB"));
    envelope.extend_from_slice(message.as_bytes());
    envelope.freeze()
}
