use contracts::routing::v1::{GetWorkItemRequest, GetWorkItemResponse};
use platform::access::Caller;
use platform::rejection::Fault;

use super::{Views, face, id_in};
use ledger::reading::{denials, files, work_items};

impl Views {
    /// Reads an item with its paths and the receipts of its denials.
    pub async fn work_item(
        &self,
        caller: &Caller,
        request: GetWorkItemRequest,
    ) -> Result<GetWorkItemResponse, Fault> {
        let id = id_in("id", &request.id)?;
        let tx = self.database.read(caller).await?;
        let row = work_items::with_id(&tx, id).await?.ok_or(Fault::NotFound)?;
        let denials = denials::of_item(&tx, row.claim_id, row.id).await?;
        let moment = self.moment(&tx, std::slice::from_ref(&row)).await?;
        let decided = denials.iter().map(|denial| denial.revision.clone()).collect();
        let approvers = files::approvers(&tx, decided).await?;
        let item = face::work_item_in_full(&row, &denials, &approvers, &moment)?;
        Ok(GetWorkItemResponse { work_item: Some(item) })
    }
}
