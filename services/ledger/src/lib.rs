//! The adjudication ledger: what payers said of claims, and the work it made, as rows and documents
//! of one tenant. Routing's tables; each query is a function that takes the tenant's transaction.
//!
//! Append-only but for states and decisions: a reversal is an occurrence of its own and takes
//! denials back by state, never by deletion. Absent: what is posted and why (routing), and what
//! history keeps (history).

pub mod adjudicated;
pub mod adjudications;
pub mod cases;
pub mod claim_document;
pub mod document;
pub mod entity;
pub mod files;
pub mod held;
pub mod looked_at;
pub mod opening;
pub mod previews;
mod put;
pub mod reading;
pub mod redecided;
pub mod redecisions;
pub mod replayed;
pub mod stored_claim;
pub mod take_backs;
pub mod timeline;
pub mod transactions;
pub mod unknown_payers;
pub mod usual;
pub mod verdicts;

use platform::rejection::Fault;
use sea_orm::{DbErr, SqlErr};

/// The feed of what happens here.
pub const FEED: &str = "routing";

/// A row with every column set, to be inserted.
pub fn set<A>(model: impl Into<A>) -> A {
    model.into()
}

/// A unique violation means that somebody else was faster: the work starts again from what is
/// there now.
pub fn contended(error: DbErr) -> Fault {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Fault::Contended,
        _ => error.into(),
    }
}
