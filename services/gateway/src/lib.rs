//! The HTTP door: tokens for applications, our public keys, every unary method as JSON, and
//! streams over Connect.
//!
//! The gateway holds no rows and decides nothing. Whatever comes in becomes a gRPC call to a peer,
//! which passes the peer's own gate like any other: a request has no more rights for having come by
//! JSON. Methods of services that run elsewhere are reached where `peers` says.
//!
//! Absent: streams as JSON, compression, cookies, sessions, TLS.

use axum::Router;
use axum::routing::{get, post};
use contracts::identity::v1::identity_service_client::IdentityServiceClient;
use futures::future::BoxFuture;
use platform::wire::Wire;
use platform::{Env, Mounted, StartError};

mod connect;
mod jwks;
mod oauth;

/// Joins the gateway to a process.
pub fn mount(env: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    Box::pin(async move {
        let identity = IdentityServiceClient::new(env.peer("identity"));
        let methods = connect::Methods::read(&env)
            .map_err(|error| StartError::Service("gateway", error.into()))?;
        let routes = Router::new()
            .route("/oauth2/token", post(oauth::token))
            .route("/.well-known/jwks.json", get(jwks::key_set))
            .with_state(identity);
        Ok(Mounted::new("gateway")
            .http(routes)
            .translate(|grpc| connect::translator(methods, grpc)))
    })
}

/// The way to identity's anonymous methods.
type Identity = IdentityServiceClient<Wire>;

#[cfg(test)]
mod tests;
