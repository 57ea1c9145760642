//! Whether this process should get traffic: the gRPC health service, `/healthz` and `/readyz`.
//!
//! Health stands outside the gate and outside load shedding: a busy process is not a dead one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};

use crate::tenant_tx::Database;

/// How long the database may take to answer before the process counts as not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// The state that health answers tell; clones share it.
#[derive(Clone, Debug)]
pub struct Health {
    reporter: HealthReporter,
    services: Arc<[&'static str]>,
    serving: Arc<AtomicBool>,
}

impl Health {
    /// Health of `services`, not serving yet.
    pub(crate) async fn new(services: Vec<&'static str>) -> Self {
        let reporter = HealthReporter::new();
        let health = Self { reporter, services: services.into(), serving: Arc::default() };
        health.tell(ServingStatus::NotServing).await;
        health
    }

    /// Tells everyone who asks or watches that this process serves.
    pub(crate) async fn open(&self) {
        self.serving.store(true, Ordering::Relaxed);
        self.tell(ServingStatus::Serving).await;
    }

    /// Tells everyone that it no longer does, and ends the watches: they would hold the drain.
    pub(crate) async fn close(&self) {
        self.serving.store(false, Ordering::Relaxed);
        self.tell(ServingStatus::NotServing).await;
        let mut reporter = self.reporter.clone();
        for service in self.names() {
            reporter.clear_service_status(service).await;
        }
    }

    async fn tell(&self, status: ServingStatus) {
        for service in self.names() {
            self.reporter.set_service_status(service, status).await;
        }
    }

    /// The services, and the empty name of the whole process.
    fn names(&self) -> impl Iterator<Item = &'static str> + use<'_> {
        self.services.iter().copied().chain([""])
    }

    /// The health routes, ready to be merged beside everything else.
    pub(crate) fn router(&self, database: Database) -> Router {
        let service = HealthServer::new(HealthService::from_health_reporter(self.reporter.clone()));
        let serving = self.serving.clone();
        let ready = move || {
            let (serving, database) = (serving.clone(), database.clone());
            async move {
                let up = tokio::time::timeout(PATIENCE, database.ping()).await;
                match (serving.load(Ordering::Relaxed), up) {
                    (true, Ok(Ok(()))) => (StatusCode::OK, "ready\n"),
                    (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "not serving\n"),
                    (true, _) => (StatusCode::SERVICE_UNAVAILABLE, "the database is away\n"),
                }
            }
        };
        Router::new()
            .route("/healthz", get(|| async { "alive\n" }))
            .route("/readyz", get(ready))
            .route_service("/grpc.health.v1.Health/{method}", service)
    }
}
