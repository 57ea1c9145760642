//! Storage: a tenant is not a parameter, it is the connection.
//!
//! [`Database`] hands out [`TenantTx`], a transaction that was opened for an authenticated caller
//! and that adds the caller's tenant to every query, and nothing else. It is not a
//! `ConnectionTrait` and has no `Deref`, so that a query which forgot its tenant does not compile.
//! On PostgreSQL the same transaction sets `app.tenant_id` for forced row level security: the
//! second wall. What crosses tenants (finding due work, the directory of log-ins) takes
//! [`OperatorTx`].
//!
//! No statement runs outside a transaction: sqlx 0.9.0 can lend out a connection whose `BEGIN` was
//! cancelled, and the next autocommit write would be lost. A mutation runs in a task of its own
//! ([`Database::mutate`]), so that a caller who hangs up does not decide its outcome.

mod bulk;
mod database;
mod find;
mod mutate;
mod open;
mod operator;
mod write;

use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{DatabaseTransaction, DbBackend, DbErr, EntityTrait, TransactionTrait};

pub use database::{Database, DatabaseSettings, OpenError};
pub use find::Find;
pub use open::open_here;
pub use operator::{OperatorTable, OperatorTx, ReferenceTable};
pub use write::{Delete, Update};

use crate::access::Caller;
use crate::clock::Clock;
use domain::tenancy::TenantId;

/// A table whose every row belongs to one tenant.
pub trait TenantOwned: EntityTrait {
    /// The column that names it: `tenant_id`, first in every key of the table.
    const TENANT: Self::Column;
}

/// Declares the entity in scope as [`TenantOwned`].
#[macro_export]
macro_rules! tenant_owned {
    () => {
        impl $crate::tenant_tx::TenantOwned for Entity {
            const TENANT: Column = Column::TenantId;
        }
    };
}

/// What a transaction was opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// Rows are only read.
    Read,
    /// A change by a caller: committing it writes the audit row of the change.
    Change,
    /// The platform's own bookkeeping (an audit row), or work on duty, named by its caller.
    Bookkeeping,
}

/// A transaction that sees only its own tenant's rows; dropping it rolls back.
pub struct TenantTx {
    caller: Caller,
    inner: DatabaseTransaction,
    purpose: Purpose,
    clock: Clock,
    hints: crate::events::Hints,
    emitted: AtomicBool,
    _open: open::Open,
}

impl std::fmt::Debug for TenantTx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TenantTx").field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

impl TenantTx {
    /// The caller this transaction was opened for.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The clock of the database that opened it.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    fn tenant(&self) -> TenantId {
        self.caller.tenant()
    }

    pub(crate) fn backend(&self) -> DbBackend {
        sea_orm::ConnectionTrait::get_database_backend(&self.inner)
    }

    /// Notes that events were written, so that readers are told to look after the commit.
    pub(crate) fn emitted(&self) {
        self.emitted.store(true, Ordering::Relaxed);
    }

    /// Makes everything durable; a caller's change is audited in the same commit.
    ///
    /// # Errors
    /// When the audit row or the commit fails; nothing was changed then.
    pub async fn commit(self) -> Result<(), DbErr> {
        if self.purpose == Purpose::Change {
            crate::audit::changed(&self).await?;
        }
        self.inner.commit().await?;
        if self.emitted.into_inner() {
            self.hints.wake();
        }
        Ok(())
    }
}

/// Starts a transaction; `IMMEDIATE` on SQLite when it is going to write, so that two writers wait
/// at the door and never deadlock half way.
async fn begin(
    pool: &sea_orm::DatabaseConnection,
    writes: bool,
) -> Result<DatabaseTransaction, DbErr> {
    let mode = writes.then_some(sea_orm::SqliteTransactionMode::Immediate);
    pool.begin_with_options(sea_orm::TransactionOptions {
        sqlite_transaction_mode: mode,
        ..Default::default()
    })
    .await
}

#[cfg(test)]
mod tests;
