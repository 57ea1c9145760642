use contracts::dictionary::v1::{ListCodeSetReleasesRequest, ListCodeSetReleasesResponse};
use platform::access::Caller;
use platform::page::{self, Pager};

use crate::store::releases::{own, published};
use crate::{CodeSets, Error, face};

impl CodeSets {
    /// Lists the releases of the tenant's own and those for everybody, the newest import first.
    ///
    /// # Errors
    /// When the page token is of another list, or the database fails.
    pub async fn list_code_set_releases(
        &self,
        caller: &Caller,
        request: ListCodeSetReleasesRequest,
    ) -> Result<ListCodeSetReleasesResponse, Error> {
        let set = &request.code_set;
        let pager = Pager::new(&self.keys, caller, &[set]);
        let (size, before) =
            (page::size(request.page_size), page::id_in(&pager, &request.page_token)?);
        let tx = self.database.read(caller).await?;
        let mut rows = own::page(&tx, set, before, size + 1).await?;
        rows.extend(published::page(&tx, set, before, size + 1).await?);
        rows.sort_by_key(|release| std::cmp::Reverse(release.id));
        let page = page::cut(rows, size, &pager, |release| release.id.as_bytes().to_vec());
        Ok(ListCodeSetReleasesResponse {
            code_set_releases: page.rows.into_iter().map(face::release).collect(),
            next_page_token: page.next,
        })
    }
}
