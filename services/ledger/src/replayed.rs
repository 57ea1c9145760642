//! What a replay asks of the ledger.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use history::{Answer, FromTo, Ledger, OpenItem};
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::{ExprTrait, Order};
use sea_orm::{ColumnTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::adjudications::{DENIAL_OPEN, ITEM_OPEN};
use super::entity::{denial, transaction, work_item};

/// The ledger as a replay sees it.
pub const LEDGER: Ledger = Ledger { days, open_items };

/// Open items a page.
const ITEMS: u64 = 500;

fn days(tx: &TenantTx, within: FromTo) -> Answer<'_, Option<FromTo>> {
    Box::pin(async move {
        let first = denied(tx, within, Order::Asc).await?;
        let last = denied(tx, within, Order::Desc).await?;
        Ok(first.zip(last).map(|(first, last)| [first, last]))
    })
}

/// The day of the first transaction with denials, in an order of days.
async fn denied(
    tx: &TenantTx,
    [first, last]: FromTo,
    order: Order,
) -> Result<Option<NaiveDate>, DbErr> {
    use transaction::Column;
    let find = tx
        .find::<transaction::Entity>()
        .filter(Column::RemitOn.between(first, last).and(Column::Denials.gt(0)))
        .order_by(Column::RemitOn, order);
    Ok(find.one().await?.map(|row| row.remit_on))
}

#[derive(FromQueryResult)]
struct Item {
    id: Uuid,
    claim_id: Uuid,
}

#[derive(FromQueryResult)]
struct Line {
    id: Uuid,
    work_item_id: Uuid,
}

fn open_items(tx: &TenantTx, after: Option<Uuid>) -> Answer<'_, Vec<OpenItem>> {
    Box::pin(async move {
        use work_item::Column;
        let after = after.map(|id| [id.into()]);
        let items: Vec<Item> = tx
            .find::<work_item::Entity>()
            .filter(Column::State.eq(ITEM_OPEN))
            .keyset(&[(Column::Id, Order::Asc)], after.as_ref().map(|after| after.as_slice()))
            .limit(ITEMS)
            .columns([Column::Id, Column::ClaimId])
            .await?;
        // By claim: it has the index.
        let claims = items.iter().map(|item| item.claim_id);
        let lines: Vec<Line> = tx
            .find::<denial::Entity>()
            .filter(denial::Column::ClaimId.is_in(claims))
            .filter(denial::Column::State.eq(DENIAL_OPEN))
            .columns([denial::Column::Id, denial::Column::WorkItemId])
            .await?;
        let mut of: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
        for line in lines {
            of.entry(line.work_item_id).or_default().push(line.id);
        }
        let denials = |id: Uuid| of.get(&id).cloned().unwrap_or_default();
        Ok(items.iter().map(|item| OpenItem { id: item.id, denials: denials(item.id) }).collect())
    })
}
