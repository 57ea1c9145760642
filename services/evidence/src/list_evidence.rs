use contracts::routing::v1::{ListEvidenceRequest, ListEvidenceResponse};
use ledger::cases;
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::Fault;
use views::id_in;

use crate::shown::{Asked, shown};
use crate::{Error, Evidence, store};

impl Evidence {
    /// Lists the documents of a case, the newest first.
    ///
    /// # Errors
    /// When there is no such case, the page token is no good, or the database fails.
    pub async fn list_evidence(
        &self,
        caller: &Caller,
        request: ListEvidenceRequest,
    ) -> Result<ListEvidenceResponse, Error> {
        let case = id_in("case_id", &request.case_id)?;
        let pager = Pager::new(&self.keys, caller, &[&request.case_id]);
        let size = page::size(request.page_size);
        let before = page::id_in(&pager, &request.page_token)?;
        let tx = self.database.read(caller).await?;
        cases::with_id(&tx, case).await?.ok_or(Fault::NotFound)?;
        let rows = store::page(&tx, case, before, size + 1).await?;
        let page = page::cut(rows, size, &pager, |row| row.id.as_bytes().to_vec());
        let asked = Asked::of(&tx, case).await?;
        let documents = page.rows.into_iter().map(|row| shown(row, &asked));
        Ok(ListEvidenceResponse {
            documents: documents.collect::<Result<_, _>>()?,
            next_page_token: page.next,
        })
    }
}
