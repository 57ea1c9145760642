use contracts::dictionary::v1::{ListCodeSetsRequest, ListCodeSetsResponse};
use platform::access::Caller;
use platform::page::{self, Pager};

use crate::store::code_sets;
use crate::{Dictionary, Error, paging};

impl Dictionary {
    /// Lists the code sets of this build's release.
    pub(crate) async fn code_sets(
        &self,
        caller: &Caller,
        request: ListCodeSetsRequest,
    ) -> Result<ListCodeSetsResponse, Error> {
        let pager = Pager::new(&self.keys, caller, &[]);
        let (size, after) =
            (page::size(request.page_size), paging::slug_in(&pager, &request.page_token)?);
        let tx = self.database.read(caller).await?;
        let rows = code_sets::sets(&tx, &self.release, after, size + 1).await?;
        let page = paging::cut(rows, size, &pager, |set| set.slug.clone().into_bytes());
        Ok(ListCodeSetsResponse {
            code_sets: page.rows.into_iter().map(Into::into).collect(),
            next_page_token: page.next,
        })
    }
}
