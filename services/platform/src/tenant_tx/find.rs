//! Queries that were born inside one tenant and can only narrow.

use sea_orm::sea_query::{
    Asterisk, Condition, Expr, ExprTrait, Func, IntoCondition, LockBehavior, LockType, Order,
    SimpleExpr, Value,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select, TryGetable,
};

use super::{TenantOwned, TenantTx};

/// A query over one table; awaiting [`Find::all`] or [`Find::one`] runs it.
#[must_use]
pub struct Find<'tx, E: EntityTrait> {
    select: Select<E>,
    tx: &'tx DatabaseTransaction,
}

impl<E: EntityTrait> std::fmt::Debug for Find<'_, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Find").finish_non_exhaustive()
    }
}

impl TenantTx {
    /// Rows of `E` that belong to this transaction's tenant.
    pub fn find<E: TenantOwned>(&self) -> Find<'_, E> {
        let select = E::find().filter(E::TENANT.eq(self.tenant().as_uuid()));
        Find { select, tx: &self.inner }
    }
}

impl<'tx, E: EntityTrait> Find<'tx, E> {
    /// A query with no tenant: for tables that hold nobody's content.
    pub(super) fn everywhere(tx: &'tx DatabaseTransaction) -> Self {
        Self { select: E::find(), tx }
    }

    /// Keeps the rows that meet `condition`.
    pub fn filter(mut self, condition: impl IntoCondition) -> Self {
        // Its own parentheses: an OR inside cannot widen what the tenant predicate left.
        self.select = self.select.filter(Condition::all().add(condition.into_condition()));
        self
    }

    /// Sorts by `column`, after what was asked before.
    pub fn order_by(mut self, column: E::Column, order: Order) -> Self {
        self.select = self.select.order_by(column, order);
        self
    }

    /// At most `rows` rows.
    pub fn limit(mut self, rows: u64) -> Self {
        self.select = self.select.limit(rows);
        self
    }

    /// A page in `order`, starting after the row whose sort values are `after`.
    ///
    /// The columns must be NOT NULL and end with a unique one; `after` names a value for each.
    pub fn keyset(mut self, order: &[(E::Column, Order)], after: Option<&[Value]>) -> Self {
        if let Some(after) = after {
            let mut any = Condition::any();
            for (at, ((column, direction), value)) in order.iter().zip(after).enumerate() {
                let mut step = Condition::all();
                for ((earlier, _), same) in order.iter().zip(after).take(at) {
                    step = step.add(Expr::col(*earlier).eq(same.clone()));
                }
                let beyond = match direction {
                    Order::Desc => Expr::col(*column).lt(value.clone()),
                    _ => Expr::col(*column).gt(value.clone()),
                };
                any = any.add(step.add(beyond));
            }
            self = self.filter(any);
        }
        for (column, direction) in order {
            self = self.order_by(*column, direction.clone());
        }
        self
    }

    /// Locks the rows until the transaction ends; rows locked by others are passed over.
    ///
    /// SQLite has one writer: there the transaction itself is the lock.
    pub fn lock_skipping(mut self) -> Self {
        QuerySelect::query(&mut self.select)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        self
    }

    /// Locks the rows until the transaction ends, waiting for whoever holds them.
    pub fn lock(mut self) -> Self {
        QuerySelect::query(&mut self.select).lock(LockType::Update);
        self
    }

    /// All rows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all(self) -> Result<Vec<E::Model>, DbErr> {
        self.select.all(self.tx).await
    }

    /// The first row, if any.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn one(self) -> Result<Option<E::Model>, DbErr> {
        self.select.one(self.tx).await
    }

    /// Only `columns` of all rows, read into `M`.
    ///
    /// # Errors
    /// When the database fails or `M` wants another column.
    pub async fn columns<M: FromQueryResult>(
        self,
        columns: impl IntoIterator<Item = E::Column>,
    ) -> Result<Vec<M>, DbErr> {
        self.select.select_only().columns(columns).into_model::<M>().all(self.tx).await
    }

    /// For each value of `by`, the greatest of `of`.
    ///
    /// # Errors
    /// When the database fails or a type does not fit its column.
    pub async fn greatest<K: TryGetable, V: TryGetable>(
        self,
        by: E::Column,
        of: E::Column,
    ) -> Result<Vec<(K, V)>, DbErr> {
        let pairs = self.select.select_only().column(by).column_as(of.max(), "greatest");
        pairs.group_by(by).into_tuple().all(self.tx).await
    }

    /// For each value of `by`, the sums of `of`.
    ///
    /// # Errors
    /// When the database fails, a type does not fit its column, or a sum is no 64-bit number.
    pub async fn sums<K: TryGetable>(
        self,
        by: E::Column,
        of: [SimpleExpr; 2],
    ) -> Result<Vec<(K, i64, i64)>, DbErr> {
        // PostgreSQL sums 64-bit numbers as numeric.
        let [a, b] = of.map(|each| Func::sum(each).cast_as("bigint"));
        let sums = self.select.select_only().column(by).column_as(a, "a").column_as(b, "b");
        sums.group_by(by).into_tuple().all(self.tx).await
    }

    /// For each combination of values of `by`: the columns of it, `count`, the `sum` of one column
    /// and the `least` value of another, read into `M`.
    ///
    /// # Errors
    /// When the database fails, a type does not fit its column, or a sum is no 64-bit number.
    pub async fn totals<M: FromQueryResult>(
        self,
        by: &[E::Column],
        sum: E::Column,
        least: E::Column,
    ) -> Result<Vec<M>, DbErr> {
        let groups = self.select.select_only().columns(by.iter().copied());
        // PostgreSQL sums 64-bit numbers as numeric.
        let totals = groups
            .column_as(Expr::col(Asterisk).count(), "count")
            .column_as(sum.sum().cast_as("bigint"), "sum")
            .column_as(least.min(), "least");
        let grouped = by.iter().fold(totals, |query, column| query.group_by(*column));
        grouped.into_model::<M>().all(self.tx).await
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(self) -> Result<u64, DbErr>
    where
        E::Model: Sync,
    {
        self.select.count(self.tx).await
    }
}
