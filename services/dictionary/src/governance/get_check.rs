use contracts::dictionary::v1::{GetCheckRequest, GetCheckResponse};
use platform::access::Caller;
use platform::rejection::Fault;

use super::id;
use crate::{Dictionary, Error, grpc};
use registry::checks;

impl Dictionary {
    /// Reads one check.
    pub(crate) async fn check(
        &self,
        caller: &Caller,
        request: GetCheckRequest,
    ) -> Result<GetCheckResponse, Error> {
        let tx = self.database.read(caller).await?;
        let row = checks::find(&tx, id(&request.id)?).await?.ok_or(Fault::NotFound)?;
        Ok(GetCheckResponse { check: Some(grpc::check(row)?) })
    }
}
