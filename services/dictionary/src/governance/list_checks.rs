use contracts::dictionary::v1::{ListChecksRequest, ListChecksResponse};
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::Fault;
use uuid::Uuid;

use super::{Matter, id};
use crate::{Dictionary, Error, grpc};
use registry::checks;

impl Dictionary {
    /// Lists the checks of a change, the newest first, also stale ones.
    pub(crate) async fn checks(
        &self,
        caller: &Caller,
        request: ListChecksRequest,
    ) -> Result<ListChecksResponse, Error> {
        let pager = Pager::new(&self.keys, caller, &[&request.change_request_id]);
        let size = page::size(request.page_size);
        let before = pager.read(&request.page_token)?;
        let before = before.map(|bytes| Uuid::from_slice(&bytes).map_err(|_| Fault::PageToken));
        let before = before.transpose()?;
        let tx = self.database.read(caller).await?;
        let matter = Matter::find(&tx, id(&request.change_request_id)?).await?;
        let rows = checks::page(&tx, matter.row.id, before, size + 1).await?;
        let page = page::cut(rows, size, &pager, |row| row.id.as_bytes().to_vec());
        let checks = page.rows.into_iter().map(grpc::check).collect::<Result<_, _>>()?;
        Ok(ListChecksResponse { checks, next_page_token: page.next })
    }
}
