use contracts::routing::v1::{GetJobRequest, GetJobResponse};
use platform::access::Caller;
use platform::rejection::Fault;

use crate::{KIND, Replays, wire};

impl Replays {
    /// Reads a job.
    ///
    /// # Errors
    /// When there is none with this id, or the database fails.
    pub async fn job(
        &self,
        caller: &Caller,
        request: GetJobRequest,
    ) -> Result<GetJobResponse, Fault> {
        let id = wire::id(&request.id)?;
        let tx = self.database.read(caller).await?;
        let record = tx.job(&[KIND], id).await?.ok_or(Fault::NotFound)?;
        Ok(GetJobResponse { job: Some(record.into()) })
    }
}
