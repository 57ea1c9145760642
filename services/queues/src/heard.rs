//! A payer said something of a claim: what that does to one of its items.

use domain_work::hold::{EndedBy, Happened};
use domain_work::payer_status::Effect;
use ledger::reading::work_items::WorkItem;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use serde_json::json;

use crate::taken::{Act, Taken};

/// Wakes an item that waited for what was said, or ends one that asked for it, whoever holds it:
/// nobody should ask a payer who has answered. What is only told is told by whoever heard it.
///
/// # Errors
/// When the database fails.
pub async fn hear(tx: &TenantTx, row: WorkItem, effect: Effect) -> Result<(), Fault> {
    let taken = Taken::of(row, tx)?;
    let refused = |_| Fault::Broken("a payer's word may wake and end what it is about");
    let (step, act) = match effect {
        Effect::Told => return Ok(()),
        Effect::Woken => (taken.hold.wake(taken.now).map_err(refused)?, None),
        Effect::Done => {
            let mut step = taken.hold.resolve(EndedBy::Remittance, taken.now).map_err(refused)?;
            step.happened.retain(|happened| *happened != Happened::Resolved);
            let words = "done: the payer has answered".to_owned();
            let facts = json!({ "by": "payer_status" });
            (step, Some(Act { kind: "work_item.resolved", words, facts }))
        }
    };
    let kept = taken.keep_and_tell(tx, step, act).await;
    kept.map(drop).map_err(|error| error.of_job("a payer's word is kept or not"))
}
