use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep};
use tonic::Status;
use tonic::body::Body;

/// An answer that ends at an instant, whatever its sender would still send.
struct Ending {
    inner: Body,
    at: Pin<Box<Sleep>>,
    status: fn() -> Status,
    ended: bool,
}

/// `body` until `at`, and then `status` as its trailers.
pub(crate) fn end_at(body: Body, at: Instant, status: fn() -> Status) -> Body {
    let at = Box::pin(tokio::time::sleep_until(at));
    Body::new(Ending { inner: body, at, status, ended: false })
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

impl http_body::Body for Ending {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        if self.at.as_mut().poll(context).is_ready() {
            self.ended = true;
            // Drops what produces the answer, not only the answer.
            self.inner = Body::empty();
            return Poll::Ready(Some(Ok(Frame::trailers(trailers(&(self.status)())))));
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
