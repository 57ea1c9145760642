//! A later part of a claim joins what its earlier parts made.

use domain_work::priority::rank;
use evidence::Filed;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Expr, ExprTrait};
use uuid::Uuid;

use super::draft::{Draft, Later};
use super::work::{Item, add_code, ranked};
use crate::error::Error;
use ledger::adjudications;
use ledger::document::{WorkDocument, to_json};
use ledger::entity::{claim, work_item};
use ledger::held::known_day;

/// Adds the part's sums to its occurrence and its tasks to the items that are the same task.
pub(super) async fn merge(tx: &TenantTx, draft: &mut Draft) -> Result<(), Error> {
    let claim = draft.claim_id.ok_or(Fault::Broken("a later part has no occurrence"))?;
    if let Some(later) = &draft.later {
        add_sums(tx, claim, later).await?;
    }
    let held = adjudications::items_of(tx, claim).await?;
    let filed = Filed::of_items(tx, &held).await?;
    let mut fresh = Vec::new();
    for item in draft.items.drain(..) {
        let Some(same) = held
            .iter()
            .find(|held| held.state == adjudications::ITEM_OPEN && is_same_task(held, &item.row))
        else {
            fresh.push(item);
            continue;
        };
        for denial in draft.denials.iter_mut().filter(|one| one.work_item_id == item.row.id) {
            denial.work_item_id = same.id;
        }
        add_task(tx, same, &item, &filed).await?;
    }
    draft.items = fresh;
    Ok(())
}

async fn add_sums(tx: &TenantTx, claim: Uuid, later: &Later) -> Result<(), Error> {
    use claim::Column;
    let add = |column: Column, by: i64| Expr::col(column).add(by);
    let mut update = tx
        .update::<claim::Entity>()
        .set(Column::DeniedCents, add(Column::DeniedCents, later.denied_cents))
        .set(Column::ContractualCents, add(Column::ContractualCents, later.contractual_cents));
    if let Some(balanced) = later.balanced {
        update = update.set(Column::Balanced, balanced);
    }
    update.filter(Column::Id.eq(claim)).exec().await?;
    Ok(())
}

/// As `domain::denial::group` sees it.
pub(super) fn is_same_task(held: &work_item::Model, fresh: &work_item::Model) -> bool {
    let task = |item: &work_item::Model| {
        [
            item.kind.clone(),
            item.exception.clone(),
            item.owner_function.clone(),
            item.next_action.clone(),
            item.deadline_rule.clone(),
        ]
    };
    task(held) == task(fresh)
}

/// Adds to a task what a later part of its claim adds; it is ranked anew.
pub(super) fn join(held: Item, more: &Item) -> Item {
    let Item { mut row, mut document } = held;
    for code in &more.document.codes {
        add_code(&mut document.codes, code.clone());
    }
    for evidence in &more.document.evidence {
        let standard = &evidence.wanted.standard;
        if !document.evidence.iter().any(|held| held.wanted.standard == *standard) {
            document.evidence.push(evidence.clone());
        }
    }
    row.at_stake_cents = row.at_stake_cents.saturating_add(more.row.at_stake_cents);
    document.effort_minutes = Ord::max(document.effort_minutes, more.document.effort_minutes);
    let today = document.zone().day_of(more.row.created_at);
    document.priority = rank(&document.stakes(&row), today);
    let last_day = known_day(row.due_on);
    ranked(row, document, last_day)
}

async fn add_task(
    tx: &TenantTx,
    held: &work_item::Model,
    more: &Item,
    filed: &Filed,
) -> Result<(), Error> {
    use work_item::Column;
    let document = WorkDocument::of(held)?;
    let Item { mut row, mut document } = join(Item { row: held.clone(), document }, more);
    filed.fulfil_with(&mut row, &mut document)?;
    tx.update::<work_item::Entity>()
        .set(Column::AtStakeCents, row.at_stake_cents)
        .set(Column::ExpectedCents, row.expected_cents)
        .set(Column::EffortMinutes, row.effort_minutes)
        .set(Column::EvidenceMissing, row.evidence_missing)
        .set(Column::Priority, row.priority)
        .set(Column::NextBandOn, row.next_band_on)
        .set(Column::LookOn, row.look_on)
        .set(Column::Document, to_json(&document))
        .set(Column::Version, Expr::col(Column::Version).add(1))
        .set(Column::UpdatedAt, more.row.created_at)
        .filter(Column::Id.eq(held.id))
        .exec()
        .await?;
    Ok(())
}
