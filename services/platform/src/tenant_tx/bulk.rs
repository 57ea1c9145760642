//! Bulk inserts: `INSERT .. SELECT .. FROM unnest(..)` on PostgreSQL (COPY is refused under row
//! level security), multi-row `VALUES` on SQLite. Values move from the rows into the statement;
//! building it column by column with sea-query cost more than SQLite takes to write the rows.

use sea_orm::sea_query::{ArrayType, Value};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DbBackend, DbErr, EntityName, EntityTrait,
    IdenStatic, Iterable, PrimaryKeyToColumn, Statement,
};

use super::{TenantOwned, TenantTx};

/// SQLite accepts 32,766 bound values a statement.
const SQLITE_BINDS: usize = 32_000;
/// Rows an SQLite statement, at most.
const SQLITE_ROWS: usize = 256;
/// Rows a PostgreSQL statement: beyond this the arrays grow and nothing gets faster.
const POSTGRES_ROWS: usize = 10_000;

impl TenantTx {
    /// Inserts `rows` as this tenant's; every row sets the same columns.
    ///
    /// # Errors
    /// When the database refuses a row, or a column's type has no array form.
    pub async fn insert_all<A>(&self, rows: Vec<A>) -> Result<(), DbErr>
    where
        A: ActiveModelTrait<Entity: TenantOwned> + Send,
    {
        self.write_all(rows, "").await
    }

    /// Inserts `rows` as this tenant's; where a row has the primary key of one that is there, that
    /// one's `sums` grow by its own, and without `sums` it stays as it is.
    ///
    /// No two rows may have the same key. On PostgreSQL transactions that meet in a row wait for
    /// one another: hand rows in sorted by their key, and they never wait in a circle.
    ///
    /// # Errors
    /// As for [`TenantTx::insert_all`].
    pub async fn add_all<A>(&self, rows: Vec<A>, sums: &[ColumnOf<A>]) -> Result<(), DbErr>
    where
        A: ActiveModelTrait<Entity: TenantOwned> + Send,
    {
        let table = A::Entity::default().table_name().to_owned();
        let grown = |sum: &str| format!("{sum} = {table}.{sum} + excluded.{sum}");
        self.write_all(rows, &on_conflict::<A>(sums, grown)).await
    }

    /// As [`TenantTx::add_all`]; of a row that is there `columns` become those of the new one.
    ///
    /// # Errors
    /// As for [`TenantTx::insert_all`].
    pub async fn put_all<A>(&self, rows: Vec<A>, columns: &[ColumnOf<A>]) -> Result<(), DbErr>
    where
        A: ActiveModelTrait<Entity: TenantOwned> + Send,
    {
        let taken = |column: &str| format!("{column} = excluded.{column}");
        self.write_all(rows, &on_conflict::<A>(columns, taken)).await
    }

    /// Inserts `rows` with statements that end with `conflict`.
    async fn write_all<A>(&self, rows: Vec<A>, conflict: &str) -> Result<(), DbErr>
    where
        A: ActiveModelTrait<Entity: TenantOwned> + Send,
    {
        let Some(first) = rows.first() else { return Ok(()) };
        let columns = columns_of(first);
        let most = match self.backend() {
            DbBackend::Postgres => POSTGRES_ROWS,
            _ => (SQLITE_BINDS / (columns.len() + 1)).clamp(1, SQLITE_ROWS),
        };
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            let mut statement = match self.backend() {
                DbBackend::Postgres => {
                    let some = rows.by_ref().take(most).collect();
                    unnest(some, &columns, self.tenant().as_uuid().into())?
                }
                _ => {
                    let count = power_of_two(rows.len().min(most));
                    values(rows.by_ref().take(count), &columns, self.tenant().as_uuid().into())?
                }
            };
            statement.sql.push_str(conflict);
            self.inner.execute_raw(statement).await?;
        }
        Ok(())
    }
}

/// What a statement ends with that changes `columns` of a row with the same primary key.
fn on_conflict<A: ActiveModelTrait>(
    columns: &[ColumnOf<A>],
    change: impl Fn(&str) -> String,
) -> String {
    let key = <A::Entity as EntityTrait>::PrimaryKey::iter().map(|key| key.into_column());
    let key: Vec<&str> = key.map(|column| column.as_str()).collect();
    let changes: Vec<String> = columns.iter().map(|column| change(column.as_str())).collect();
    let change = match changes.is_empty() {
        true => "NOTHING".to_owned(),
        false => format!("UPDATE SET {}", changes.join(", ")),
    };
    format!(" ON CONFLICT ({}) DO {change}", key.join(", "))
}

/// The largest power of two that is not above `rows`: a table has few statement texts then, and
/// the connection keeps them prepared.
fn power_of_two(rows: usize) -> usize {
    1 << rows.max(1).ilog2()
}

type ColumnOf<A> = <<A as ActiveModelTrait>::Entity as EntityTrait>::Column;

/// The columns a row sets, but for the tenant's.
fn columns_of<A: ActiveModelTrait<Entity: TenantOwned>>(row: &A) -> Vec<ColumnOf<A>> {
    let tenant = A::Entity::TENANT;
    ColumnOf::<A>::iter()
        .filter(|column| column.as_str() != tenant.as_str() && !row.is_not_set(*column))
        .collect()
}

fn taken<A: ActiveModelTrait>(row: &mut A, column: ColumnOf<A>) -> Result<Value, DbErr> {
    match row.take(column) {
        ActiveValue::Set(value) | ActiveValue::Unchanged(value) => Ok(value),
        ActiveValue::NotSet => {
            Err(DbErr::Type(format!("column {} is set in some rows only", column.as_str())))
        }
    }
}

fn values<A>(
    rows: impl ExactSizeIterator<Item = A>,
    columns: &[ColumnOf<A>],
    tenant: Value,
) -> Result<Statement, DbErr>
where
    A: ActiveModelTrait<Entity: TenantOwned>,
{
    let mut names = A::Entity::TENANT.as_str().to_owned();
    for column in columns {
        names.push_str(", ");
        names.push_str(column.as_str());
    }
    let table = A::Entity::default().table_name().to_owned();
    let row = format!("(?{})", ", ?".repeat(columns.len()));
    let count = rows.len();
    let more = format!(", {row}").repeat(count.saturating_sub(1));
    let mut bound = Vec::with_capacity(count * (columns.len() + 1));
    for mut row in rows {
        bound.push(tenant.clone());
        for column in columns {
            bound.push(taken(&mut row, *column)?);
        }
    }
    let sql = format!("INSERT INTO {table} ({names}) VALUES {row}{more}");
    Ok(Statement::from_sql_and_values(DbBackend::Sqlite, sql, bound))
}

/// One column's values over all rows of a chunk.
struct Lane {
    name: &'static str,
    kind: (&'static str, ArrayType),
    values: Vec<Value>,
    nulls: Option<Vec<Value>>,
}

fn unnest<A>(rows: Vec<A>, columns: &[ColumnOf<A>], tenant: Value) -> Result<Statement, DbErr>
where
    A: ActiveModelTrait<Entity: TenantOwned>,
{
    let lanes = lanes(rows, columns)?;
    let mut bound = vec![tenant];
    let (mut names, mut picks) = (A::Entity::TENANT.as_str().to_owned(), "$1".to_owned());
    let (mut arrays, mut aliases) = (Vec::new(), Vec::new());
    for (at, lane) in lanes.into_iter().enumerate() {
        names.push_str(", ");
        names.push_str(lane.name);
        let (sql_type, array_type) = lane.kind;
        bound.push(Value::Array(array_type, Some(Box::new(lane.values))));
        arrays.push(format!("${}::{sql_type}[]", bound.len()));
        aliases.push(format!("c{at}"));
        if let Some(nulls) = lane.nulls {
            // sea-query panics on a NULL inside an array: a dummy value, and a flag beside it.
            bound.push(Value::Array(ArrayType::Bool, Some(Box::new(nulls))));
            arrays.push(format!("${}::bool[]", bound.len()));
            aliases.push(format!("n{at}"));
            picks.push_str(&format!(", CASE WHEN n{at} THEN NULL ELSE c{at} END"));
        } else {
            picks.push_str(&format!(", c{at}"));
        }
    }
    let table = A::Entity::default().table_name().to_owned();
    let sql = format!(
        "INSERT INTO {table} ({names}) SELECT {picks} FROM unnest({}) AS t ({})",
        arrays.join(", "),
        aliases.join(", ")
    );
    Ok(Statement::from_sql_and_values(DbBackend::Postgres, sql, bound))
}

fn lanes<A: ActiveModelTrait>(
    mut rows: Vec<A>,
    columns: &[ColumnOf<A>],
) -> Result<Vec<Lane>, DbErr> {
    let mut lanes = Vec::with_capacity(columns.len());
    for column in columns {
        let mut values = Vec::with_capacity(rows.len());
        for row in &mut rows {
            values.push(taken(row, *column)?);
        }
        let has_null = values.iter().any(is_null);
        let nulls = has_null.then(|| values.iter().map(|v| is_null(v).into()).collect());
        let kind = array_kind(&values[0])
            .ok_or_else(|| DbErr::Type(format!("column {} has no array form", column.as_str())))?;
        let values =
            values.into_iter().map(|v| if is_null(&v) { v.dummy_value() } else { v }).collect();
        lanes.push(Lane { name: column.as_str(), kind, values, nulls });
    }
    Ok(lanes)
}

fn is_null(value: &Value) -> bool {
    *value == value.as_null()
}

fn array_kind(value: &Value) -> Option<(&'static str, ArrayType)> {
    Some(match value {
        Value::Bool(_) => ("boolean", ArrayType::Bool),
        Value::SmallInt(_) => ("smallint", ArrayType::SmallInt),
        Value::Int(_) => ("integer", ArrayType::Int),
        Value::BigInt(_) => ("bigint", ArrayType::BigInt),
        Value::String(_) => ("text", ArrayType::String),
        Value::Bytes(_) => ("bytea", ArrayType::Bytes),
        Value::Uuid(_) => ("uuid", ArrayType::Uuid),
        Value::ChronoDate(_) => ("date", ArrayType::ChronoDate),
        Value::ChronoDateTimeUtc(_) => ("timestamptz", ArrayType::ChronoDateTimeUtc),
        _ => return None,
    })
}
