//! Calls to peer services, in this process or over a socket, by the same generated clients.
//!
//! Invariants: an in-process call passes the peer's own gate, exactly as over a socket; only
//! metadata crosses, never `http::Extensions`; nothing is forwarded unless [`Wire::as_caller`] says
//! whose call this is. A call while the task holds a transaction could wait for itself and is
//! refused in debug builds.

use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Response};
use tokio::time::Instant;
use tonic::body::Body;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceExt};

use crate::access::{Caller, Deadline};
use crate::rejection::refusal;
use crate::serve::REQUEST_ID;

/// Every gRPC method of this process, behind the gate.
pub type Methods = BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>;

/// How long a peer may take to accept a connection.
const CONNECT_PATIENCE: Duration = Duration::from_secs(2);

/// A way to a peer; what a generated client is made of.
#[derive(Clone)]
pub struct Wire {
    to: To,
    on_behalf: OnBehalf,
}

#[derive(Clone)]
enum To {
    InProcess(Arc<OnceLock<Methods>>),
    Remote(Channel),
}

#[derive(Clone)]
enum OnBehalf {
    Nobody,
    Caller(Caller),
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.to {
            To::InProcess(_) => "Wire(in process)",
            To::Remote(_) => "Wire(remote)",
        })
    }
}

impl Wire {
    /// The way to methods of this process, which are known once everything is mounted.
    pub(crate) fn in_process(methods: Arc<OnceLock<Methods>>) -> Self {
        Self { to: To::InProcess(methods), on_behalf: OnBehalf::Nobody }
    }

    /// The way to the process at `url`; it connects when it is first used.
    ///
    /// # Errors
    /// When `url` is none.
    pub fn remote(url: &str) -> Result<Self, tonic::transport::Error> {
        let channel = Endpoint::from_shared(url.to_owned())?
            .connect_timeout(CONNECT_PATIENCE)
            .tcp_nodelay(true)
            .http2_keep_alive_interval(Duration::from_secs(30))
            .keep_alive_timeout(Duration::from_secs(10))
            .keep_alive_while_idle(true)
            .connect_lazy();
        Ok(Self { to: To::Remote(channel), on_behalf: OnBehalf::Nobody })
    }

    /// The same way for calls in `caller`'s name: its token, request id and remaining time go
    /// along. A caller on duty has no token but on an
    /// [`crate::access::Errand`], and its calls are refused.
    #[must_use]
    pub fn as_caller(&self, caller: &Caller) -> Self {
        Self { to: self.to.clone(), on_behalf: OnBehalf::Caller(caller.clone()) }
    }

    fn prepare(&self, request: &mut Request<Body>) -> Result<(), Status> {
        if crate::tenant_tx::open_here() {
            let text = "a peer was called while a transaction was open";
            return Err(refusal(Code::Internal, "INTERNAL", text));
        }
        request.extensions_mut().clear();
        crate::telemetry::inject(request.headers_mut());
        let OnBehalf::Caller(caller) = &self.on_behalf else { return Ok(()) };
        let Some(along) = caller.passed_on() else {
            let text = "work on duty has no token to call a peer with";
            return Err(refusal(Code::Unauthenticated, "UNAUTHENTICATED", text));
        };
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, along.authorization.clone());
        headers.insert(REQUEST_ID, along.request_id.clone());
        if let Some(Deadline(at)) = along.deadline {
            let left = at.saturating_duration_since(Instant::now()).as_millis().min(99_999_999);
            let left = HeaderValue::from_str(&format!("{left}m"))
                .expect("digits and a letter can stand in a header");
            headers.entry("grpc-timeout").or_insert(left);
        }
        Ok(())
    }
}

impl Service<Request<Body>> for Wire {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        if let Err(status) = self.prepare(&mut request) {
            return Box::pin(async move { Ok(status.into_http()) });
        }
        match &self.to {
            To::InProcess(methods) => match methods.get().cloned() {
                Some(methods) => Box::pin(methods.oneshot(request)),
                None => Box::pin(async { Ok(starting().into_http()) }),
            },
            To::Remote(channel) => {
                let call = channel.clone().oneshot(request);
                Box::pin(async move {
                    Ok(call.await.unwrap_or_else(|error| {
                        tracing::warn!(%error, "a peer could not be reached");
                        let text = "a peer service cannot be reached; try again";
                        refusal(Code::Unavailable, "PEER_FAILED", text).into_http()
                    }))
                })
            }
        }
    }
}

fn starting() -> Status {
    refusal(Code::Unavailable, "OVERLOADED", "the service is starting; try again")
}
