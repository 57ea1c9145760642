use std::convert::Infallible;
use std::fmt;

use axum::Router;
use futures::future::BoxFuture;
use http::Request;
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::service::RoutesBuilder;
use tower::Service;
use tower::util::BoxCloneSyncService;

use super::{Env, StartError};
use crate::jobs::Job;

/// How a service joins a process.
pub type Mount = fn(Env) -> BoxFuture<'static, Result<Mounted, StartError>>;

/// Everything that answers at an address, as HTTP.
pub type Door =
    BoxCloneSyncService<Request<axum::body::Body>, http::Response<axum::body::Body>, Infallible>;

type AddRoutes = Box<dyn FnOnce(&mut RoutesBuilder) + Send>;
type Translate = Box<dyn FnOnce(Door) -> Door + Send>;

/// What a service brings: its methods, its HTTP routes, its jobs.
pub struct Mounted {
    pub(super) name: &'static str,
    pub(super) grpc: Vec<AddRoutes>,
    pub(super) services: Vec<&'static str>,
    pub(super) http: Router,
    pub(super) jobs: Vec<Job>,
    pub(super) translate: Option<Translate>,
}

impl fmt::Debug for Mounted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mounted")
            .field("name", &self.name)
            .field("services", &self.services)
            .finish_non_exhaustive()
    }
}

impl Mounted {
    /// A service called `name`: what peers call it, and its section in the configuration.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            grpc: Vec::new(),
            services: Vec::new(),
            http: Router::new(),
            jobs: Vec::new(),
            translate: None,
        }
    }

    /// Adds a generated gRPC server; it will stand behind the gate.
    #[must_use]
    pub fn grpc<S>(mut self, server: S) -> Self
    where
        S: Service<Request<Body>, Error = Infallible> + NamedService,
        S: Clone + Send + Sync + 'static,
        S::Response: axum::response::IntoResponse,
        S::Future: Send + 'static,
    {
        self.services.push(S::NAME);
        self.grpc.push(Box::new(move |routes| {
            routes.add_service(server);
        }));
        self
    }

    /// Adds HTTP routes. The gate does not see them: whatever they answer is public, or they call
    /// a method through a [`crate::wire::Wire`].
    #[must_use]
    pub fn http(mut self, routes: Router) -> Self {
        self.http = self.http.merge(routes);
        self
    }

    /// Adds background work; it runs while the process serves.
    #[must_use]
    pub fn job(mut self, job: Job) -> Self {
        self.jobs.push(job);
        self
    }

    /// Puts a translator in front of the methods: it turns another protocol's requests into gRPC
    /// over HTTP/2, which then meet the same gate.
    #[must_use]
    pub fn translate(mut self, translate: impl FnOnce(Door) -> Door + Send + 'static) -> Self {
        self.translate = Some(Box::new(translate));
        self
    }
}
