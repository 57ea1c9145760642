use contracts::routing::v1::{RedecideWorkItemsRequest, RedecideWorkItemsResponse};
use platform::access::Caller;
use platform::idempotency::Once;

use crate::Routing;
use crate::error::Error;

impl Routing {
    /// Begins to bring open work under the active revision, or says how far that is.
    pub(crate) async fn redecide_work_items(
        &self,
        caller: &Caller,
        request: RedecideWorkItemsRequest,
    ) -> Result<RedecideWorkItemsResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let begun = self.redecisions.begin(caller, once).await?;
        let redecision = self.views.redecision(caller, begun.id).await?;
        Ok(RedecideWorkItemsResponse { redecision: Some(redecision) })
    }
}
