use contracts::routing::v1::{ReleaseWorkItemRequest, ReleaseWorkItemResponse};
use domain_work::hold::{Right, Writer};
use domain_work::queue::Standing;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Violations;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;
use views::{Views, id_in};

use crate::standing::Lanes;
use crate::taken::Taken;
use crate::{Error, Queues, worker};

impl Queues {
    /// Gives a held item back to its queue; a lead takes it away, with a reason.
    ///
    /// # Errors
    /// When the lease is lost, nobody holds it, or the database fails.
    pub async fn release_work_item(
        &self,
        caller: &Caller,
        request: ReleaseWorkItemRequest,
    ) -> Result<ReleaseWorkItemResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("id", &request.id)?;
        let mut violations = Violations::default();
        if request.fencing_number < 0 {
            violations.add("fencing_number", "is the one of the lease, or 0 for a lead");
        }
        violations.into_result()?;
        let views = self.views.clone();
        let ReleaseWorkItemRequest { fencing_number, reason, .. } = request;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { release(tx, &views, id, fencing_number, &reason).await })
            })
            .await
    }
}

async fn release(
    tx: &TenantTx,
    views: &Views,
    id: Uuid,
    fencing_number: i64,
    reason: &str,
) -> Result<ReleaseWorkItemResponse, Error> {
    let taken = Taken::find(tx, id).await?;
    let right = match fencing_number {
        0 if Lanes::of_team(tx, &taken.row.owner_team)
            .await?
            .standing(tx.caller(), &taken.row)?
            == Standing::Lead =>
        {
            Right::Lead
        }
        0 => Right::Unheld,
        number => Right::Lease(number),
    };
    let writer = Writer { user: worker(tx.caller())?, right };
    let step = taken.hold.release(writer, reason, taken.now)?;
    let row = taken.keep(tx, step).await?;
    Ok(ReleaseWorkItemResponse { work_item: Some(views.in_full(tx, row).await?) })
}
