use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};
use prost::Message;
use serde_json::{Value, json};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt, pb};

/// `status` as the answer of a unary method.
pub(super) fn failed(status: &Status) -> Response<Body> {
    let mut response = Response::new(Body::from(error(status).to_string()));
    *response.status_mut() = names(status.code()).0;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// `status` as Connect writes an error: a code, a message and the details.
pub(super) fn error(status: &Status) -> Value {
    let mut error = json!({ "code": names(status.code()).1 });
    if !status.message().is_empty() {
        error["message"] = status.message().into();
    }
    let details = details(status);
    if !details.is_empty() {
        error["details"] = details.into();
    }
    error
}

/// Every detail: its type, its bytes, and the same in readable form when we know the type.
fn details(status: &Status) -> Vec<Value> {
    let Ok(packed) = pb::Status::decode(status.details()) else { return Vec::new() };
    let known = status.get_error_details();
    packed
        .details
        .iter()
        .map(|detail| {
            let kind = detail.type_url.rsplit('/').next().unwrap_or_default();
            let mut entry = json!({ "type": kind, "value": STANDARD_NO_PAD.encode(&detail.value) });
            if let Some(debug) = readable(kind, &known) {
                entry["debug"] = debug;
            }
            entry
        })
        .collect()
}

fn readable(kind: &str, known: &ErrorDetails) -> Option<Value> {
    match kind {
        "google.rpc.ErrorInfo" => known.error_info().map(|info| {
            json!({ "reason": info.reason, "domain": info.domain, "metadata": info.metadata })
        }),
        "google.rpc.BadRequest" => known.bad_request().map(|bad| {
            let fields: Vec<Value> = bad
                .field_violations
                .iter()
                .map(|one| json!({ "field": one.field, "description": one.description }))
                .collect();
            json!({ "fieldViolations": fields })
        }),
        "google.rpc.RetryInfo" => known
            .retry_info()
            .and_then(|retry| retry.retry_delay)
            .map(|delay| json!({ "retryDelay": format!("{}s", delay.as_secs_f64()) })),
        _ => None,
    }
}

/// HTTP code and name of a gRPC code (Connect protocol, "Error Codes").
fn names(code: Code) -> (StatusCode, &'static str) {
    let (http, name) = match code {
        Code::Ok | Code::Unknown => (500, "unknown"),
        Code::Cancelled => (499, "canceled"),
        Code::InvalidArgument => (400, "invalid_argument"),
        Code::DeadlineExceeded => (504, "deadline_exceeded"),
        Code::NotFound => (404, "not_found"),
        Code::AlreadyExists => (409, "already_exists"),
        Code::PermissionDenied => (403, "permission_denied"),
        Code::ResourceExhausted => (429, "resource_exhausted"),
        Code::FailedPrecondition => (400, "failed_precondition"),
        Code::Aborted => (409, "aborted"),
        Code::OutOfRange => (400, "out_of_range"),
        Code::Unimplemented => (501, "unimplemented"),
        Code::Internal => (500, "internal"),
        Code::Unavailable => (503, "unavailable"),
        Code::DataLoss => (500, "data_loss"),
        Code::Unauthenticated => (401, "unauthenticated"),
    };
    (StatusCode::from_u16(http).expect("each of them is an HTTP code"), name)
}
