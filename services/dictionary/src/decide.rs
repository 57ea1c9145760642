use contracts::dictionary::v1::{DecideRequest, DecideResponse};
use platform::access::Caller;

use crate::compiled::RevisionName;
use crate::{Dictionary, Error, grpc};

impl Dictionary {
    /// Decides one denial under the active revision or a pinned one.
    pub(crate) async fn decision(
        &self,
        caller: &Caller,
        request: DecideRequest,
    ) -> Result<DecideResponse, Error> {
        let facts = grpc::facts(request.facts.unwrap_or_default())?;
        let name = RevisionName::pinned("revision", &request.revision)?;
        let (ready, approvers) = self.ready_here(caller, &name).await?;
        let decision = grpc::decision(&ready.compiled, &facts.facts(), approvers);
        Ok(DecideResponse { decision: Some(decision) })
    }
}
