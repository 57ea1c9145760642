use contracts::routing::v1::{GetCaseRequest, GetCaseResponse};
use platform::access::Caller;
use platform::rejection::Fault;

use super::face::{self, CaseRows};
use super::{Views, id_in};
use ledger::reading::{claims, denials, take_backs, work_items};

/// Occurrences, and pairs of PLB segments, a case shows at most.
const CLAIMS_MAX: u64 = 100;
/// Denials, and work items, a case shows at most.
const WORK_MAX: u64 = 500;

impl Views {
    /// Reads everything about one claim.
    pub async fn case(
        &self,
        caller: &Caller,
        request: GetCaseRequest,
    ) -> Result<GetCaseResponse, Fault> {
        let id = id_in("id", &request.id)?;
        let tx = self.database.read(caller).await?;
        let case = claims::case(&tx, id).await?.ok_or(Fault::NotFound)?;
        let items = work_items::newest_of(&tx, id, WORK_MAX).await?;
        let rows = CaseRows {
            case,
            claims: claims::newest_of(&tx, id, CLAIMS_MAX).await?,
            denials: denials::newest_of(&tx, id, WORK_MAX).await?,
            work_items: self.shown(&tx, &items).await?,
            paid_cents: claims::paid_on(&tx, id).await?,
            open_cents: denials::open_cents(&tx, id).await?,
            take_backs: take_backs::newest_of(&tx, id, CLAIMS_MAX).await?,
            taken_cents: ledger::take_backs::amounts(&tx, &[id])
                .await?
                .into_values()
                .flatten()
                .fold(0, |sum, cents| cents.as_i64().saturating_add(sum)),
        };
        Ok(GetCaseResponse { case: Some(face::case(rows)?) })
    }
}
