use contracts::routing::v1::{ReopenWorkItemRequest, ReopenWorkItemResponse};
use domain_work::hold::REASON_MAX;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Violations;
use platform::tenant_tx::TenantTx;
use serde_json::json;
use uuid::Uuid;
use views::{Views, id_in};

use crate::standing::Lanes;
use crate::taken::{Act, Taken};
use crate::{Error, Queues, settled, store};

impl Queues {
    /// Opens a resolved item again, whenever it ended. Its end stays on record; the denials that
    /// it settled are open again, and the next end states the whole of the money.
    ///
    /// # Errors
    /// When the item is not resolved, the caller may not work it, or the database fails.
    pub async fn reopen_work_item(
        &self,
        caller: &Caller,
        request: ReopenWorkItemRequest,
    ) -> Result<ReopenWorkItemResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("id", &request.id)?;
        let mut violations = Violations::default();
        let reason = request.reason.trim().to_owned();
        violations.text("reason", &reason, REASON_MAX);
        violations.text("etag", &request.etag, 64);
        violations.into_result()?;
        let (views, etag) = (self.views.clone(), request.etag);
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { reopen(tx, &views, (id, &etag), &reason).await })
            })
            .await
    }
}

async fn reopen(
    tx: &TenantTx,
    views: &Views,
    (id, etag): (Uuid, &str),
    reason: &str,
) -> Result<ReopenWorkItemResponse, Error> {
    let taken = Taken::read(tx, id, etag).await?;
    Lanes::of_team(tx, &taken.row.owner_team).await?.standing(tx.caller(), &taken.row)?;
    let mut step = taken.hold.reopen(reason)?;
    // It is told with the end that it follows instead.
    step.happened.pop();
    let end = store::standing(tx, id).await?;
    if let Some(end) = &end {
        store::reopened(tx, end.id, taken.now.at).await?;
        settled::restore(tx, &taken.row, end).await?;
    }
    let act = Act {
        kind: "work_item.reopened",
        words: format!("opened it again: {reason}"),
        facts: json!({ "by": "person", "resolution": end.map(|end| end.id) }),
    };
    let row = taken.keep_and_tell(tx, step, Some(act)).await?;
    Ok(ReopenWorkItemResponse { work_item: Some(views.in_full(tx, row).await?) })
}
