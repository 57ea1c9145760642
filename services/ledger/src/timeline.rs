//! What happened to an item, line by line; what people wrote stands here and in no event.

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Order, Value};
use uuid::Uuid;

use crate::entity::timeline::{ActiveModel, Column, Entity};

pub use crate::entity::timeline::Model as Line;

/// A line that is written now.
#[must_use]
pub fn line(tx: &TenantTx, item: Uuid, kind: &str, actor: &str, words: String) -> Line {
    Line {
        tenant_id: Uuid::nil(),
        work_item_id: item,
        id: platform::ids::new(),
        kind: kind.to_owned(),
        actor: actor.to_owned(),
        words,
        occurred_at: tx.clock().now(),
    }
}

/// Adds lines.
///
/// # Errors
/// When the database fails.
pub async fn tell(tx: &TenantTx, lines: Vec<Line>) -> Result<(), Fault> {
    Ok(tx.insert_all(lines.into_iter().map(crate::set::<ActiveModel>).collect()).await?)
}

/// Lines of an item, the newest first, before the line `before`.
///
/// # Errors
/// When the database fails.
pub async fn of_item(
    tx: &TenantTx,
    item: Uuid,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Line>, Fault> {
    let before: Option<[Value; 1]> = before.map(|id| [id.into()]);
    Ok(tx
        .find::<Entity>()
        .filter(Column::WorkItemId.eq(item))
        .keyset(&[(Column::Id, Order::Desc)], before.as_ref().map(<[Value; 1]>::as_slice))
        .limit(limit)
        .all()
        .await?)
}
