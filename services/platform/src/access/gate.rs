use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::future::BoxFuture;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Request, Response};
use tokio::time::Instant;
use tonic::body::Body;
use tonic::{Code, Status};
use tower::{Layer, Service};

use super::caller::{Call, PassedOn, unauthenticated};
use super::disclosure::{Found, Recorder};
use super::tokens::Verifier;
use super::{AuditKind, Caller, Claims, Deadline, Method, Policy, Role, Rule, end_at};
use crate::audit::Ledger;
use crate::rejection::refusal;
use crate::serve::REQUEST_ID;

/// The layer in front of every method: known path, token, permission, in this order, and after
/// the call the record of what left.
///
/// It works on the HTTP request, so that unary calls and streams are refused by the same code
/// before a body is read, and it removes any [`Caller`] that came with the request.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    policy: Policy,
    verifier: Verifier,
    ledger: Ledger,
    open_reflection: bool,
}

/// What the gate decided about a request.
struct Admitted {
    method: Method,
    caller: Option<Caller>,
}

impl Gate {
    /// A gate that keeps `policy`; `open_reflection` lets anyone read the contracts.
    #[must_use]
    pub fn new(policy: Policy, verifier: Verifier, ledger: Ledger, open_reflection: bool) -> Self {
        Self(Arc::new(Inner { policy, verifier, ledger, open_reflection }))
    }

    async fn admit(&self, request: &mut Request<Body>) -> Result<Admitted, Status> {
        request.extensions_mut().remove::<Caller>();
        let path = request.uri().path();
        let method = self.0.policy.method(path).ok_or_else(unknown)?.clone();
        let rule = method.rule.clone().unwrap_or_else(|| Arc::new(nobody()));
        tracing::Span::current().record("otel.name", &rule.permission);
        let open = self.0.open_reflection && rule.permission == "grpc.reflect";
        let caller = if rule.anonymous || open {
            None
        } else {
            let rpc = path.to_owned();
            let deadline = request.extensions().get::<Deadline>().copied();
            let (claims, passed_on) = self.authenticate(request.headers(), deadline).await?;
            let request_id = passed_on.request_id.to_str().unwrap_or_default().to_owned();
            let call = Call { rpc, request_id, rule: rule.clone(), passed_on };
            let caller = Caller::authenticated(&claims, call);
            self.authorize(&caller, &rule).await?;
            Some(caller)
        };
        if !rule.planned.is_empty() {
            return Err(refusal(Code::Unimplemented, "PLANNED", &rule.planned));
        }
        if let Some(caller) = &caller {
            request.extensions_mut().insert(caller.clone());
        }
        Ok(Admitted { method, caller })
    }

    async fn authenticate(
        &self,
        headers: &HeaderMap,
        deadline: Option<Deadline>,
    ) -> Result<(Arc<Claims>, PassedOn), Status> {
        let mut given = headers.get_all(AUTHORIZATION).iter();
        let (Some(value), None) = (given.next(), given.next()) else {
            return Err(unauthenticated());
        };
        let (mut authorization, text) =
            (value.clone(), value.to_str().map_err(|_| unauthenticated())?);
        let (scheme, token) = text.split_once(' ').ok_or_else(unauthenticated)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(unauthenticated());
        }
        let claims = self.0.verifier.verify(token).await?;
        authorization.set_sensitive(true);
        let request_id =
            headers.get(REQUEST_ID).cloned().unwrap_or_else(|| HeaderValue::from_static("unknown"));
        Ok((claims, PassedOn { authorization, request_id, deadline }))
    }

    async fn authorize(&self, caller: &Caller, rule: &Rule) -> Result<(), Status> {
        let span = tracing::Span::current();
        span.record("tenant.id", tracing::field::display(caller.tenant()));
        span.record("client.id", caller.client_id());
        let in_scope = || rule.in_scope(caller.scopes());
        let granted = rule
            .roles
            .iter()
            .any(|role| caller.has_role(*role) && (*role != Role::Partner || in_scope()));
        if granted {
            return Ok(());
        }
        if self.0.ledger.denied(caller).await.is_err() {
            tracing::error!(rpc = caller.rpc(), "a denial could not be recorded");
        }
        let text = format!("this call needs the permission `{}`", rule.permission);
        Err(refusal(Code::PermissionDenied, "PERMISSION_DENIED", &text))
    }

    /// The answer as it may leave: recorded if it speaks of patients, ended with the token if it
    /// streams.
    async fn release(&self, admitted: Admitted, response: Response<Body>) -> Response<Body> {
        let Admitted { method, caller: Some(caller) } = admitted else { return response };
        let until = method.streams_answers.then(|| self.token_ends(&caller)).flatten();
        let mut response = response;
        if let (true, Some(output)) = (method.discloses, method.output) {
            let (policy, ledger) = (self.0.policy.clone(), self.0.ledger.clone());
            let recorder = Recorder { policy, ledger, caller, output, told: Found::default() };
            response = if method.streams_answers {
                recorder.streaming(response)
            } else {
                recorder.unary(response).await
            };
        }
        match until {
            Some(at) => response.map(|body| end_at(body, at, unauthenticated)),
            None => response,
        }
    }

    fn token_ends(&self, caller: &Caller) -> Option<Instant> {
        let left = caller.expires_at()? - self.0.verifier.clock().now();
        Some(Instant::now() + left.to_std().unwrap_or_default())
    }
}

/// The rule of a method without one.
fn nobody() -> Rule {
    Rule {
        permission: String::new(),
        roles: Vec::new(),
        audit: AuditKind::Unspecified,
        planned: String::new(),
        anonymous: false,
        implied_by: Vec::new(),
    }
}

fn unknown() -> Status {
    refusal(Code::Unimplemented, "UNKNOWN_METHOD", "there is no such method")
}

impl<S> Layer<S> for Gate {
    type Service = Gated<S>;

    fn layer(&self, inner: S) -> Gated<S> {
        Gated { gate: self.clone(), inner }
    }
}

/// A service behind the gate.
#[derive(Clone, Debug)]
pub struct Gated<S> {
    gate: Gate,
    inner: S,
}

impl<S> Service<Request<Body>> for Gated<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let next = self.inner.clone();
        // The one that was polled ready does the call.
        let mut inner = std::mem::replace(&mut self.inner, next);
        let gate = self.gate.clone();
        Box::pin(async move {
            let admitted = match gate.admit(&mut request).await {
                Ok(admitted) => admitted,
                Err(status) => return Ok(status.into_http()),
            };
            let response = inner.call(request).await?;
            Ok(gate.release(admitted, response).await)
        })
    }
}
