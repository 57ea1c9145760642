use contracts::dictionary::v1::{ListBaseRevisionsRequest, ListBaseRevisionsResponse, Revision};
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::Fault;

use crate::{Bases, newest, store};

impl Bases {
    /// Lists bases, the newest first.
    ///
    /// # Errors
    /// When the page token is another list's, or the database fails.
    pub async fn list(
        &self,
        caller: &Caller,
        request: ListBaseRevisionsRequest,
    ) -> Result<ListBaseRevisionsResponse, Fault> {
        let pager = Pager::new(&self.keys, caller, &[]);
        let size = page::size(request.page_size);
        let before = match pager.read(&request.page_token)? {
            None => None,
            Some(bytes) => {
                Some(i64::from_be_bytes(bytes.try_into().map_err(|_| Fault::PageToken)?))
            }
        };
        let tx = self.database.read(caller).await?;
        let start = newest(&tx).await?.number;
        let mut bases = store::page(&tx, before, size + 1).await?;
        let more = u64::try_from(bases.len()).is_ok_and(|read| read > size);
        bases.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        let last = bases.last().filter(|_| more).map(|base| base.number.to_be_bytes());
        let shown = bases.into_iter().map(|base| Revision {
            active: base.number == start,
            activated_at: base.described.created_at.filter(|_| base.number == start),
            ..base.described
        });
        Ok(ListBaseRevisionsResponse {
            revisions: shown.collect(),
            next_page_token: last.map(|last| pager.token(&last)).unwrap_or_default(),
        })
    }
}
