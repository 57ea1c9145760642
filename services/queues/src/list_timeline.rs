use contracts::routing::v1::{ListTimelineRequest, ListTimelineResponse};
use ledger::reading::work_items;
use ledger::timeline;
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::Fault;
use uuid::Uuid;
use views::id_in;

use crate::{Error, Queues, face};

impl Queues {
    /// Lists what happened to an item, the newest first.
    ///
    /// # Errors
    /// When there is no such item, the page token is no good, or the database fails.
    pub async fn list_timeline(
        &self,
        caller: &Caller,
        request: ListTimelineRequest,
    ) -> Result<ListTimelineResponse, Error> {
        let item = id_in("work_item_id", &request.work_item_id)?;
        let pager = Pager::new(&self.keys, caller, &[&request.work_item_id]);
        let before = pager.read(&request.page_token)?;
        let before = before.map(|bytes| Uuid::from_slice(&bytes).map_err(|_| Fault::PageToken));
        let (before, size) = (before.transpose()?, page::size(request.page_size));
        let tx = self.database.read(caller).await?;
        work_items::with_id(&tx, item).await?.ok_or(Fault::NotFound)?;
        let mut rows = timeline::of_item(&tx, item, before, size + 1).await?;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        let last = rows.last().filter(|_| more);
        let next_page_token = last.map(|last| pager.token(last.id.as_bytes()));
        Ok(ListTimelineResponse {
            timeline_items: rows.into_iter().map(face::line).collect(),
            next_page_token: next_page_token.unwrap_or_default(),
        })
    }
}
