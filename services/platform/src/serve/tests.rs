use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::*;

/// More than any of these should take, less than a test runner's patience.
const LONG: Duration = Duration::from_secs(10);
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// An empty SETTINGS frame.
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];
/// HEADERS of stream 1: POST http://a/ with a body to come, which never comes.
const HALF_A_CALL: &[u8] = &[0, 0, 6, 1, 4, 0, 0, 0, 1, 0x83, 0x86, 0x84, 0x41, 1, b'a'];

struct Running {
    address: SocketAddr,
    stop: CancellationToken,
    server: JoinHandle<usize>,
}

fn brief() -> ServerSettings {
    ServerSettings {
        handshake_timeout_ms: 300,
        shutdown_grace_ms: 500,
        ..ServerSettings::default()
    }
}

#[expect(clippy::disallowed_methods, reason = "a test owns the task and awaits it")]
async fn start(settings: ServerSettings) -> Running {
    let router = Router::new()
        .route("/", post(|body: String| async move { body }))
        .route("/fast", get(|| async { "fast" }))
        .route(
            "/slow",
            get(|| async {
                tokio::time::sleep(Duration::from_millis(200)).await;
                "slow"
            }),
        );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    let server = tokio::spawn(async move { serve(listener, router, &settings, stopping).await });
    Running { address, stop, server }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Stops the server; answers how many connections were cut and how long it took.
    async fn end(self) -> (usize, Duration) {
        let began = Instant::now();
        self.stop.cancel();
        let cut = timeout(LONG, self.server).await.unwrap().unwrap();
        (cut, began.elapsed())
    }
}

async fn closes(stream: &mut TcpStream) -> Duration {
    let began = Instant::now();
    let mut rest = Vec::new();
    // A reset is an end too.
    timeout(LONG, stream.read_to_end(&mut rest)).await.unwrap().ok();
    began.elapsed()
}

async fn get_fast(stream: &mut TcpStream) -> String {
    stream.write_all(b"GET /fast HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let mut answer = [0; 512];
    let read = timeout(LONG, stream.read(&mut answer)).await.unwrap().unwrap();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

#[tokio::test]
async fn a_peer_that_says_nothing_or_too_little_is_dropped_in_time() {
    let running = start(brief()).await;
    for words in [b"".as_slice(), &PREFACE[..10], b"GET / HTTP/1.1\r\nhost: a\r\nx: "] {
        let mut peer = running.connect().await;
        peer.write_all(words).await.unwrap();
        let took = closes(&mut peer).await;
        let text = String::from_utf8_lossy(words);
        assert!(took >= Duration::from_millis(200), "{text}: {took:?}");
        assert!(took < Duration::from_secs(3), "{text}: {took:?}");
    }
    // The control: an honest peer is answered meanwhile.
    assert!(get_fast(&mut running.connect().await).await.contains("fast"));
    running.end().await;
}

#[tokio::test]
async fn the_connection_past_the_cap_waits_for_a_seat() {
    let settings = ServerSettings { max_connections: 2, handshake_timeout_ms: 60_000, ..brief() };
    let running = start(settings).await;
    let (mut first, mut second) = (running.connect().await, running.connect().await);
    assert!(get_fast(&mut first).await.contains("fast"));
    assert!(get_fast(&mut second).await.contains("fast"));
    let mut third = running.connect().await;
    let waits = timeout(Duration::from_millis(300), get_fast(&mut third)).await;
    assert!(waits.is_err(), "the third must wait");
    drop(first);
    let mut answer = [0; 512];
    let read = timeout(LONG, third.read(&mut answer)).await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&answer[..read]).contains("fast"));
    running.end().await;
}

#[tokio::test]
async fn shutdown_drops_a_silent_peer_at_once() {
    let settings = ServerSettings { handshake_timeout_ms: 60_000, ..brief() };
    let running = start(settings).await;
    let mut silent = running.connect().await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let (cut, took) = running.end().await;
    assert_eq!(cut, 0);
    assert!(took < Duration::from_millis(450), "{took:?}");
    closes(&mut silent).await;
}

#[tokio::test]
async fn shutdown_cuts_a_half_sent_call_when_the_grace_is_over() {
    let running = start(brief()).await;
    let mut half = running.connect().await;
    half.write_all(&[PREFACE, SETTINGS, HALF_A_CALL].concat()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let (cut, took) = running.end().await;
    assert_eq!(cut, 1);
    assert!(took >= Duration::from_millis(450) && took < Duration::from_secs(3), "{took:?}");
    closes(&mut half).await;
}

#[tokio::test]
async fn a_call_that_was_accepted_is_answered_through_a_shutdown() {
    let running = start(brief()).await;
    let mut peer = running.connect().await;
    peer.write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let (cut, took) = running.end().await;
    assert_eq!(cut, 0);
    assert!(took < Duration::from_millis(450), "{took:?}");
    let mut answer = String::new();
    timeout(LONG, peer.read_to_string(&mut answer)).await.unwrap().unwrap();
    assert!(answer.ends_with("slow"), "{answer}");
}

#[tokio::test]
async fn an_old_connection_is_told_to_go_and_cut_after_its_grace() {
    let settings = ServerSettings { connection_age_ms: 200, connection_grace_ms: 200, ..brief() };
    let running = start(settings).await;
    let mut half = running.connect().await;
    half.write_all(&[PREFACE, SETTINGS, HALF_A_CALL].concat()).await.unwrap();
    let took = closes(&mut half).await;
    assert!(took >= Duration::from_millis(350) && took < Duration::from_secs(3), "{took:?}");
    running.end().await;
}

#[tokio::test]
async fn the_limits_of_streams_and_heads_are_announced() {
    let settings =
        ServerSettings { max_concurrent_streams: 33, max_header_bytes: 16_384, ..brief() };
    let running = start(settings).await;
    let mut peer = running.connect().await;
    peer.write_all(&[PREFACE, SETTINGS].concat()).await.unwrap();
    let mut heard = [0; 256];
    let read = timeout(LONG, peer.read(&mut heard)).await.unwrap().unwrap();
    let announced = |id: u16, value: u32| {
        let entry = [&id.to_be_bytes()[..], &value.to_be_bytes()[..]].concat();
        heard[..read].windows(6).any(|window| window == entry)
    };
    assert!(announced(3, 33) && announced(6, 16_384));
    running.end().await;
}
