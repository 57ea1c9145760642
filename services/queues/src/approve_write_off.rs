use contracts::routing::v1::{ApproveWriteOffRequest, ApproveWriteOffResponse};
use domain::money::Cents;
use domain_work::hold::{REASON_MAX, Refusal, State};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Violations;
use platform::tenant_tx::TenantTx;
use serde_json::json;
use uuid::Uuid;
use views::{Views, id_in};

use crate::store::{self, ApprovalRow};
use crate::taken::{Act, Taken};
use crate::{Error, Queues, face, worker};

impl Queues {
    /// Agrees that money of an item is given up, by another person than the one who will. The
    /// latest approval of an item counts.
    ///
    /// # Errors
    /// When the item is over, the amount is no good, or the database fails.
    pub async fn approve_write_off(
        &self,
        caller: &Caller,
        request: ApproveWriteOffRequest,
    ) -> Result<ApproveWriteOffResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("work_item_id", &request.work_item_id)?;
        let mut violations = Violations::default();
        let reason = request.reason.trim().to_owned();
        violations.text("reason", &reason, REASON_MAX);
        violations.text("etag", &request.etag, 64);
        let up_to = face::cents("amount", request.amount.as_ref(), &mut violations);
        if up_to <= Cents::ZERO {
            violations.add("amount", "must be above zero: up to which amount");
        }
        violations.into_result()?;
        let (views, etag) = (self.views.clone(), request.etag);
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { approve(tx, &views, (id, &etag), up_to, reason).await })
            })
            .await
    }
}

async fn approve(
    tx: &TenantTx,
    views: &Views,
    (id, etag): (Uuid, &str),
    up_to: Cents,
    reason: String,
) -> Result<ApproveWriteOffResponse, Error> {
    let taken = Taken::read(tx, id, etag).await?;
    let step = taken.hold.at(taken.now);
    if matches!(step.hold.state, State::Resolved | State::Superseded) {
        let state = step.hold.state.name();
        return Err(Refusal::InvalidTransition { state, act: "written off" }.into());
    }
    let at_stake = Cents::new(taken.row.at_stake_cents);
    let mut violations = Violations::default();
    if up_to > at_stake {
        violations.add("amount", format!("is {up_to}, and only {at_stake} is at stake"));
    }
    violations.into_result()?;
    let act = Act {
        kind: "work_item.write_off_approved",
        words: format!("approved that up to {up_to} is written off: {reason}"),
        facts: json!({ "up_to_cents": up_to.as_i64() }),
    };
    let row = ApprovalRow {
        tenant_id: Uuid::nil(),
        work_item_id: id,
        approved_by: worker(tx.caller())?.to_string(),
        up_to_cents: up_to.as_i64(),
        reason,
        approved_at: taken.now.at,
    };
    store::approve(tx, row).await?;
    let item = taken.keep_and_tell(tx, step, Some(act)).await?;
    Ok(ApproveWriteOffResponse { work_item: Some(views.in_full(tx, item).await?) })
}
