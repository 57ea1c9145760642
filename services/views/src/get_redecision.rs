use contracts::routing::v1::{GetRedecisionRequest, GetRedecisionResponse, Redecision};
use platform::access::Caller;
use platform::rejection::Fault;
use uuid::Uuid;

use super::{Views, face, id_in};
use ledger::redecisions::KIND;

impl Views {
    /// Reads how open work was brought under a revision.
    pub async fn get_redecision(
        &self,
        caller: &Caller,
        request: GetRedecisionRequest,
    ) -> Result<GetRedecisionResponse, Fault> {
        let id = id_in("id", &request.id)?;
        let redecision = self.redecision(caller, id).await?;
        Ok(GetRedecisionResponse { redecision: Some(redecision) })
    }

    /// The redecision with this id.
    pub async fn redecision(&self, caller: &Caller, id: Uuid) -> Result<Redecision, Fault> {
        let tx = self.database.read(caller).await?;
        let row = ledger::redecisions::find(&tx, id).await?.ok_or(Fault::NotFound)?;
        let job = tx.job(&[KIND], id).await?.ok_or(Fault::NotFound)?;
        face::redecision(row, job)
    }
}
