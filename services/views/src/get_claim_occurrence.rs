use contracts::routing::v1::{GetClaimOccurrenceRequest, GetClaimOccurrenceResponse};
use platform::access::{Caller, Role};
use platform::rejection::Fault;

use super::{Views, face, id_in};
use ledger::reading::claims;

/// The roles whose work needs to know who a claim is about.
const NEED_THE_SUBJECT: [Role; 3] = [Role::Specialist, Role::TeamLead, Role::Partner];

impl Views {
    /// Reads a claim occurrence with its lines.
    pub async fn claim_occurrence(
        &self,
        caller: &Caller,
        request: GetClaimOccurrenceRequest,
    ) -> Result<GetClaimOccurrenceResponse, Fault> {
        let id = id_in("id", &request.id)?;
        let tx = self.database.read(caller).await?;
        let row = claims::with_id(&tx, id).await?.ok_or(Fault::NotFound)?;
        let further_parts = claims::further_parts(&tx, id).await?;
        let subject = if NEED_THE_SUBJECT.iter().any(|role| caller.has_role(*role)) {
            claims::subject_of(&tx, id).await?
        } else {
            None
        };
        let occurrence = face::claim_occurrence_in_full(&row, &further_parts, subject)?;
        Ok(GetClaimOccurrenceResponse { claim_occurrence: Some(occurrence) })
    }
}
