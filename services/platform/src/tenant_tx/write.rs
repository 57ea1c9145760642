//! Inserts, updates and deletes inside one tenant.

use sea_orm::sea_query::{Condition, IntoCondition, OnConflict, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, DbErr, DeleteMany, EntityTrait, IdenStatic,
    Insert, IntoActiveModel, QueryFilter, UpdateMany,
};

use super::{TenantOwned, TenantTx};

impl TenantTx {
    /// Inserts `row` as this tenant's, whatever tenant it named, and answers what was stored.
    ///
    /// # Errors
    /// When the database refuses it; a unique violation is [`sea_orm::SqlErr`]'s.
    pub async fn insert<A>(&self, mut row: A) -> Result<<A::Entity as EntityTrait>::Model, DbErr>
    where
        A: ActiveModelTrait<Entity: TenantOwned> + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        // Not `row.insert()`: its hooks would be handed the raw transaction.
        row.set(A::Entity::TENANT, self.tenant().as_uuid().into());
        Insert::one(row).exec_with_returning(&self.inner).await
    }

    /// Inserts `row` unless a row with one of its unique keys exists; true when it was inserted.
    ///
    /// On PostgreSQL it waits for a concurrent insert of the same key to end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert_if_absent<A>(&self, mut row: A) -> Result<bool, DbErr>
    where
        A: ActiveModelTrait<Entity: TenantOwned> + Send,
    {
        row.set(A::Entity::TENANT, self.tenant().as_uuid().into());
        let nothing = OnConflict::new().do_nothing().to_owned();
        let insert = Insert::one(row).on_conflict(nothing);
        let done = sea_orm::ConnectionTrait::execute(
            &self.inner,
            &sea_orm::QueryTrait::into_query(insert),
        )
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Changes rows of `E` that belong to this tenant.
    pub fn update<E: TenantOwned>(&self) -> Update<'_, E> {
        let update = E::update_many().filter(E::TENANT.eq(self.tenant().as_uuid()));
        Update { update, tenant: Some(E::TENANT), tx: &self.inner }
    }

    /// Deletes rows of `E` that belong to this tenant.
    pub fn delete<E: TenantOwned>(&self) -> Delete<'_, E> {
        let delete = E::delete_many().filter(E::TENANT.eq(self.tenant().as_uuid()));
        Delete { delete, tx: &self.inner }
    }
}

/// An update in the making; nothing happens before [`Update::exec`].
#[must_use]
pub struct Update<'tx, E: EntityTrait> {
    update: UpdateMany<E>,
    tenant: Option<E::Column>,
    tx: &'tx DatabaseTransaction,
}

impl<E: EntityTrait> std::fmt::Debug for Update<'_, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Update").finish_non_exhaustive()
    }
}

impl<'tx, E: EntityTrait> Update<'tx, E> {
    /// An update with no tenant: for tables that hold nobody's content.
    pub(super) fn everywhere(tx: &'tx DatabaseTransaction) -> Self {
        Self { update: E::update_many(), tenant: None, tx }
    }

    /// Sets `column`; the tenant column is dropped, a row never changes hands.
    pub fn set(mut self, column: E::Column, value: impl Into<SimpleExpr>) -> Self {
        if self.tenant.is_none_or(|tenant| tenant.as_str() != column.as_str()) {
            self.update = self.update.col_expr(column, value.into());
        }
        self
    }

    /// Keeps the rows that meet `condition`.
    pub fn filter(mut self, condition: impl IntoCondition) -> Self {
        self.update = self.update.filter(Condition::all().add(condition.into_condition()));
        self
    }

    /// Runs it and answers how many rows changed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn exec(self) -> Result<u64, DbErr> {
        Ok(self.update.exec(self.tx).await?.rows_affected)
    }
}

/// A delete in the making; nothing happens before [`Delete::exec`].
#[must_use]
pub struct Delete<'tx, E: EntityTrait> {
    delete: DeleteMany<E>,
    tx: &'tx DatabaseTransaction,
}

impl<E: EntityTrait> std::fmt::Debug for Delete<'_, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Delete").finish_non_exhaustive()
    }
}

impl<E: EntityTrait> Delete<'_, E> {
    /// Keeps the rows that meet `condition` for deletion.
    pub fn filter(mut self, condition: impl IntoCondition) -> Self {
        self.delete = self.delete.filter(Condition::all().add(condition.into_condition()));
        self
    }

    /// Runs it and answers how many rows went.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn exec(self) -> Result<u64, DbErr> {
        Ok(self.delete.exec(self.tx).await?.rows_affected)
    }
}
