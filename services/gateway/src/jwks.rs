//! `GET /.well-known/jwks.json`: the keys that access tokens are signed with (RFC 7517).

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use contracts::identity::v1::{GetKeySetRequest, GetKeySetResponse};
use serde_json::json;

use crate::Identity;

pub(crate) async fn key_set(State(mut identity): State<Identity>) -> Response {
    match identity.get_key_set(GetKeySetRequest {}).await {
        Ok(answer) => document(answer.into_inner()),
        // No reason goes out: this door is open to everyone.
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn document(answer: GetKeySetResponse) -> Response {
    let keys: Vec<_> = answer
        .keys
        .into_iter()
        .map(|key| {
            json!({
                "kty": key.kty,
                "crv": key.crv,
                "alg": key.alg,
                "use": key.r#use,
                "kid": key.kid,
                "x": key.x,
            })
        })
        .collect();
    let age = format!("public, max-age={}", answer.max_age_seconds.max(0));
    ([(header::CACHE_CONTROL, age)], Json(json!({ "keys": keys }))).into_response()
}
