//! gRPC calls by path and bytes: what the cases derived from the descriptors speak.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use platform::wire::Wire;
use tonic::body::Body;
use tonic::{Code, Status};
use tower::ServiceExt;

/// What a call answered, in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub code: Code,
    /// The status message.
    pub message: String,
    /// The encoded `google.rpc.Status`.
    pub details: Vec<u8>,
    /// The encoded response messages; one for a unary method.
    pub messages: Vec<Bytes>,
}

impl Answer {
    /// The `ErrorInfo` reason, if the refusal carries one.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        let status =
            Status::with_details(self.code, self.message.clone(), self.details.clone().into());
        let info = tonic_types::StatusExt::get_details_error_info(&status)?;
        assert_eq!(info.domain, "overturn");
        Some(info.reason)
    }

    /// Every byte of the answer: where a canary could sing.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut all = self.message.clone().into_bytes();
        all.extend_from_slice(&self.details);
        self.messages.iter().for_each(|message| all.extend_from_slice(message));
        all
    }
}

/// Calls `path` with one message.
pub async fn call(wire: &Wire, path: &str, token: Option<&str>, message: &[u8]) -> Answer {
    call_streaming(wire, path, token, &[message]).await
}

/// Calls `path` with `messages`, and reads everything it answers.
pub async fn call_streaming(
    wire: &Wire,
    path: &str,
    token: Option<&str>,
    messages: &[&[u8]],
) -> Answer {
    let mut body = BytesMut::new();
    for message in messages {
        body.put_u8(0);
        body.put_u32(u32::try_from(message.len()).unwrap());
        body.put_slice(message);
    }
    let mut request = Request::builder()
        .method("POST")
        .version(http::Version::HTTP_2)
        .uri(path)
        .header("content-type", "application/grpc")
        .header("te", "trailers");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let body = Body::new(http_body_util::Full::new(body.freeze()));
    let response = wire.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let (head, body) = response.into_parts();
    let collected = body.collect().await;
    let (trailers, bytes) = match collected {
        Ok(collected) => (collected.trailers().cloned().unwrap_or_default(), collected.to_bytes()),
        Err(status) => (status.into_http::<()>().headers().clone(), Bytes::new()),
    };
    let from = if trailers.contains_key("grpc-status") { &trailers } else { &head.headers };
    answer(from, bytes)
}

fn answer(headers: &HeaderMap, mut bytes: Bytes) -> Answer {
    let status = Status::from_header_map(headers).expect("every call ends with a grpc-status");
    let mut messages = Vec::new();
    while bytes.len() >= 5 {
        assert_eq!(bytes.get_u8(), 0, "answers in process are not compressed");
        let length = bytes.get_u32() as usize;
        messages.push(bytes.split_to(length));
    }
    Answer {
        code: status.code(),
        message: status.message().to_owned(),
        details: status.details().to_vec(),
        messages,
    }
}
