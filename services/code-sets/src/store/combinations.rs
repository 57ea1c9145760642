//! Combination tables.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{ExprTrait, Order};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};
use uuid::Uuid;

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;

use super::entity::{combination, combination_table};
use crate::combination_rows::Combination;

pub(crate) use combination_table::Model as Table;

/// The newest table, if any was imported.
pub(crate) async fn newest(tx: &TenantTx) -> Result<Option<Table>, Fault> {
    use combination_table::Column;
    let find = tx.find::<combination_table::Entity>().order_by(Column::Number, Order::Desc);
    Ok(find.limit(1).one().await?)
}

/// Stores a table with its rows; false when somebody else has its number.
pub(crate) async fn insert(
    tx: &TenantTx,
    table: Table,
    rows: &[Combination],
) -> Result<bool, Fault> {
    let id = table.id;
    if !tx.insert_if_absent(table.into_active_model().reset_all()).await? {
        return Ok(false);
    }
    let row = |row: &Combination| combination::ActiveModel {
        tenant_id: Set(Uuid::nil()),
        table_id: Set(id),
        carc: Set(row.carc.as_str().to_owned()),
        rarc: Set(row.rarc.map(String::from).unwrap_or_default()),
        claim_group: Set(row.group.as_str().to_owned()),
        scenario: Set(row.scenario.into()),
    };
    tx.insert_all(rows.iter().map(row).collect()).await?;
    Ok(true)
}

/// Remark code and group of every row with a reason code.
pub(crate) async fn of_carc(
    tx: &TenantTx,
    table: Uuid,
    carc: &str,
) -> Result<Vec<(String, String)>, Fault> {
    use combination::Column;
    let these = Column::TableId.eq(table).and(Column::Carc.eq(carc));
    let rows = tx.find::<combination::Entity>().filter(these).all().await?;
    Ok(rows.into_iter().map(|row| (row.rarc, row.claim_group)).collect())
}
