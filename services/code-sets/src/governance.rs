//! What code sets ask of the dictionary, which hands it in.

use std::sync::Arc;

use domain::dictionary::Compiled;
use futures::future::BoxFuture;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

/// Answers of governance.
pub type Answer<'tx, T> = BoxFuture<'tx, Result<T, Fault>>;

/// Whose a change request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// The caller's.
    Caller,
    /// Nobody's: the service drafts it by itself.
    Nobody,
}

/// A change request that a release drafts, without edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Whose it is.
    pub by: Author,
    /// What it is called.
    pub title: String,
    /// Why it is there, in words.
    pub reason: String,
    /// The release.
    pub release: Uuid,
}

/// What code sets ask of the dictionary.
#[derive(Clone, Copy, Debug)]
pub struct Governance {
    /// The active dictionary; nothing before there is one.
    pub active: for<'tx> fn(&'tx TenantTx) -> Answer<'tx, Option<Arc<Compiled>>>,
    /// Drafts a change request.
    pub draft: for<'tx> fn(&'tx TenantTx, Draft) -> Answer<'tx, Uuid>,
    /// The id of the payer with this id or slug.
    pub payer: for<'tx> fn(&'tx TenantTx, String) -> Answer<'tx, Option<Uuid>>,
}
