use contracts::routing::v1::{CancelJobRequest, CancelJobResponse};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::jobs::End;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::{KIND, Replays, wire};

impl Replays {
    /// Ends a job that runs; it notices between two pages and leaves nothing behind.
    ///
    /// # Errors
    /// When there is none with this id, or the database fails.
    pub async fn cancel(
        &self,
        caller: &Caller,
        request: CancelJobRequest,
    ) -> Result<CancelJobResponse, Fault> {
        let once = Once::of(&request.request_id, &request)?;
        let id = wire::id(&request.id)?;
        self.database.mutate(caller, once, move |tx| Box::pin(end(tx, id))).await
    }
}

async fn end(tx: &TenantTx, id: Uuid) -> Result<CancelJobResponse, Fault> {
    let record = tx.job(&[KIND], id).await?.ok_or(Fault::NotFound)?;
    tx.end_job(&record, End::Cancelled).await?;
    let record = tx.job(&[KIND], id).await?.ok_or(Fault::NotFound)?;
    Ok(CancelJobResponse { job: Some(record.into()) })
}
