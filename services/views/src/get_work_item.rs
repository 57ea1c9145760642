use contracts::routing::v1::{GetWorkItemRequest, GetWorkItemResponse, WorkItem as Message};
use platform::access::Caller;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;

use super::{Views, face, id_in};
use ledger::reading::work_items::WorkItem;
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
        Ok(GetWorkItemResponse { work_item: Some(self.in_full(&tx, row).await?) })
    }

    /// An item with its paths and the receipts of its denials, in the transaction of an act on it.
    ///
    /// # Errors
    /// When the row does not read, or the database fails.
    pub async fn in_full(&self, tx: &TenantTx, row: WorkItem) -> Result<Message, Fault> {
        let denials = denials::of_item(tx, row.claim_id, row.id).await?;
        let moment = self.moment(tx, std::slice::from_ref(&row)).await?;
        let decided = denials.iter().map(|denial| denial.revision.clone()).collect();
        let approvers = files::approvers(tx, decided).await?;
        face::work_item_in_full(&row, &denials, &approvers, &moment)
    }
}
