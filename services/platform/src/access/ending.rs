use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::future::BoxFuture;
use http::HeaderMap;
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tonic::body::Body;
use tonic::{Code, Status};

use super::caller::unauthenticated;
use crate::rejection::refusal;

/// When a stream ends, whatever the two sides would still say.
#[derive(Clone)]
pub(super) struct End {
    /// When its caller's token does; nothing for a call without one.
    pub(super) expires: Option<Instant>,
    /// Cancelled when the process begins to stop.
    pub(super) stop: CancellationToken,
}

impl End {
    /// Waits for the end and says how it came.
    pub(super) async fn comes(self) -> Status {
        let stopped = self.stop.cancelled();
        let Some(at) = self.expires else {
            stopped.await;
            return stopping();
        };
        match timeout_at(at, stopped).await {
            Ok(()) => stopping(),
            Err(_) => unauthenticated(),
        }
    }
}

fn stopping() -> Status {
    let text = "this process is stopping; call again and go on where the stream ended";
    refusal(Code::Unavailable, "STOPPING", text)
}

/// A body that ends when `end` says so, whatever its sender would still send.
struct Ending<F> {
    inner: Body,
    end: BoxFuture<'static, Status>,
    last: F,
    ended: bool,
}

/// `answer` until `end`, whose status is then its trailers.
pub(crate) fn end_answer(answer: Body, end: impl Future<Output = Status> + Send + 'static) -> Body {
    if answer.is_end_stream() {
        return answer;
    }
    let last = |status| Ok(Frame::trailers(trailers(&status)));
    Body::new(Ending { inner: answer, end: Box::pin(end), last, ended: false })
}

/// Why a request was cut, once it was.
pub(super) type Cut = Arc<OnceLock<Status>>;

/// `request` until `end`: its reader then meets an error where more would have come.
pub(super) fn end_request(
    request: Body,
    end: impl Future<Output = Status> + Send + 'static,
) -> (Body, Cut) {
    let cut = Cut::default();
    let noted = cut.clone();
    let last = move |status: Status| {
        // Set once: a body ends once.
        let _ = noted.set(status.clone());
        Err(status)
    };
    // tonic takes CANCELLED for the end of the messages: half a file would look whole.
    let inner = Body::new(request.map_err(|status| match status.code() {
        Code::Cancelled => Status::aborted("the caller hung up"),
        _ => status,
    }));
    (Body::new(Ending { inner, end: Box::pin(end), last, ended: false }), cut)
}

/// `status` as the trailers of an answer.
pub(super) fn trailers(status: &Status) -> HeaderMap {
    let mut trailers = HeaderMap::new();
    if status.add_header(&mut trailers).is_err() {
        // A message that cannot stand in a header: the code alone must get through.
        let code = http::HeaderValue::from(status.code() as i32);
        trailers.insert(Status::GRPC_STATUS, code);
    }
    trailers
}

impl<F> http_body::Body for Ending<F>
where
    F: Fn(Status) -> Result<Frame<Bytes>, Status> + Unpin,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        if let Poll::Ready(status) = self.end.as_mut().poll(context) {
            self.ended = true;
            // Drops what produces the body, not only the body.
            self.inner = Body::empty();
            return Poll::Ready(Some((self.last)(status)));
        }
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}
