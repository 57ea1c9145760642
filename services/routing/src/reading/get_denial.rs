use contracts::routing::v1::{GetDenialRequest, GetDenialResponse};
use platform::access::Caller;
use platform::rejection::Fault;

use super::{Reading, face, id_in};
use ledger::reading::denials;

impl Reading {
    /// Reads a denial with its receipt.
    pub(crate) async fn denial(
        &self,
        caller: &Caller,
        request: GetDenialRequest,
    ) -> Result<GetDenialResponse, Fault> {
        let id = id_in("id", &request.id)?;
        let tx = self.database.read(caller).await?;
        let row = denials::with_id(&tx, id).await?.ok_or(Fault::NotFound)?;
        Ok(GetDenialResponse { denial: Some(face::denial_with_receipt(&row)?) })
    }
}
