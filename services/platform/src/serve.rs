//! The listener: one port for gRPC, gRPC-Web, Connect JSON and HTTP, with limits on everything.
//!
//! Our own accept loop, because no ready-made server caps connections, drops a peer that stays
//! silent before its preface, and ends a drain: connections live in a `JoinSet`, and what is left
//! when the grace is over is cut. TLS is absent: a proxy in front ends it.

use serde::Deserialize;

mod accept;
mod calls;
mod heard;

pub(crate) use accept::serve;
pub(crate) use calls::Calls;

/// The id of a call, in requests and answers.
pub const REQUEST_ID: &str = "x-request-id";

/// Section `server` of the configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerSettings {
    /// Where to listen, as `ADDRESS:PORT`.
    pub listen: String,
    /// Connections at most; the next one waits in the kernel's queue.
    pub max_connections: usize,
    /// Calls at once on one connection.
    pub max_concurrent_streams: u32,
    /// Calls at once in all; more are refused, health is not counted.
    pub max_calls: usize,
    /// How long a new peer may take to say its preface or its request head, in milliseconds.
    pub handshake_timeout_ms: u64,
    /// How often an idle connection is asked whether it lives, in milliseconds.
    pub keepalive_interval_ms: u64,
    /// How long it may take to answer, in milliseconds.
    pub keepalive_timeout_ms: u64,
    /// How old a connection may grow before it is told to go, in milliseconds.
    pub connection_age_ms: u64,
    /// How long it may then take to finish, in milliseconds.
    pub connection_grace_ms: u64,
    /// How long the whole process may take to finish what it accepted, in milliseconds.
    pub shutdown_grace_ms: u64,
    /// The longest request head, in bytes.
    pub max_header_bytes: u32,
    /// How long a unary call may take when it does not say, and at most, in milliseconds.
    pub call_timeout_ms: u64,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            max_connections: 1_024,
            max_concurrent_streams: 128,
            max_calls: 1_024,
            handshake_timeout_ms: 5_000,
            keepalive_interval_ms: 30_000,
            keepalive_timeout_ms: 10_000,
            connection_age_ms: 30 * 60 * 1_000,
            connection_grace_ms: 60_000,
            shutdown_grace_ms: 15_000,
            max_header_bytes: 16 * 1_024,
            call_timeout_ms: 30_000,
        }
    }
}

#[cfg(test)]
mod tests;
