//! How far a tenant has looked at the releases for everybody.

use sea_orm::ActiveValue::Set;
use sea_orm::ColumnTrait;
use uuid::Uuid;

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;

use super::entity::release_seen;

/// The number of the last release of a set that the tenant has looked at; nothing for one that
/// was never called.
pub(crate) async fn last(tx: &TenantTx, code_set: &str) -> Result<Option<i64>, Fault> {
    let of = release_seen::Column::CodeSet.eq(code_set);
    let row = tx.find::<release_seen::Entity>().filter(of).one().await?;
    Ok(row.map(|row| row.number))
}

/// Begins with `number`, unless it has begun.
pub(crate) async fn begin(tx: &TenantTx, code_set: &str, number: i64) -> Result<(), Fault> {
    let row = release_seen::ActiveModel {
        tenant_id: Set(Uuid::nil()),
        code_set: Set(code_set.to_owned()),
        number: Set(number),
    };
    tx.insert_if_absent(row).await?;
    Ok(())
}

/// Notes that `number` was looked at.
pub(crate) async fn note(tx: &TenantTx, code_set: &str, number: i64) -> Result<(), Fault> {
    tx.update::<release_seen::Entity>()
        .set(release_seen::Column::Number, number)
        .filter(release_seen::Column::CodeSet.eq(code_set))
        .exec()
        .await?;
    Ok(())
}
