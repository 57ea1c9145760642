use contracts::appeals::v1::{CancelJobRequest, CancelJobResponse};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Fault;

use crate::face::id_in;
use crate::{Appeals, JOBS};

impl Appeals {
    /// Ends a job that runs; the drafts that a batch has opened stand.
    ///
    /// # Errors
    /// [`Fault::NotFound`], or when the database fails.
    pub(crate) async fn cancel_job(
        &self,
        caller: &Caller,
        request: CancelJobRequest,
    ) -> Result<CancelJobResponse, Fault> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("id", &request.id)?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move {
                    let record = tx.cancel_job(&JOBS, id).await?;
                    Ok(CancelJobResponse { job: Some(record.into()) })
                })
            })
            .await
    }
}
