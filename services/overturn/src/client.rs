//! Clients that put a token on every call.

use contracts::appeals::v1::appeals_service_client::AppealsServiceClient;
use contracts::dictionary::v1::dictionary_service_client::DictionaryServiceClient;
use contracts::identity::v1::identity_service_client::IdentityServiceClient;
use contracts::routing::v1::routing_service_client::RoutingServiceClient;
use platform::wire::Wire;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::{Request, Status};

/// A way in with a token on every call.
pub type Door = InterceptedService<Wire, Bearer>;

/// Puts a token on every call.
#[derive(Clone)]
pub struct Bearer(Option<MetadataValue<Ascii>>);

impl std::fmt::Debug for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bearer(..)")
    }
}

impl Bearer {
    /// Of `token`; one that cannot stand in a header is refused when it is used.
    #[must_use]
    pub fn new(token: &str) -> Self {
        Self(format!("Bearer {}", token.trim()).parse().ok())
    }
}

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let Some(value) = &self.0 else {
            return Err(Status::unauthenticated("the token cannot stand in a header"));
        };
        request.metadata_mut().insert("authorization", value.clone());
        Ok(request)
    }
}

/// Clients of every service with one caller's token.
#[derive(Clone, Debug)]
pub struct Clients(Door);

impl Clients {
    /// Over `wire`, with `token`.
    #[must_use]
    pub fn new(wire: Wire, token: &str) -> Self {
        Self(InterceptedService::new(wire, Bearer::new(token)))
    }

    /// Of identity.
    #[must_use]
    pub fn identity(&self) -> IdentityServiceClient<Door> {
        IdentityServiceClient::new(self.0.clone())
    }

    /// Of dictionary.
    #[must_use]
    pub fn dictionary(&self) -> DictionaryServiceClient<Door> {
        DictionaryServiceClient::new(self.0.clone())
    }

    /// Of appeals.
    #[must_use]
    pub fn appeals(&self) -> AppealsServiceClient<Door> {
        AppealsServiceClient::new(self.0.clone())
    }

    /// Of routing.
    #[must_use]
    pub fn routing(&self) -> RoutingServiceClient<Door> {
        RoutingServiceClient::new(self.0.clone())
    }
}
