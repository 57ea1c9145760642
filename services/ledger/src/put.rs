//! Many rows of the ledger written in one statement, each with values of its own.
//!
//! The statement is an insert that meets its rows, and not an update out of a list: an insert has
//! no plan to get wrong. Where a database has no statistics of a table, or none of a new tenant, an
//! update may compare every row of the tenant with every value. What an insert costs instead is a
//! value for each column, also of those that stay as they are.

use platform::rejection::Fault;
use platform::tenant_tx::{TenantOwned, TenantTx};
use sea_orm::sea_query::ColumnType;
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, Iterable, Value};
use uuid::Uuid;

use crate::held::NEVER;

type ColumnOf<A> = <<A as ActiveModelTrait>::Entity as EntityTrait>::Column;

/// Writes `columns` of rows that are there; each row sets these and its key.
///
/// The transaction holds their locks: a row that was deleted meanwhile would be there again.
pub(crate) async fn put<A>(
    tx: &TenantTx,
    rows: Vec<A>,
    columns: &[ColumnOf<A>],
) -> Result<(), Fault>
where
    A: ActiveModelTrait<Entity: TenantOwned> + Send,
{
    let whole = rows.into_iter().map(whole).collect::<Result<_, DbErr>>()?;
    Ok(tx.put_all(whole, columns).await?)
}

/// The row with something in every column.
fn whole<A: ActiveModelTrait>(mut row: A) -> Result<A, DbErr> {
    for column in ColumnOf::<A>::iter() {
        if row.is_not_set(column) {
            row.set(column, anything(column)?);
        }
    }
    Ok(row)
}

fn anything(column: impl ColumnTrait) -> Result<Value, DbErr> {
    Ok(match column.def().get_column_type() {
        ColumnType::Uuid => Uuid::nil().into(),
        ColumnType::String(_) | ColumnType::Text => "".into(),
        ColumnType::BigInteger => 0_i64.into(),
        ColumnType::Boolean => false.into(),
        ColumnType::VarBinary(_) | ColumnType::Blob => Vec::<u8>::new().into(),
        ColumnType::Date => NEVER.into(),
        ColumnType::TimestampWithTimeZone => chrono::DateTime::UNIX_EPOCH.into(),
        _ => return Err(DbErr::Type("a column of the ledger is of another type".to_owned())),
    })
}
