use contracts::routing::v1::{CancelJobRequest, CancelJobResponse};
use platform::access::Caller;
use platform::idempotency::Once;

use crate::error::Error;
use crate::{JOBS, Routing};
use views::id_in;

impl Routing {
    /// Ends a job that runs. A replay leaves nothing behind; what a redecision has decided again,
    /// or bulk work has done, stands.
    pub(crate) async fn cancel_job(
        &self,
        caller: &Caller,
        request: CancelJobRequest,
    ) -> Result<CancelJobResponse, Error> {
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
