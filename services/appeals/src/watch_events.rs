use contracts::appeals::v1::{WatchEventsRequest, WatchEventsResponse};
use feed::{CannotWatch, Wanted, watch};
use futures::StreamExt;
use futures::stream::BoxStream;
use platform::access::Caller;
use tonic::Status;

use crate::{Appeals, FEED};

/// The answer of `WatchEvents`.
pub(crate) type Events = BoxStream<'static, Result<WatchEventsResponse, Status>>;

impl Appeals {
    /// Streams the feed after a cursor.
    ///
    /// # Errors
    /// When the cursor names no event, or the database fails.
    pub(crate) async fn events(
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
