use contracts::routing::v1::{GetDenialRequest, GetDenialResponse};
use platform::access::Caller;
use platform::rejection::Fault;

use super::{Views, face, id_in};
use ledger::reading::{denials, files};

impl Views {
    /// Reads a denial with its receipt.
    pub async fn denial(
        &self,
        caller: &Caller,
        request: GetDenialRequest,
    ) -> Result<GetDenialResponse, Fault> {
        let id = id_in("id", &request.id)?;
        let tx = self.database.read(caller).await?;
        let row = denials::with_id(&tx, id).await?.ok_or(Fault::NotFound)?;
        let approvers = files::approvers(&tx, [row.revision.clone()].into()).await?;
        Ok(GetDenialResponse { denial: Some(face::denial_with_receipt(&row, &approvers)?) })
    }
}
