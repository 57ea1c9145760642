//! `POST /oauth2/token`: a token for an application that proves itself by a signed assertion
//! (RFC 6749 4.4, RFC 7523 2.2). Identity decides; this is its face in OAuth's own words.

use axum::Form;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use contracts::identity::v1::IssueTokenRequest;
use serde::Deserialize;
use serde_json::json;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::Identity;

/// What `client_assertion_type` must say (RFC 7523 2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The form; a parameter given twice is refused (RFC 6749 3.2).
#[derive(Deserialize)]
pub(crate) struct TokenForm {
    #[serde(default)]
    grant_type: String,
    #[serde(default)]
    client_assertion_type: String,
    #[serde(default)]
    client_assertion: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    client_id: String,
}

impl TokenForm {
    /// What is missing or wrong, before anyone is asked who the client is.
    fn fault(&self) -> Option<String> {
        if self.grant_type.is_empty() {
            return Some("grant_type is missing; send client_credentials".to_owned());
        }
        // Another grant has other parameters; identity refuses it by its name.
        if self.grant_type != "client_credentials" {
            return None;
        }
        match self.client_assertion_type.as_str() {
            "" => Some(format!("client_assertion_type is missing; send {ASSERTION_TYPE}")),
            ASSERTION_TYPE if self.client_assertion.is_empty() => {
                Some("client_assertion is missing; send a signed JWT".to_owned())
            }
            ASSERTION_TYPE => None,
            _ => Some(format!("client_assertion_type must be {ASSERTION_TYPE}")),
        }
    }
}

pub(crate) async fn token(
    State(mut identity): State<Identity>,
    form: Result<Form<TokenForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        let text = "send application/x-www-form-urlencoded with each parameter once";
        return refused(StatusCode::BAD_REQUEST, "invalid_request", text);
    };
    if let Some(fault) = form.fault() {
        return refused(StatusCode::BAD_REQUEST, "invalid_request", &fault);
    }
    let request = IssueTokenRequest {
        grant_type: form.grant_type,
        client_assertion_type: form.client_assertion_type,
        client_assertion: form.client_assertion,
        scope: form.scope,
        client_id: form.client_id,
    };
    match identity.issue_token(request).await {
        Ok(answer) => {
            let answer = answer.into_inner();
            let body = json!({
                "access_token": answer.access_token,
                "token_type": answer.token_type,
                "expires_in": answer.expires_in_seconds,
                "scope": answer.scope,
            });
            unstored(StatusCode::OK, body)
        }
        Err(status) => refusal(&status),
    }
}

/// Identity's refusal in the words of RFC 6749 5.2.
fn refusal(status: &Status) -> Response {
    let reason = status.get_error_details().error_info().map(|info| info.reason.clone());
    let (code, error) = match (reason.as_deref(), status.code()) {
        (Some("UNSUPPORTED_GRANT_TYPE"), _) => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
        (Some("INVALID_SCOPE"), _) => (StatusCode::BAD_REQUEST, "invalid_scope"),
        // A replayed assertion reads like a wrong one.
        (Some("INVALID_CLIENT" | "ASSERTION_REPLAYED"), _) | (_, Code::Unauthenticated) => {
            (StatusCode::UNAUTHORIZED, "invalid_client")
        }
        (_, Code::InvalidArgument) => (StatusCode::BAD_REQUEST, "invalid_request"),
        (_, Code::Unavailable | Code::DeadlineExceeded) => {
            (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable")
        }
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
    };
    let text = if error == "invalid_client" { "the client is not known" } else { status.message() };
    refused(code, error, text)
}

fn refused(code: StatusCode, error: &str, text: &str) -> Response {
    unstored(code, json!({ "error": error, "error_description": text }))
}

fn unstored(code: StatusCode, body: serde_json::Value) -> Response {
    (code, [(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")], Json(body))
        .into_response()
}
