use contracts::routing::v1::{UpsertClaimContextRequest, UpsertClaimContextResponse};
use platform::access::Caller;

use crate::{Error, Routing};

impl Routing {
    /// Keeps what a partner system knows of a claim, once the dictionary knows its payer.
    ///
    /// # Errors
    /// When nobody knows the payer, a field is no good, or the database fails.
    pub(crate) async fn upsert_claim_context(
        &self,
        caller: &Caller,
        request: UpsertClaimContextRequest,
    ) -> Result<UpsertClaimContextResponse, Error> {
        let payer = request.claim_context.as_ref().map(|context| context.payer_id.as_str());
        // What is no id is told with every other field at fault.
        if let Some(payer) = payer.filter(|payer| uuid::Uuid::try_parse(payer).is_ok()) {
            self.peers.know_payer(caller, "claim_context.payer_id", payer).await?;
        }
        Ok(self.claim_contexts.upsert_claim_context(caller, request).await?)
    }
}
