use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, Request, Response};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until, timeout_at};
use tonic::body::Body;
use tonic::{Code, Status};
use tower::{ServiceExt, service_fn};
use tracing::field::Empty;
use tracing::{Instrument, Span};

use super::{REQUEST_ID, ServerSettings};
use crate::access::{Deadline, Method, Policy, end_answer};
use crate::rejection::refusal;
use crate::telemetry::{Meters, adopt};
use crate::wire::Methods;

/// What stands around the gate: the call's id, span, metrics and deadline, and the limit of calls
/// at once. Calls from peers in this process pass it too.
#[derive(Clone, Debug)]
pub(crate) struct Calls(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    policy: Policy,
    meters: Meters,
    seats: Semaphore,
    timeout: Duration,
}

impl Calls {
    pub(crate) fn new(policy: Policy, meters: Meters, settings: &ServerSettings) -> Self {
        let seats = Semaphore::new(settings.max_calls);
        let timeout = Duration::from_millis(settings.call_timeout_ms);
        Self(Arc::new(Inner { policy, meters, seats, timeout }))
    }

    /// When the call must be answered: what it says, at most the limit for a unary one.
    fn deadline(&self, headers: &HeaderMap, method: Option<&Method>) -> Option<Deadline> {
        let asked = headers.get("grpc-timeout").and_then(|value| asked(value.to_str().ok()?));
        let time = if method.is_some_and(Method::streams) {
            asked?
        } else {
            asked.unwrap_or(self.0.timeout).min(self.0.timeout)
        };
        Instant::now().checked_add(time).map(Deadline)
    }

    /// `methods` with every call counted, timed and bounded.
    pub(crate) fn guard(self, methods: Methods) -> Methods {
        Methods::new(service_fn(move |mut request: Request<Body>| {
            let (calls, methods) = (self.clone(), methods.clone());
            let id = request_id(request.headers());
            request.headers_mut().insert(REQUEST_ID, id.clone());
            // An unknown path is the caller's own text: it stays out of spans and labels.
            let known = self.0.policy.method(request.uri().path());
            let permission = known
                .and_then(|method| method.rule.as_ref())
                .map_or_else(|| "unknown".to_owned(), |rule| rule.permission.clone());
            let span = tracing::info_span!(
                "rpc",
                otel.name = permission,
                rpc.method = if known.is_some() { request.uri().path() } else { "unknown" },
                request.id = id.to_str().unwrap_or_default(),
                tenant.id = Empty,
                client.id = Empty,
                rpc.code = Empty,
            );
            adopt(&span, request.headers());
            let work = async move {
                let began = Instant::now();
                let mut answer = calls.answer(methods, request).await;
                let code = Status::from_header_map(answer.headers())
                    .map_or(Code::Ok, |status| status.code());
                Span::current().record("rpc.code", tracing::field::debug(code));
                calls.0.meters.called(&permission, code, began.elapsed());
                answer.headers_mut().insert(REQUEST_ID, id);
                Ok(answer)
            };
            work.instrument(span)
        }))
    }

    async fn answer(&self, methods: Methods, mut request: Request<Body>) -> Response<Body> {
        let Ok(_seat) = self.0.seats.try_acquire() else {
            let text = "the service is busy; try again in a moment";
            return refusal(Code::Unavailable, "OVERLOADED", text).into_http();
        };
        let deadline = self.deadline(request.headers(), self.0.policy.method(request.uri().path()));
        let Some(Deadline(at)) = deadline else {
            let Ok(answer) = methods.oneshot(request).await;
            return answer;
        };
        request.extensions_mut().insert(Deadline(at));
        let passed = async move {
            sleep_until(at).await;
            too_late()
        };
        match timeout_at(at, methods.oneshot(request)).await {
            Ok(Ok(answer)) => answer.map(|body| end_answer(body, passed)),
            Err(_) => too_late().into_http(),
        }
    }
}

/// `grpc-timeout`: at most eight digits and a unit.
fn asked(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let count: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(count * 3_600),
        "M" => Duration::from_secs(count * 60),
        "S" => Duration::from_secs(count),
        "m" => Duration::from_millis(count),
        "u" => Duration::from_micros(count),
        "n" => Duration::from_nanos(count),
        _ => return None,
    })
}

fn too_late() -> Status {
    let text = "the deadline passed before the answer was ready";
    refusal(Code::DeadlineExceeded, "DEADLINE_EXCEEDED", text)
}

/// The request id to use: the one given when it is plain and short, else a new one.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-_.".contains(b);
    match headers.get(REQUEST_ID) {
        Some(id) if (1..=128).contains(&id.len()) && id.as_bytes().iter().all(plain) => id.clone(),
        _ => HeaderValue::from_str(&crate::ids::new().to_string())
            .expect("a UUID can stand in a header"),
    }
}

#[cfg(test)]
mod tests;
