use contracts::dictionary::v1::{CancelJobRequest, CancelJobResponse};
use platform::access::Caller;
use platform::idempotency::Once;

use crate::governance::{self, JOBS};
use crate::{Dictionary, Error};

impl Dictionary {
    /// Stops a job; one that has ended stays as it is. What it would have made is not made.
    pub(crate) async fn cancel_job(
        &self,
        caller: &Caller,
        request: CancelJobRequest,
    ) -> Result<CancelJobResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = governance::id(&request.id)?;
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
