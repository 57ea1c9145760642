use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Request, Response};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tonic::body::Body;
use tonic::{Code, Status};
use tower::{ServiceExt, service_fn};

use super::caller::{Call, PassedOn, unauthenticated};
use super::disclosure::{Found, Recorder};
use super::ending::{End, end_answer, end_request};
use super::tokens::Verifier;
use super::{AuditKind, Caller, Claims, Deadline, Method, Policy, Role, Rule};
use crate::audit::{Ledger, Purpose};
use crate::rejection::refusal;
use crate::serve::REQUEST_ID;
use crate::wire::Methods;

/// What stands in front of every method: known path, token, permission, in this order, and after
/// the call the record of what left.
///
/// It works on the HTTP request, so that unary calls and streams are refused by the same code
/// before a body is read, and it removes any [`Caller`] that came with the request. A stream, in
/// either direction, ends with its token or when the process begins to stop.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    policy: Policy,
    verifier: Verifier,
    ledger: Ledger,
    open_reflection: bool,
    stop: CancellationToken,
}

/// What the gate decided about a request.
struct Admitted {
    method: Method,
    caller: Option<Caller>,
}

impl Gate {
    /// A gate that keeps `policy`; `open_reflection` lets anyone read the contracts, and `stop`
    /// ends what streams.
    #[must_use]
    pub fn new(
        policy: Policy,
        verifier: Verifier,
        ledger: Ledger,
        open_reflection: bool,
        stop: CancellationToken,
    ) -> Self {
        Self(Arc::new(Inner { policy, verifier, ledger, open_reflection, stop }))
    }

    /// `methods` behind this gate.
    #[must_use]
    pub fn guard(self, methods: Methods) -> Methods {
        Methods::new(service_fn(move |request| {
            let (gate, methods) = (self.clone(), methods.clone());
            async move { Ok(gate.pass(methods, request).await) }
        }))
    }

    async fn pass(&self, methods: Methods, mut request: Request<Body>) -> Response<Body> {
        let Admitted { method, caller } = match self.admit(&mut request).await {
            Ok(admitted) => admitted,
            Err(status) => return status.into_http(),
        };
        let end = self.end(caller.as_ref());
        let (request, cut) = if method.streams_requests {
            let (head, body) = request.into_parts();
            let (body, cut) = end_request(body, end.clone().comes());
            (Request::from_parts(head, body), Some(cut))
        } else {
            (request, None)
        };
        let Ok(answer) = methods.oneshot(request).await;
        // Whatever a method makes of half a request, its caller hears why it was cut.
        if let Some(status) = cut.as_ref().and_then(|cut| cut.get()) {
            return status.clone().into_http();
        }
        let streams = method.streams_answers;
        let answer = match caller {
            Some(caller) => self.release(method, caller, answer).await,
            None => answer,
        };
        if streams { answer.map(|body| end_answer(body, end.comes())) } else { answer }
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
            let call = Call { rpc, request_id, passed_on };
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

    /// The answer as it may leave: recorded if it speaks of patients.
    async fn release(
        &self,
        method: Method,
        caller: Caller,
        answer: Response<Body>,
    ) -> Response<Body> {
        let (true, Some(output)) = (method.discloses, method.output) else { return answer };
        let (policy, ledger) = (self.0.policy.clone(), self.0.ledger.clone());
        let purpose = answer.extensions().get::<Purpose>().cloned().unwrap_or_default();
        let told = Found::default();
        let recorder = Recorder { policy, ledger, caller, output, purpose, told };
        if method.streams_answers {
            recorder.streaming(answer)
        } else {
            recorder.unary(answer).await
        }
    }

    /// When a stream of `caller` ends, whatever the two sides would still say.
    fn end(&self, caller: Option<&Caller>) -> End {
        let expires = caller.and_then(Caller::expires_at).map(|at| {
            let left = at - self.0.verifier.clock().now();
            Instant::now() + left.to_std().unwrap_or_default()
        });
        End { expires, stop: self.0.stop.clone() }
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
