use contracts::dictionary::v1::{GetJobRequest, GetJobResponse};
use platform::access::Caller;
use platform::rejection::Fault;
use uuid::Uuid;

use crate::governance::JOBS;
use crate::{Dictionary, Error};

impl Dictionary {
    /// Reads a long-running job of this service.
    pub(crate) async fn job(
        &self,
        caller: &Caller,
        request: GetJobRequest,
    ) -> Result<GetJobResponse, Error> {
        let id = Uuid::try_parse(&request.id).map_err(|_| Fault::NotFound)?;
        let tx = self.database.read(caller).await?;
        let record = tx.job(&JOBS, id).await?.ok_or(Fault::NotFound)?;
        Ok(GetJobResponse { job: Some(record.into()) })
    }
}
