use contracts::routing::v1::{ClaimNextWorkItemRequest, ClaimNextWorkItemResponse};
use domain_work::queue::Queue;
use ledger::reading::work_items::WorkItem;
use platform::access::{Caller, Role};
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use std::cmp::Reverse;
use views::Views;

use crate::claim_work_item::take;
use crate::standing::Lanes;
use crate::taken::Taken;
use crate::{Error, Queues, store, worker};

/// How many items are looked at together: most often the first one is it.
const LOOK: u64 = 8;
/// How many looks a queue gets: a queue whose first items are all kept for others is looked at to
/// this depth.
const LOOKS: usize = 64;

impl Queues {
    /// Takes the most urgent item that the caller may work.
    ///
    /// # Errors
    /// When nothing is open to the caller, there is no such queue, or the database fails.
    pub async fn claim_next_work_item(
        &self,
        caller: &Caller,
        request: ClaimNextWorkItemRequest,
    ) -> Result<ClaimNextWorkItemResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let mut violations = Violations::default();
        if !request.queue_id.is_empty() {
            violations.text("queue_id", &request.queue_id, 96);
        }
        violations.into_result()?;
        let (views, queue) = (self.views.clone(), request.queue_id);
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { claim_next(tx, &views, &queue).await })
            })
            .await
    }
}

async fn claim_next(
    tx: &TenantTx,
    views: &Views,
    queue: &str,
) -> Result<ClaimNextWorkItemResponse, Error> {
    let lanes = Lanes::of(tx).await?;
    let mut best: Option<WorkItem> = None;
    for queue in wanted(tx, &lanes, queue).await? {
        let first = first_open(tx, &lanes, &queue).await?;
        best =
            [best, first].into_iter().flatten().min_by_key(|row| (Reverse(row.priority), row.id));
    }
    let taken = Taken::of(best.ok_or(Error::QueueEmpty)?, tx)?;
    let (row, lease) = take(tx, &lanes, taken).await?;
    let work_item = Some(views.in_full(tx, row).await?);
    Ok(ClaimNextWorkItemResponse { work_item, lease: Some(lease) })
}

/// The queue that is named, or all that the caller is a member or the lead of.
async fn wanted(tx: &TenantTx, lanes: &Lanes, queue: &str) -> Result<Vec<Queue>, Error> {
    let caller = tx.caller();
    let user = worker(caller)?;
    if queue.is_empty() {
        return Ok(lanes.worked_by(user).cloned().collect());
    }
    let queue = store::rules(&store::named(tx, queue).await?)?;
    if !caller.has_role(Role::TeamLead) {
        queue.standing(&domain_work::queue::Caller { user, leads: &[] })?;
    }
    Ok(vec![queue])
}

/// The most urgent item of a queue that the caller may take.
async fn first_open(
    tx: &TenantTx,
    lanes: &Lanes,
    queue: &Queue,
) -> Result<Option<WorkItem>, Fault> {
    let user = worker(tx.caller())?;
    let mut after: Option<WorkItem> = None;
    for _ in 0..LOOKS {
        let rows = store::open_in(tx, queue, after.as_ref(), LOOK).await?;
        let Some(last) = rows.last().cloned() else { return Ok(None) };
        for row in rows {
            let is_its = lanes.of_item(&row)?.is_some_and(|of| of.slug == queue.slug);
            let taken = Taken::of(row, tx)?;
            if is_its && taken.hold.is_next_for(user, taken.now) {
                return Ok(Some(taken.row));
            }
        }
        after = Some(last);
    }
    Ok(None)
}
