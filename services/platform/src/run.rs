//! The life of a process: options, database, services, listener, signals, drain.
//!
//! A service is a function [`Mount`]; running one or six differs by the length of an array. A test
//! calls [`assemble`] and talks to [`App::wire`] without a port.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::access::tokens::install_crypto_provider;
use crate::clock::Clock;
use crate::config::{ConfigError, Settings};
use crate::keys::{KeyError, Keys};
use crate::telemetry::{Telemetry, TelemetryError};
use crate::tenant_tx::OpenError;

mod app;
mod env;
mod mounted;

pub use app::App;
pub use env::Env;
pub use mounted::{Door, Mount, Mounted};

/// How long background tasks and telemetry may take to end.
const LAST_GRACE: Duration = Duration::from_secs(2);

/// Why a process does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The options.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Logs and traces.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
    /// The address is taken or not ours.
    #[error("cannot listen on {0}: {1}")]
    Bind(String, std::io::Error),
    /// The database.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The cache.
    #[error(transparent)]
    Cache(#[from] crate::cache::BadCacheUrl),
    /// The master key.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// PostgreSQL without a master key file: copies of a service must share one.
    #[error("set keys.master_key_file: with PostgreSQL every copy must use the same key")]
    NoMasterKey,
    /// The contracts.
    #[error(transparent)]
    Policy(#[from] crate::access::PolicyError),
    /// A peer is neither in this process nor configured, or its URL is wrong.
    #[error("peer `{0}` is not in this process; set peers.{0} to the URL where it runs")]
    Peer(String),
    /// The runtime.
    #[error("the runtime cannot start: {0}")]
    Runtime(std::io::Error),
    /// A service's own reason.
    #[error("{0} cannot start: {1}")]
    Service(&'static str, #[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Runs `mounts` as a process with `settings`, until a signal.
///
/// # Errors
/// Whatever keeps it from starting.
pub fn run(settings: Settings, mounts: &[Mount]) -> Result<(), StartError> {
    install_crypto_provider();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(StartError::Runtime)?;
    runtime.block_on(async {
        let telemetry = Telemetry::start(&settings.telemetry)?;
        let listen = settings.server.listen.clone();
        let listener =
            TcpListener::bind(&listen).await.map_err(|error| StartError::Bind(listen, error))?;
        let app = assemble_with(settings, mounts, &telemetry, Clock::system()).await?;
        app.serve(listener, signals()).await;
        telemetry.flush(LAST_GRACE);
        Ok(())
    })
}

/// Opens everything and mounts the services, without listening or starting background work.
///
/// # Errors
/// Whatever keeps it from starting.
pub async fn assemble(settings: Settings, mounts: &[Mount]) -> Result<App, StartError> {
    assemble_at(settings, mounts, Clock::system()).await
}

/// As [`assemble`], by a clock that a test can move.
///
/// # Errors
/// Whatever keeps it from starting.
pub async fn assemble_at(
    settings: Settings,
    mounts: &[Mount],
    clock: Clock,
) -> Result<App, StartError> {
    assemble_with(settings, mounts, &Telemetry::default(), clock).await
}

async fn assemble_with(
    settings: Settings,
    mounts: &[Mount],
    telemetry: &Telemetry,
    clock: Clock,
) -> Result<App, StartError> {
    install_crypto_provider();
    let methods = Arc::new(OnceLock::new());
    let keys = open_keys(&settings)?;
    let env = Env::open(settings, keys, clock, methods).await?;
    let mut mounted = Vec::with_capacity(mounts.len());
    for mount in mounts {
        mounted.push(mount(env.clone()).await?);
    }
    App::build(env, mounted, telemetry.meters()).await
}

/// The master key: the configured file, or one beside the SQLite file.
fn open_keys(settings: &Settings) -> Result<Keys, StartError> {
    let configured = &settings.keys.master_key_file;
    if !configured.as_os_str().is_empty() {
        return Ok(Keys::load(configured)?);
    }
    let Some(path) = settings.database.url.strip_prefix("sqlite://") else {
        return Err(StartError::NoMasterKey);
    };
    let path = path.split('?').next().unwrap_or_default();
    if path.is_empty() || path == ":memory:" {
        return Ok(Keys::ephemeral());
    }
    Ok(Keys::load_or_create(&Path::new(path).with_extension("key"))?)
}

/// A token that the first SIGINT or SIGTERM cancels; the second ends the process at once.
#[must_use]
pub fn signals() -> CancellationToken {
    let stop = CancellationToken::new();
    let first = stop.clone();
    #[expect(clippy::disallowed_methods, reason = "it waits for signals as long as there is one")]
    tokio::spawn(async move {
        next_signal().await;
        tracing::info!("stopping; a second signal ends the process at once");
        first.cancel();
        next_signal().await;
        std::process::exit(130);
    });
    stop
}

async fn next_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::warn!("signals cannot be heard; the process ends only by force");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

#[cfg(test)]
mod tests;
