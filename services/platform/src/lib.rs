//! What it takes to answer one authenticated call: a closed list of modules that would make sense
//! in a product that never heard of a claim.
//!
//! Invariants: only [`access`] builds a [`access::Caller`]; storage is reached only through a
//! transaction opened for one ([`tenant_tx`]); every mutation goes through
//! [`tenant_tx::Database::mutate`], which makes it idempotent, audited and immune to a caller that
//! hangs up. Absent on purpose: business words, a global, an ambient clock.

pub mod access;
pub mod audit;
pub mod cache;
pub mod clock;
pub mod config;
pub mod events;
pub mod health;
pub mod idempotency;
pub mod ids;
pub mod jobs;
pub mod keys;
pub mod page;
pub mod rejection;
pub mod run;
pub mod serve;
pub mod tasks;
pub mod telemetry;
pub mod tenant_tx;
pub mod wire;

pub use run::{App, Env, Mount, Mounted, StartError, assemble, run};
