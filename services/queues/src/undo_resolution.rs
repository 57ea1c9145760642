use contracts::routing::v1::{UndoResolutionRequest, UndoResolutionResponse};
use domain_work::hold::REASON_MAX;
use domain_work::resolution::{self, Standing};
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
    /// Takes an end back inside its window, as if it had not been; item and denials are open again.
    ///
    /// # Errors
    /// When the window has closed, the end does not stand, the caller may not work the item, or
    /// the database fails.
    pub async fn undo_resolution(
        &self,
        caller: &Caller,
        request: UndoResolutionRequest,
    ) -> Result<UndoResolutionResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("resolution_id", &request.resolution_id)?;
        let mut violations = Violations::default();
        let reason = request.reason.trim().to_owned();
        violations.text("reason", &reason, REASON_MAX);
        violations.into_result()?;
        let views = self.views.clone();
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { undo(tx, &views, id, &reason).await })
            })
            .await
    }
}

async fn undo(
    tx: &TenantTx,
    views: &Views,
    id: Uuid,
    reason: &str,
) -> Result<UndoResolutionResponse, Error> {
    let item = store::ended(tx, id).await?.work_item_id;
    let taken = Taken::find(tx, item).await?;
    // Read again under the lock of its item: two may take it back at once.
    let end = store::ended(tx, id).await?;
    Lanes::of_team(tx, &taken.row.owner_team).await?.standing(tx.caller(), &taken.row)?;
    let standing = match (end.undone_at, end.reopened_at) {
        (Some(_), _) => Standing::Undone,
        (None, Some(_)) => Standing::Overtaken,
        (None, None) => Standing::Latest,
    };
    let reopened = taken.hold.reopen(reason);
    if standing == Standing::Overtaken {
        // Of an item that is open nothing has come since: that is what is said then.
        reopened.as_ref().map_err(Clone::clone)?;
    }
    resolution::undo(standing, end.created_at, reason, taken.now.at)?;
    let mut step = reopened?;
    if settled::was_answered(tx, &taken.row, &end).await? {
        return Err(Error::Answered);
    }
    // It is told as what it is instead.
    step.happened.pop();
    store::undone(tx, id, taken.now.at, reason).await?;
    settled::restore(tx, &taken.row, &end).await?;
    let act = Act {
        kind: "work_item.reopened",
        words: format!("took its end back: {reason}"),
        facts: json!({ "by": "undo", "resolution": id }),
    };
    let row = taken.keep_and_tell(tx, step, Some(act)).await?;
    Ok(UndoResolutionResponse { work_item: Some(views.in_full(tx, row).await?) })
}
