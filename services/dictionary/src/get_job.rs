use contracts::dictionary::v1::{GetJobRequest, GetJobResponse};
use platform::access::Caller;
use platform::rejection::Fault;

use crate::governance::{self, JOBS};
use crate::{Dictionary, Error};

impl Dictionary {
    /// Reads a long-running job of this service.
    pub(crate) async fn job(
        &self,
        caller: &Caller,
        request: GetJobRequest,
    ) -> Result<GetJobResponse, Error> {
        let id = governance::id(&request.id)?;
        let tx = self.database.read(caller).await?;
        let record = tx.job(&JOBS, id).await?.ok_or(Fault::NotFound)?;
        Ok(GetJobResponse { job: Some(record.into()) })
    }
}
