use contracts::routing::v1::{CancelJobRequest, CancelJobResponse};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Fault;

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
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move {
                    let record = tx.cancel_job(&[KIND], id).await?;
                    Ok(CancelJobResponse { job: Some(record.into()) })
                })
            })
            .await
    }
}
