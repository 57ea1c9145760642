//! What crosses tenants: due work, the directory of log-ins, reference data. Greppable, and its
//! users are counted by a test.

use sea_orm::{ActiveModelTrait, DatabaseTransaction, DbErr, EntityTrait, Insert};

use super::find::Find;
use super::write::Update;
use super::{Database, TenantTx, begin};

/// A table that is read without a tenant: it names rows, it holds no tenant's content.
pub trait OperatorTable: EntityTrait {}

/// Reference data that every tenant reads and only the operator writes.
pub trait ReferenceTable: EntityTrait {}

/// A transaction of the operator; dropping it rolls back.
pub struct OperatorTx {
    inner: DatabaseTransaction,
}

impl std::fmt::Debug for OperatorTx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OperatorTx").finish_non_exhaustive()
    }
}

impl Database {
    /// Opens a transaction that reads tables across tenants.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn operate_read(&self) -> Result<OperatorTx, DbErr> {
        Ok(OperatorTx { inner: begin(self.reader(), false).await? })
    }

    /// Opens a transaction that writes the operator's tables.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn operate(&self) -> Result<OperatorTx, DbErr> {
        Ok(OperatorTx { inner: begin(self.writer(), true).await? })
    }
}

impl OperatorTx {
    /// Rows of an operator's table.
    pub fn find<E: OperatorTable>(&self) -> Find<'_, E> {
        Find::everywhere(&self.inner)
    }

    /// Rows of a reference table.
    pub fn reference<E: ReferenceTable>(&self) -> Find<'_, E> {
        Find::everywhere(&self.inner)
    }

    /// Changes rows of an operator's table.
    pub fn update<E: OperatorTable>(&self) -> Update<'_, E> {
        Update::everywhere(&self.inner)
    }

    /// Inserts rows into an operator's table.
    ///
    /// # Errors
    /// When the database refuses one; none is inserted then, once the caller rolls back.
    pub async fn insert<A>(&self, row: A) -> Result<(), DbErr>
    where
        A: ActiveModelTrait<Entity: OperatorTable> + Send,
    {
        Insert::one(row).exec_without_returning(&self.inner).await.map(drop)
    }

    /// Publishes reference rows, in chunks that fit the engines' limit of bound values.
    ///
    /// # Errors
    /// When the database refuses one.
    pub async fn publish<A>(&self, rows: Vec<A>) -> Result<(), DbErr>
    where
        A: ActiveModelTrait<Entity: ReferenceTable> + Send,
    {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<A> = rows.by_ref().take(500).collect();
            Insert::many(chunk).exec_without_returning(&self.inner).await?;
        }
        Ok(())
    }

    /// Makes everything durable.
    ///
    /// # Errors
    /// When the commit fails; nothing was changed then.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.inner.commit().await
    }
}

impl TenantTx {
    /// Rows of a reference table: the same for every tenant.
    pub fn reference<E: ReferenceTable>(&self) -> Find<'_, E> {
        Find::everywhere(&self.inner)
    }
}
