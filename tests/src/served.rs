//! A world behind a real port.

use std::net::SocketAddr;

use contracts::identity::v1::identity_service_client::IdentityServiceClient;
use contracts::routing::v1::routing_service_client::RoutingServiceClient;
use overturn::Bearer;
use platform::tenant_tx::Database;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};

use crate::store::Store;
use crate::world::World;

/// A connection with a token on every call.
pub type Line = InterceptedService<Channel, Bearer>;

/// The product behind a port of this machine; it is cut off when this is dropped.
#[derive(Debug)]
pub struct Served {
    address: SocketAddr,
    stop: CancellationToken,
    running: JoinSet<()>,
    store: Store,
    database: Database,
}

impl Served {
    /// Serves `world`, background work and all.
    pub async fn new(world: World) -> Self {
        let (app, store) = world.into_parts();
        let database = app.env().database().clone();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let mut running = JoinSet::new();
        running.spawn(app.serve(listener, stop.clone()));
        Self { address, stop, running, store, database }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The product's own pool.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Asks it to end, as a signal would.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Waits until it has ended.
    pub async fn ended(&mut self) {
        self.running.join_next().await.unwrap().unwrap();
    }
}

/// A connection of its own to `address`, made when it is first used.
#[must_use]
pub fn connection(address: SocketAddr) -> Channel {
    Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy()
}

/// A client of identity over `channel`, with `token`.
#[must_use]
pub fn identity(channel: &Channel, token: &str) -> IdentityServiceClient<Line> {
    IdentityServiceClient::with_interceptor(channel.clone(), Bearer::new(token))
}

/// A client of routing over `channel`, with `token`.
#[must_use]
pub fn routing(channel: &Channel, token: &str) -> RoutingServiceClient<Line> {
    RoutingServiceClient::with_interceptor(channel.clone(), Bearer::new(token))
}
