use contracts::dictionary::v1::{ListReviewsRequest, ListReviewsResponse};
use platform::access::Caller;
use platform::page::{self, Pager};

use super::{Matter, id};
use crate::{Dictionary, Error, grpc};

impl Dictionary {
    /// Lists the votes on a change, the oldest first, also those that no longer count.
    pub(crate) async fn reviews(
        &self,
        caller: &Caller,
        request: ListReviewsRequest,
    ) -> Result<ListReviewsResponse, Error> {
        let pager = Pager::new(&self.keys, caller, &[&request.change_request_id]);
        let size = page::size(request.page_size);
        let tx = self.database.read(caller).await?;
        let matter = Matter::find(&tx, id(&request.change_request_id)?).await?;
        // Votes are only ever added, so a place in their list stays what it is.
        let page = page::of_places(&matter.ballot.reviews, size, &pager, &request.page_token)?;
        let reviews = page.rows.into_iter().map(|review| grpc::review(matter.row.id, review));
        Ok(ListReviewsResponse { reviews: reviews.collect(), next_page_token: page.next })
    }
}
