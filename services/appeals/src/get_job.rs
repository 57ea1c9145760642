use contracts::appeals::v1::{GetJobRequest, GetJobResponse};
use platform::access::Caller;
use platform::rejection::Fault;

use crate::face::id_in;
use crate::{Appeals, JOBS};

impl Appeals {
    /// Reads a job.
    ///
    /// # Errors
    /// [`Fault::NotFound`], or when the database fails.
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
