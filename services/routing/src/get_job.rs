use contracts::routing::v1::{GetJobRequest, GetJobResponse};
use platform::access::Caller;
use platform::rejection::Fault;

use crate::{JOBS, Routing};
use views::id_in;

impl Routing {
    /// Reads a job.
    pub(crate) async fn get_job(
        &self,
        caller: &Caller,
        request: GetJobRequest,
    ) -> Result<GetJobResponse, Fault> {
        let id = id_in("id", &request.id)?;
        let tx = self.database.read(caller).await?;
        let record = tx.job(&JOBS, id).await?.ok_or(Fault::NotFound)?;
        Ok(GetJobResponse { job: Some(record.into()) })
    }
}
