use std::cmp::Reverse;
use std::time::Duration;

use contracts::routing::v1::{ClaimNextWorkItemRequest, ClaimNextWorkItemResponse};
use domain::calendar::Zone;
use domain_work::Moment;
use domain_work::queue::Queue;
use ledger::held;
use ledger::reading::work_items::WorkItem;
use platform::access::{Caller, Role};
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use views::Views;

use crate::claim_work_item::take;
use crate::standing::{Lanes, standing_of};
use crate::taken::Taken;
use crate::{Error, Queues, store, worker};

/// How many items of a queue are looked at together: more than workers who ask at once, as a rule.
const LOOK: u64 = 32;
/// How many looks a queue gets: a queue whose first items are all kept for others is looked at to
/// this depth.
const LOOKS: usize = 64;
/// How often somebody who met others at every item asks again before the caller does.
const TRIES: u32 = 6;

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
        let mut tried = 0;
        loop {
            tried += 1;
            let (views, queue) = (views.clone(), queue.clone());
            let claiming = self.database.mutate(caller, once.clone(), move |tx| {
                Box::pin(async move { claim_next(tx, &views, &queue).await })
            });
            match claiming.await {
                Err(Error::Fault(Fault::Contended)) if tried < TRIES => {
                    tokio::time::sleep(Duration::from_millis(5 << tried)).await;
                }
                claimed => return claimed,
            }
        }
    }
}

async fn claim_next(
    tx: &TenantTx,
    views: &Views,
    queue: &str,
) -> Result<ClaimNextWorkItemResponse, Error> {
    let (lanes, wanted) = wanted(tx, queue).await?;
    let mut open = Vec::new();
    for queue in wanted {
        open.extend(first_open(tx, &lanes, &queue).await?);
    }
    if open.is_empty() {
        return Err(Error::QueueEmpty);
    }
    open.sort_by_key(|row| (Reverse(row.priority), row.id));
    for row in open {
        if let Some(taken) = still_next(tx, &row).await? {
            let (row, lease) = take(tx, &lanes, taken).await?;
            let work_item = Some(views.in_full(tx, row).await?);
            return Ok(ClaimNextWorkItemResponse { work_item, lease: Some(lease) });
        }
    }
    // Others took, or hold at this moment, all that was looked at.
    Err(Fault::Contended.into())
}

/// The item, kept for this transaction, unless somebody else has it or writes it meanwhile.
async fn still_next(tx: &TenantTx, seen: &WorkItem) -> Result<Option<Taken>, Fault> {
    let Some(row) = held::locked_at_once(tx, seen.id).await? else { return Ok(None) };
    let unchanged = row.owner_team == seen.owner_team;
    let taken = Taken::of(row, tx)?;
    let is_next = unchanged && taken.hold.is_next_for(worker(tx.caller())?, taken.now);
    Ok(is_next.then_some(taken))
}

/// The queue that is named, or all that the caller is a member or the lead of; before them the
/// queues that may have their items: of a named one those of its team, for no others do.
async fn wanted(tx: &TenantTx, queue: &str) -> Result<(Lanes, Vec<Queue>), Error> {
    let caller = tx.caller();
    let user = worker(caller)?;
    if queue.is_empty() {
        let lanes = Lanes::of(tx).await?;
        let mine = lanes.worked_by(user).cloned().collect();
        return Ok((lanes, mine));
    }
    let row = store::named(tx, queue).await?;
    let queue = store::rules(&row)?;
    if !caller.has_role(Role::TeamLead) {
        standing_of(user, &queue)?;
    }
    Ok((Lanes::of_team(tx, &row.team).await?, vec![queue]))
}

/// The most urgent items of a queue that the caller may take.
async fn first_open(tx: &TenantTx, lanes: &Lanes, queue: &Queue) -> Result<Vec<WorkItem>, Fault> {
    let (user, before_it) = (worker(tx.caller())?, lanes.before(queue));
    let mut after: Option<WorkItem> = None;
    for _ in 0..LOOKS {
        let rows = store::open_in(tx, queue, &before_it, after.as_ref(), LOOK).await?;
        let Some(last) = rows.last().cloned() else { return Ok(Vec::new()) };
        let mut open = Vec::new();
        // Of what is open time ends reservations, at instants: no zone decides.
        let now = Moment::in_zone(tx.clock().now(), Zone::EASTERN);
        for row in rows {
            if held::hold(&row)?.is_next_for(user, now) {
                open.push(row);
            }
        }
        if !open.is_empty() {
            return Ok(open);
        }
        after = Some(last);
    }
    Ok(Vec::new())
}
