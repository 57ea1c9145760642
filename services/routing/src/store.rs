//! Rows of routing, each query a function that takes the tenant's transaction.

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
pub(crate) mod entity;
pub(crate) mod files;
pub(crate) mod ledger;
pub(crate) mod reading;
pub(crate) mod replayed;
pub(crate) mod transactions;

use platform::rejection::Fault;
use sea_orm::{DbErr, SqlErr};

use crate::error::Error;

/// A row with every column set, to be inserted.
pub(crate) fn set<A>(model: impl Into<A>) -> A {
    model.into()
}

/// A unique violation means that somebody else was faster: the work starts again from what is
/// there now.
pub(crate) fn contended(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Fault::Contended.into(),
        _ => error.into(),
    }
}
