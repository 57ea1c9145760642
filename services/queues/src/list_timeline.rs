use contracts::routing::v1::{ListTimelineRequest, ListTimelineResponse};
use ledger::reading::work_items;
use ledger::timeline;
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::Fault;
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
        let (size, before) =
            (page::size(request.page_size), page::id_in(&pager, &request.page_token)?);
        let tx = self.database.read(caller).await?;
        work_items::with_id(&tx, item).await?.ok_or(Fault::NotFound)?;
        let rows = timeline::of_item(&tx, item, before, size + 1).await?;
        let page = page::cut(rows, size, &pager, |line| line.id.as_bytes().to_vec());
        Ok(ListTimelineResponse {
            timeline_items: page.rows.into_iter().map(face::line).collect(),
            next_page_token: page.next,
        })
    }
}
