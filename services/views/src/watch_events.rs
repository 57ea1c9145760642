use contracts::routing::v1::{WatchEventsRequest, WatchEventsResponse};
use feed::{CannotWatch, Wanted, watch};
use futures::StreamExt;
use futures::stream::BoxStream;
use platform::access::Caller;
use tonic::Status;

use super::Views;
use ledger::FEED;

/// The answer of `WatchEvents`.
pub type Events = BoxStream<'static, Result<WatchEventsResponse, Status>>;

impl Views {
    /// Streams the feed after a cursor.
    ///
    /// # Errors
    /// When the cursor names no event, or the database fails.
    pub async fn events(
        &self,
        caller: &Caller,
        request: WatchEventsRequest,
    ) -> Result<Events, CannotWatch> {
        let WatchEventsRequest { after_seq, types, stop_at_end } = request;
        let wanted = Wanted { after_seq, types, stop_at_end };
        let events = watch(&self.database, caller, FEED, wanted).await?;
        let answer = |event| WatchEventsResponse { event: Some(event) };
        Ok(events.map(move |event| event.map(answer)).boxed())
    }
}

#[cfg(test)]
mod tests;
