//! The harness: the whole product in one process, two hospital groups aboard, and clients that are
//! roles. The same tests run on SQLite and, with `STORE=postgres CACHE=redis`, on PostgreSQL and
//! Redis; the database is new for each [`World`].
//!
//! Callers have real tokens of real users; nothing here goes round the gate.

mod fixtures;
pub mod governing;
mod group;
pub mod partner;
mod raw;
mod refusal;
pub mod samples;
pub mod served;
mod store;
mod world;

pub use fixtures::{Line, Remittance, canary};
pub use governing::Governing;
pub use group::{Group, NewGroup, ROLES, upload_parts};
pub use raw::{Answer, call, call_streaming};
pub use refusal::{fields, reason, refusal};
pub use store::{Store, on_postgres};
pub use world::{World, id};
