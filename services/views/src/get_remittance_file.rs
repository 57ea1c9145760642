use contracts::routing::v1::{GetRemittanceFileRequest, GetRemittanceFileResponse};
use platform::access::Caller;
use platform::rejection::Fault;

use super::{Views, face, id_in};
use ledger::reading::files;

impl Views {
    /// Reads a file with its findings and its balance report.
    pub async fn file(
        &self,
        caller: &Caller,
        request: GetRemittanceFileRequest,
    ) -> Result<GetRemittanceFileResponse, Fault> {
        let id = id_in("id", &request.id)?;
        let tx = self.database.read(caller).await?;
        let row = files::with_id(&tx, id).await?.ok_or(Fault::NotFound)?;
        Ok(GetRemittanceFileResponse { remittance_file: Some(face::remittance_file(row)?) })
    }
}
