use contracts::appeals::v1::{ListDocumentsRequest, ListDocumentsResponse};
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::Fault;

use crate::face::id_in;
use crate::store::{self, papers};
use crate::{Appeals, paper_face};

impl Appeals {
    /// Lists the documents of an appeal, the newest first.
    ///
    /// # Errors
    /// When there is no such appeal, the page token is no good, or the database fails.
    pub(crate) async fn list_documents(
        &self,
        caller: &Caller,
        request: ListDocumentsRequest,
    ) -> Result<ListDocumentsResponse, Fault> {
        let appeal = id_in("appeal_id", &request.appeal_id)?;
        let pager = Pager::new(&self.keys, caller, &[&request.appeal_id]);
        let size = page::size(request.page_size);
        let before = page::id_in(&pager, &request.page_token)?;
        let tx = self.database.read(caller).await?;
        store::find(&tx, appeal).await?.ok_or(Fault::NotFound)?;
        let rows = papers::documents(&tx, appeal, before, size + 1).await?;
        let page = page::cut(rows, size, &pager, |row| row.id.as_bytes().to_vec());
        Ok(ListDocumentsResponse {
            documents: page.rows.into_iter().map(paper_face::document).collect(),
            next_page_token: page.next,
        })
    }
}
