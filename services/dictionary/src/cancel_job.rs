use contracts::dictionary::v1::{CancelJobRequest, CancelJobResponse};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::jobs::End;
use platform::rejection::Fault;
use uuid::Uuid;

use crate::governance::JOBS;
use crate::{Dictionary, Error};

impl Dictionary {
    /// Stops a job; one that has ended stays as it is. What it would have made is not made.
    pub(crate) async fn cancel_job(
        &self,
        caller: &Caller,
        request: CancelJobRequest,
    ) -> Result<CancelJobResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = Uuid::try_parse(&request.id).map_err(|_| Fault::NotFound)?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move {
                    let record = tx.job(&JOBS, id).await?.ok_or(Fault::NotFound)?;
                    tx.end_job(&record, End::Cancelled).await?;
                    let record = tx.job(&JOBS, id).await?.ok_or(Fault::NotFound)?;
                    Ok(CancelJobResponse { job: Some(record.into()) })
                })
            })
            .await
    }
}
