use std::fmt;
use std::sync::Arc;

use axum::Router;
use http::{Request, Response};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::body::Body;
use tonic::service::RoutesBuilder;
use tonic_web::GrpcWebLayer;
use tower::{Layer, ServiceExt};

use super::{Door, Env, LAST_GRACE, Mounted, StartError};
use crate::access::tokens::Verifier;
use crate::access::{FetchKeys, Gate, KeySet, Policy, errand};
use crate::audit::Ledger;
use crate::health::Health;
use crate::jobs::Job;
use crate::rejection::Fault;
use crate::serve::{Calls, serve};
use crate::telemetry::Meters;
use crate::wire::{Methods, Wire};
use contracts::identity::v1::GetKeySetRequest;
use contracts::identity::v1::identity_service_client::IdentityServiceClient;

/// A process that is ready to serve.
pub struct App {
    env: Env,
    router: Router,
    health: Health,
    jobs: Vec<Job>,
    streams: CancellationToken,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("health", &self.health).finish_non_exhaustive()
    }
}

impl App {
    pub(super) async fn build(
        env: Env,
        mounted: Vec<Mounted>,
        meters: Meters,
    ) -> Result<Self, StartError> {
        let names: Vec<&'static str> = mounted.iter().map(|mounted| mounted.name).collect();
        let policy = Policy::load()?;
        let streams = CancellationToken::new();
        let gate = gate(&env, policy.clone(), streams.clone());
        env.check_peers(&names)?;

        let mut routes = RoutesBuilder::default();
        let (mut http, mut jobs, mut services) = (Router::new(), Vec::new(), Vec::new());
        let mut translators = Vec::new();
        for mounted in mounted {
            mounted.grpc.into_iter().for_each(|add| add(&mut routes));
            services.extend(mounted.services);
            http = http.merge(mounted.http);
            jobs.extend(mounted.jobs);
            translators.extend(mounted.translate);
        }
        add_reflection(&mut routes);
        let calls = Calls::new(policy, meters, &env.options().server);
        let methods = calls.guard(gate.guard(Methods::new(routes.routes().prepare())));
        // Set once: the lock was made by the same call of `assemble`.
        let _ = env.methods().set(methods.clone());

        let door = ServiceExt::<Request<axum::body::Body>>::map_response(
            GrpcWebLayer::new().layer(methods),
            |response: Response<Body>| response.map(axum::body::Body::new),
        );
        let door = Door::new(door);
        let door = translators.into_iter().fold(door, |door, translate| translate(door));
        let health = Health::new(services).await;
        let router = http.merge(health.router(env.database().clone())).fallback_service(door);
        Ok(Self { env, router, health, jobs, streams })
    }

    /// The way to every method of this process, through the gate: for tests and for the binary's
    /// own commands.
    #[must_use]
    pub fn wire(&self) -> Wire {
        Wire::in_process(self.env.methods().clone())
    }

    /// Everything that would answer at the address.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// What the services were given.
    #[must_use]
    pub fn env(&self) -> &Env {
        &self.env
    }

    /// Runs what is due now, once, as the background would: for tests and one-shot commands.
    ///
    /// # Errors
    /// When due rows cannot be looked for.
    pub async fn run_due(&self) -> Result<usize, Fault> {
        let mut taken = 0;
        for job in &self.jobs {
            taken += job.run_due(self.env.database()).await?;
        }
        Ok(taken)
    }

    /// Starts the background work, serves on `listener` until `stop`, and ends both: first health
    /// and streams, which would last, then connections, then the work.
    pub async fn serve(self, listener: TcpListener, stop: CancellationToken) {
        for job in self.jobs {
            let database = self.env.database().clone();
            self.env.tasks().spawn(job.kind(), move |cancel| job.run(database, cancel));
        }
        self.health.open().await;
        if let Ok(address) = listener.local_addr() {
            tracing::info!(%address, "serving");
        }
        let stopped = stop.clone();
        let end_streams = async {
            stopped.cancelled().await;
            self.health.close().await;
            self.streams.cancel();
        };
        let server = &self.env.options().server;
        let (cut, ()) = tokio::join!(serve(listener, self.router, server, stop), end_streams);
        let tasks_cut = self.env.tasks().end(LAST_GRACE).await;
        tracing::info!(connections.cut = cut, tasks.cut = tasks_cut, "stopped");
    }
}

/// The gate, with keys from identity, wherever that runs.
fn gate(env: &Env, policy: Policy, streams: CancellationToken) -> Gate {
    let identity = env.peer("identity");
    let fetch: FetchKeys = Arc::new(move || {
        let mut identity = IdentityServiceClient::new(identity.clone());
        Box::pin(
            async move { Ok(identity.get_key_set(GetKeySetRequest {}).await?.into_inner().keys) },
        )
    });
    let access = &env.options().access;
    let errands = errand::signer(env.keys()).public_key().clone();
    let keys = KeySet::knowing(Some(errands), fetch);
    let verifier = Verifier::new(keys, &access.issuer, &access.audience, env.clock().clone());
    let ledger = Ledger::new(env.database().clone());
    Gate::new(policy, verifier, ledger, access.open_reflection, streams)
}

/// Both versions of reflection: many tools know only the older one.
fn add_reflection(routes: &mut RoutesBuilder) {
    let builder = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(contracts::FILE_DESCRIPTOR_SET)
    };
    let whole = "the built-in descriptor set was read by the policy before";
    routes.add_service(builder().build_v1().expect(whole));
    routes.add_service(builder().build_v1alpha().expect(whole));
}
