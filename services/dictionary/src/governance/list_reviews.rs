use contracts::dictionary::v1::{ListReviewsRequest, ListReviewsResponse};
use platform::access::Caller;
use platform::page::{self, Pager};

use super::{Matter, id};
use crate::{Dictionary, Error, grpc, paging};

impl Dictionary {
    /// Lists the votes on a change, the oldest first, also those that no longer count.
    pub(crate) async fn reviews(
        &self,
        caller: &Caller,
        request: ListReviewsRequest,
    ) -> Result<ListReviewsResponse, Error> {
        let pager = Pager::new(&self.keys, caller, &[&request.change_request_id]);
        let (size, after) =
            (page::size(request.page_size), paging::number_in(&pager, &request.page_token)?);
        let tx = self.database.read(caller).await?;
        let matter = Matter::find(&tx, id(&request.change_request_id)?).await?;
        // Votes are only ever added, so a place in their list stays what it is.
        let from = after.unwrap_or_default();
        let rest = (1..).zip(&matter.ballot.reviews).filter(|(place, _)| *place > from);
        let most = usize::try_from(size).unwrap_or(usize::MAX).saturating_add(1);
        let rows: Vec<_> = rest.take(most).collect();
        let page =
            paging::cut(rows, size, &pager, |(place, _): &(i64, _)| place.to_be_bytes().to_vec());
        let reviews = page.rows.iter().map(|(_, review)| grpc::review(matter.row.id, review));
        Ok(ListReviewsResponse { reviews: reviews.collect(), next_page_token: page.next })
    }
}
