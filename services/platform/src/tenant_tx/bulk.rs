//! Bulk inserts: `INSERT .. SELECT .. FROM unnest(..)` on PostgreSQL (COPY is refused under row
//! level security), multi-row `VALUES` on SQLite.

use sea_orm::sea_query::{ArrayType, Value};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DbBackend, DbErr, EntityName, EntityTrait,
    IdenStatic, Insert, Iterable, Statement,
};

use super::{TenantOwned, TenantTx};

/// SQLite accepts 32,766 bound values a statement.
const SQLITE_BINDS: usize = 32_000;
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
        if self.backend() == DbBackend::Postgres {
            self.insert_unnest(rows).await
        } else {
            self.insert_values(rows).await
        }
    }

    async fn insert_values<A>(&self, rows: Vec<A>) -> Result<(), DbErr>
    where
        A: ActiveModelTrait<Entity: TenantOwned> + Send,
    {
        let columns = <A::Entity as EntityTrait>::Column::iter().count().max(1);
        let tenant: Value = self.tenant().as_uuid().into();
        let mut rows = rows
            .into_iter()
            .map(|mut row| {
                row.set(A::Entity::TENANT, tenant.clone());
                row
            })
            .peekable();
        while rows.peek().is_some() {
            let chunk: Vec<A> = rows.by_ref().take(SQLITE_BINDS / columns).collect();
            Insert::many(chunk).exec_without_returning(&self.inner).await?;
        }
        Ok(())
    }

    async fn insert_unnest<A>(&self, rows: Vec<A>) -> Result<(), DbErr>
    where
        A: ActiveModelTrait<Entity: TenantOwned> + Send,
    {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<A> = rows.by_ref().take(POSTGRES_ROWS).collect();
            let statement = unnest(&chunk, self.tenant().as_uuid().into())?;
            self.inner.execute_raw(statement).await?;
        }
        Ok(())
    }
}

/// One column's values over all rows of a chunk.
struct Lane {
    name: &'static str,
    kind: (&'static str, ArrayType),
    values: Vec<Value>,
    nulls: Option<Vec<Value>>,
}

fn unnest<A>(rows: &[A], tenant: Value) -> Result<Statement, DbErr>
where
    A: ActiveModelTrait<Entity: TenantOwned>,
{
    let lanes = lanes(rows)?;
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

fn lanes<A>(rows: &[A]) -> Result<Vec<Lane>, DbErr>
where
    A: ActiveModelTrait<Entity: TenantOwned>,
{
    let mut lanes = Vec::new();
    for column in <A::Entity as EntityTrait>::Column::iter() {
        if column.as_str() == A::Entity::TENANT.as_str() {
            continue;
        }
        let Some(values) = column_of(rows, column)? else { continue };
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

/// The column's values, or nothing when no row sets it.
fn column_of<A: ActiveModelTrait>(
    rows: &[A],
    column: <A::Entity as EntityTrait>::Column,
) -> Result<Option<Vec<Value>>, DbErr> {
    let mut values = Vec::with_capacity(rows.len());
    for row in rows {
        match row.get(column) {
            ActiveValue::Set(value) | ActiveValue::Unchanged(value) => values.push(value),
            ActiveValue::NotSet => {}
        }
    }
    match values.len() {
        0 => Ok(None),
        set if set == rows.len() => Ok(Some(values)),
        _ => Err(DbErr::Type(format!("column {} is set in some rows only", column.as_str()))),
    }
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
