use contracts::routing::v1::{ClaimWorkItemRequest, ClaimWorkItemResponse, Lease};
use ledger::held;
use ledger::reading::work_items::{self, WorkItem};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;
use views::{Views, id_in};

use crate::standing::Lanes;
use crate::taken::Taken;
use crate::{Error, Queues, face, worker};

/// The most items of a case that are taken at once.
const CASE_MAX: u64 = 200;

impl Queues {
    /// Takes one item under a lease, or all of its case that are open to the caller.
    ///
    /// # Errors
    /// When another holds it, the caller may not work it, or the database fails.
    pub async fn claim_work_item(
        &self,
        caller: &Caller,
        request: ClaimWorkItemRequest,
    ) -> Result<ClaimWorkItemResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let (id, whole_case) = (id_in("id", &request.id)?, request.whole_case);
        let views = self.views.clone();
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { claim(tx, &views, id, whole_case).await })
            })
            .await
    }
}

async fn claim(
    tx: &TenantTx,
    views: &Views,
    id: Uuid,
    whole_case: bool,
) -> Result<ClaimWorkItemResponse, Error> {
    let lanes = Lanes::of(tx).await?;
    // Before the item itself: two who take a case lock its items in one order.
    let siblings = if whole_case { siblings(tx, id).await? } else { Vec::new() };
    let (row, lease) = take(tx, &lanes, Taken::find(tx, id).await?).await?;
    let mut case_leases = Vec::new();
    let user = worker(tx.caller())?;
    for other in siblings.into_iter().filter(|other| other.id != id) {
        let other = Taken::of(other, tx)?;
        if !other.hold.is_next_for(user, other.now) {
            continue;
        }
        match take(tx, &lanes, other).await {
            Ok((_, lease)) => case_leases.push(lease),
            // It waits for people of another queue.
            Err(Error::Stranger(_) | Error::InNoQueue) => {}
            Err(error) => return Err(error),
        }
    }
    let work_item = Some(views.in_full(tx, row).await?);
    Ok(ClaimWorkItemResponse { work_item, lease: Some(lease), case_leases })
}

/// The open items of an item's case, kept for this transaction.
async fn siblings(tx: &TenantTx, id: Uuid) -> Result<Vec<WorkItem>, Fault> {
    let seen = work_items::with_id(tx, id).await?.ok_or(Fault::NotFound)?;
    if seen.case_id.is_nil() {
        return Ok(Vec::new());
    }
    held::locked_case(tx, seen.case_id, CASE_MAX).await
}

/// Takes an item for the caller.
pub(crate) async fn take(
    tx: &TenantTx,
    lanes: &Lanes,
    taken: Taken,
) -> Result<(WorkItem, Lease), Error> {
    let caller = tx.caller();
    let user = worker(caller)?;
    let standing = lanes.standing(caller, &taken.row)?;
    let step = taken.hold.claim(user, standing, taken.now)?;
    let lease = face::lease(taken.row.id, &step.hold)?;
    let row = taken.keep(tx, step).await?;
    Ok((row, lease))
}
