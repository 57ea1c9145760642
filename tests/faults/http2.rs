//! Peers that misuse HTTP/2 at a real listener: each is put off in time, and an honest caller is
//! answered all the while.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use contracts::access::v1::Role;
use contracts::routing::v1::ListWorkItemsRequest;
use tests::served::{self, Served};
use tests::{Group, NewGroup, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const HANDSHAKE: Duration = Duration::from_millis(500);
/// More than any of these should take.
const LONG: Duration = Duration::from_secs(10);
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];
/// POST http://a/
const HEAD: &[u8] = &[0x83, 0x86, 0x84, 0x41, 1, b'a'];

const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_HEADERS: u8 = 4;

/// A frame of `kind` on stream `id`.
fn frame(kind: u8, flags: u8, id: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &id.to_be_bytes(), payload].concat()
}

/// Says `words` and hears everything until the server ends the connection.
async fn say(address: SocketAddr, words: &[u8]) -> Vec<u8> {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let mut heard = Vec::new();
    let hearing = async {
        // A reset is an end too.
        reading.read_to_end(&mut heard).await.ok();
    };
    let saying = async {
        // The server may end it before all is said.
        writing.write_all(&[PREFACE, SETTINGS, words].concat()).await.ok();
        std::future::pending::<()>().await;
    };
    tokio::select! {
        ended = timeout(LONG, hearing) => ended.expect("the server ends it"),
        () = saying => {}
    }
    heard
}

/// The frames of `kind` in what was heard: their payloads.
fn frames(mut heard: &[u8], kind: u8) -> Vec<&[u8]> {
    let mut found = Vec::new();
    while let Some((head, rest)) = heard.split_at_checked(9) {
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let Some((payload, rest)) = rest.split_at_checked(length) else { break };
        if head[3] == kind {
            found.push(payload);
        }
        heard = rest;
    }
    found
}

/// The error code of the GOAWAY that ended a connection.
fn goodbye(heard: &[u8]) -> u32 {
    let last = frames(heard, GOAWAY).last().expect("the server says why").to_vec();
    u32::from_be_bytes(last[4..8].try_into().unwrap())
}

async fn served(connections: &str) -> (Served, String) {
    let handshake = HANDSHAKE.as_millis().to_string();
    let options = [
        ("SERVER__MAX_CONNECTIONS", connections),
        ("SERVER__HANDSHAKE_TIMEOUT_MS", handshake.as_str()),
    ];
    let world = World::with(&options).await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let token = group.token(&world, Role::Specialist).await;
    (Served::new(world).await, token)
}

/// A caller that means it, on a connection of its own; answers how long it took.
async fn honest(address: SocketAddr, token: &str) -> Duration {
    let began = Instant::now();
    let mut routing = served::routing(&served::connection(address), token);
    let listing = routing.list_work_items(ListWorkItemsRequest::default());
    timeout(LONG, listing).await.expect("it is answered in time").unwrap();
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_peers_past_the_cap_keep_an_honest_caller_waiting_for_a_handshake_at_most() {
    let (served, token) = served("32").await;
    let mut silent = Vec::new();
    for words in [b"".as_slice(), &PREFACE[..10], b"POST / HTTP/1.1\r\nhost: a\r\nx: "] {
        for _ in 0..16 {
            let mut peer = TcpStream::connect(served.address()).await.unwrap();
            peer.write_all(words).await.unwrap();
            silent.push(peer);
        }
    }
    // All seats are taken, and 16 peers wait in the kernel before this one.
    let took = honest(served.address(), &token).await;
    assert!(took > HANDSHAKE / 2, "the seats were taken: {took:?}");
    assert!(took < HANDSHAKE * 6, "it took {took:?}");
    for peer in &mut silent {
        let mut rest = Vec::new();
        timeout(LONG, peer.read_to_end(&mut rest)).await.expect("it is dropped").ok();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_end_with_their_connection_and_an_honest_caller_is_answered_meanwhile() {
    let (served, token) = served("64").await;
    let address = served.address();
    let odd = |count: u32| (0..count).map(|at| 2 * at + 1);
    // Streams opened and reset at once.
    let resets: Vec<u8> = odd(2_000)
        .flat_map(|id| {
            let reset = frame(RST_STREAM, 0, id, &8_u32.to_be_bytes());
            [frame(HEADERS, END_HEADERS, id, HEAD), reset].concat()
        })
        .collect();
    // A head that never ends: 4 MiB of it.
    let mut endless = frame(HEADERS, 0, 1, HEAD);
    for _ in 0..256 {
        endless.extend(frame(CONTINUATION, 0, 1, &[0x84; 16 * 1_024]));
    }
    // A frame that no stream may carry.
    let broken = frame(CONTINUATION, 0, 5, HEAD);
    // More calls than are allowed, none of which is ever sent to its end.
    let many: Vec<u8> = odd(400).flat_map(|id| frame(HEADERS, END_HEADERS, id, HEAD)).collect();

    let attacks = async {
        let crowded = async {
            let mut peer = TcpStream::connect(address).await.unwrap();
            peer.write_all(&[PREFACE, SETTINGS, &many].concat()).await.unwrap();
            let (mut heard, mut piece) = (Vec::new(), [0; 4_096]);
            while frames(&heard, RST_STREAM).len() < 200 {
                let read = timeout(LONG, peer.read(&mut piece)).await.unwrap().unwrap();
                assert!(read > 0, "{} were refused", frames(&heard, RST_STREAM).len());
                heard.extend_from_slice(&piece[..read]);
            }
        };
        let (resets, endless, broken, ()) = tokio::join!(
            say(address, &resets),
            say(address, &endless),
            say(address, &broken),
            crowded
        );
        assert_eq!(goodbye(&resets), 11, "ENHANCE_YOUR_CALM");
        assert!([1, 11].contains(&goodbye(&endless)), "{}", goodbye(&endless));
        assert_eq!(goodbye(&broken), 1, "PROTOCOL_ERROR");
    };
    let callers = async {
        let mut slowest = Duration::ZERO;
        for _ in 0..20 {
            slowest = slowest.max(honest(address, &token).await);
        }
        slowest
    };
    let (slowest, ()) = tokio::join!(callers, attacks);
    assert!(slowest < Duration::from_secs(2), "an honest caller waited {slowest:?}");
    honest(address, &token).await;
}
