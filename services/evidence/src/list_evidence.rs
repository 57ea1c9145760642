use contracts::routing::v1::{ListEvidenceRequest, ListEvidenceResponse};
use ledger::cases;
use platform::access::{Caller, Role};
use platform::page::{self, Pager};
use platform::rejection::Fault;
use views::id_in;

use crate::shown::{Asked, shown, withdrawn};
use crate::{Error, Evidence, store};

impl Evidence {
    /// Lists the documents of a case, the newest first; what was withdrawn for auditors alone.
    ///
    /// # Errors
    /// When there is no such case, the page token is no good, the caller may not see what was
    /// withdrawn, or the database fails.
    pub async fn list_evidence(
        &self,
        caller: &Caller,
        request: ListEvidenceRequest,
    ) -> Result<ListEvidenceResponse, Error> {
        let case = id_in("case_id", &request.case_id)?;
        if request.include_withdrawn && !caller.has_role(Role::Auditor) {
            return Err(Error::AuditorsOnly);
        }
        let which = request.include_withdrawn.to_string();
        let pager = Pager::new(&self.keys, caller, &[&request.case_id, &which]);
        let size = page::size(request.page_size);
        let before = page::id_in(&pager, &request.page_token)?;
        let tx = self.database.read(caller).await?;
        cases::with_id(&tx, case).await?.ok_or(Fault::NotFound)?;
        let mut gone = store::withdrawals(&tx, &[case]).await?;
        let left_out =
            if request.include_withdrawn { Vec::new() } else { gone.keys().copied().collect() };
        let rows = store::page(&tx, (case, left_out), before, size + 1).await?;
        let page = page::cut(rows, size, &pager, |row| row.id.as_bytes().to_vec());
        let asked = Asked::of(&tx, case).await?;
        let documents = page.rows.into_iter().map(|row| match gone.remove(&row.id) {
            Some(withdrawal) => withdrawn(row, &asked, withdrawal),
            None => shown(row, &asked),
        });
        Ok(ListEvidenceResponse {
            documents: documents.collect::<Result<_, _>>()?,
            next_page_token: page.next,
        })
    }
}
