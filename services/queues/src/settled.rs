//! What an end makes of the denials behind its item, and how that is taken back.

use domain_work::resolution::Settled;
use ledger::FEED;
use ledger::adjudications::{DENIAL_OPEN, DENIAL_REVERSED, transfer};
use ledger::document::to_json;
use ledger::reading::denials;
use ledger::reading::work_items::WorkItem;
use platform::events::Event;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::store::ResolutionRow;

/// Column `denials` of an end: those that were open before it. What the payer took back or a
/// revision superseded is no end's to touch.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Denials {
    /// What they became; nothing when they stayed open.
    became: Option<Settled>,
    ids: Vec<Uuid>,
}

/// Settles the open denials of an item; answers what the end keeps of them.
pub(crate) async fn settle(
    tx: &TenantTx,
    item: &WorkItem,
    end: Uuid,
    became: Option<Settled>,
) -> Result<Vec<u8>, Fault> {
    let Some(settled) = became else { return Ok(to_json(&Denials::default())) };
    let all = denials::of_item(tx, item.claim_id, item.id).await?;
    let all: Vec<Uuid> = all.iter().map(|denial| denial.id).collect();
    let ids = transfer(tx, &all, DENIAL_OPEN, settled.as_str()).await?;
    tell(tx, item, end, "denial.settled", settled.as_str(), &ids).await?;
    Ok(to_json(&Denials { became, ids }))
}

/// Whether the payer has answered since an end, so that taking it back would open what is settled.
pub(crate) async fn was_answered(
    tx: &TenantTx,
    item: &WorkItem,
    end: &ResolutionRow,
) -> Result<bool, Fault> {
    let kept = Denials::of(end)?;
    let all = denials::of_item(tx, item.claim_id, item.id).await?;
    let none_open = !all.is_empty() && all.iter().all(|denial| denial.state != DENIAL_OPEN);
    let answered = all.iter().any(|denial| {
        denial.state == DENIAL_REVERSED
            || (denial.settled_by.is_some() && kept.ids.contains(&denial.id))
    });
    Ok(answered || (kept.ids.is_empty() && none_open))
}

impl Denials {
    fn of(end: &ResolutionRow) -> Result<Self, Fault> {
        serde_json::from_slice(&end.denials)
            .map_err(|_| Fault::Broken("the denials of an end do not read"))
    }
}

/// Opens the denials again that an end settled, unless something else became of them since.
pub(crate) async fn restore(
    tx: &TenantTx,
    item: &WorkItem,
    end: &ResolutionRow,
) -> Result<(), Fault> {
    let kept = Denials::of(end)?;
    let Some(became) = kept.became else { return Ok(()) };
    let ids = transfer(tx, &kept.ids, became.as_str(), DENIAL_OPEN).await?;
    tell(tx, item, end.id, "denial.reopened", DENIAL_OPEN, &ids).await
}

async fn tell(
    tx: &TenantTx,
    item: &WorkItem,
    end: Uuid,
    kind: &'static str,
    state: &str,
    denials: &[Uuid],
) -> Result<(), Fault> {
    let payload = json!({ "state": state, "work_item": item.id, "resolution": end });
    let event = |denial: &Uuid| Event {
        kind,
        subject: *denial,
        revision: item.revision.clone(),
        payload: payload.to_string().into_bytes(),
    };
    tx.emit(FEED, denials.iter().map(event).collect()).await
}
