use contracts::dictionary::v1::{ListBaseRevisionsRequest, ListBaseRevisionsResponse};
use platform::access::Caller;

use crate::{Dictionary, Error};

impl Dictionary {
    /// Lists base dictionaries, the newest first.
    pub(crate) async fn base_revisions(
        &self,
        caller: &Caller,
        request: ListBaseRevisionsRequest,
    ) -> Result<ListBaseRevisionsResponse, Error> {
        Ok(self.bases.list(caller, request).await?)
    }
}
