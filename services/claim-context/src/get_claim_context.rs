use contracts::routing::v1::{GetClaimContextRequest, GetClaimContextResponse};
use ledger::cases;
use platform::access::Caller;
use platform::rejection::Fault;
use views::id_in;

use crate::upsert_claim_context::shown;
use crate::{ClaimContexts, store};

impl ClaimContexts {
    /// Reads what is known of the claim of a case.
    ///
    /// # Errors
    /// When there is no such case or nothing is known of it, or the database fails.
    pub async fn get_claim_context(
        &self,
        caller: &Caller,
        request: GetClaimContextRequest,
    ) -> Result<GetClaimContextResponse, Fault> {
        let case = id_in("case_id", &request.case_id)?;
        let tx = self.database.read(caller).await?;
        let case = cases::with_id(&tx, case).await?.ok_or(Fault::NotFound)?;
        let key = (case.payer_id, case.patient_control_number);
        let row = store::find(&tx, &key).await?.ok_or(Fault::NotFound)?;
        Ok(GetClaimContextResponse { claim_context: Some(shown(&tx, row).await?) })
    }
}
