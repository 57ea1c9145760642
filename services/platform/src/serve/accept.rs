use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::ServerSettings;
use super::heard::Heard;

/// How long to wait when the machine has no file descriptor left.
const OUT_OF_FILES: Duration = Duration::from_millis(100);

/// Answers on `listener` until `stop`, then drains within the shutdown grace; answers how many
/// connections had to be cut.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    settings: &ServerSettings,
    stop: CancellationToken,
) -> usize {
    let seats = Arc::new(Semaphore::new(settings.max_connections));
    let limits = Arc::new(Limits::new(settings));
    let mut connections = JoinSet::new();
    loop {
        // The seat first: without one the next peer waits in the kernel's queue.
        let seat = tokio::select! {
            () = stop.cancelled() => break,
            seat = seats.clone().acquire_owned() => seat.expect("the semaphore is never closed"),
        };
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let talk = talk(stream, router.clone(), limits.clone(), stop.clone(), seat);
                connections.spawn(talk);
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(OUT_OF_FILES).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let drained = async { while connections.join_next().await.is_some() {} };
    let grace = Duration::from_millis(settings.shutdown_grace_ms);
    if tokio::time::timeout(grace, drained).await.is_ok() {
        return 0;
    }
    let cut = connections.len();
    connections.shutdown().await;
    cut
}

/// What holds for every connection.
struct Limits {
    builder: Builder<TokioExecutor>,
    handshake: Duration,
    age: Duration,
    grace: Duration,
}

impl Limits {
    fn new(settings: &ServerSettings) -> Self {
        let ms = Duration::from_millis;
        let mut builder = Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(ms(settings.handshake_timeout_ms))
            .max_buf_size(settings.max_header_bytes.max(8 * 1024) as usize)
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(settings.max_concurrent_streams)
            .keep_alive_interval(ms(settings.keepalive_interval_ms))
            .keep_alive_timeout(ms(settings.keepalive_timeout_ms))
            .max_header_list_size(settings.max_header_bytes)
            // One connection may hold a few large messages in flight, not all of them.
            .initial_stream_window_size(1024 * 1024)
            .initial_connection_window_size(4 * 1024 * 1024);
        Self {
            builder,
            handshake: ms(settings.handshake_timeout_ms),
            age: ms(settings.connection_age_ms),
            grace: ms(settings.connection_grace_ms),
        }
    }
}

/// One connection from its first byte to its last.
async fn talk(
    stream: TcpStream,
    router: Router,
    limits: Arc<Limits>,
    stop: CancellationToken,
    seat: OwnedSemaphorePermit,
) {
    // Held until the connection ends.
    let _seat = seat;
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection ended before it began");
        return;
    }
    let (stream, heard) = Heard::new(stream);
    let service = TowerToHyperService::new(router);
    let connection = limits.builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let handshake = sleep(limits.handshake);
    let end = sleep(limits.age);
    tokio::pin!(handshake, end);
    let (mut introduced, mut leaving) = (false, false);
    loop {
        tokio::select! {
            _ = connection.as_mut() => return,
            () = handshake.as_mut(), if !introduced => {
                if !heard.is_introduced() {
                    return;
                }
                introduced = true;
                continue;
            }
            () = stop.cancelled(), if !leaving => {
                if !heard.is_introduced() {
                    return;
                }
            }
            () = end.as_mut() => {
                if leaving {
                    return;
                }
            }
        }
        leaving = true;
        connection.as_mut().graceful_shutdown();
        end.as_mut().reset(Instant::now() + limits.grace);
    }
}
