use contracts::dictionary::v1::{ListRevisionsRequest, ListRevisionsResponse};
use platform::access::Caller;
use platform::page::{self, Pager};

use crate::{Dictionary, Error, grpc};
use registry::{approvers, revisions};

impl Dictionary {
    /// Lists revisions, the newest first.
    pub(crate) async fn revisions(
        &self,
        caller: &Caller,
        request: ListRevisionsRequest,
    ) -> Result<ListRevisionsResponse, Error> {
        let pager = Pager::new(&self.keys, caller, &[]);
        let (size, before) =
            (page::size(request.page_size), page::number_in(&pager, &request.page_token)?);
        let tx = self.database.read(caller).await?;
        let active = revisions::active(&tx).await?;
        let rows = revisions::page(&tx, before, size + 1).await?;
        let acts = approvers::of(&tx, rows.iter().map(|row| row.hash.clone()).collect()).await?;
        let page = page::cut(rows, size, &pager, |row| row.number.to_be_bytes().to_vec());
        let shown = page.rows.into_iter().map(|row| {
            let active = active.as_ref().filter(|active| active.hash == row.hash);
            grpc::revision(row, &acts, active.map(|active| active.since))
        });
        Ok(ListRevisionsResponse { revisions: shown.collect(), next_page_token: page.next })
    }
}
