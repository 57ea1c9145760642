use contracts::appeals::v1::WatchEventsRequest;
use contracts::appeals::v1::appeals_service_client::AppealsServiceClient;
use futures::future::BoxFuture;
use futures::{StreamExt, TryStreamExt};
use platform::access::{Caller, Errand};
use platform::wire::Wire;
use tonic::Status;

use crate::Events;

/// The events of appeals after `seq`, up to the newest; of these types, or all where none is named.
/// What a consumer of that feed opens: asked on the errand, which needs `appeals.watch_events`.
pub fn of_appeals<'a>(
    appeals: &Wire,
    errand: &Errand,
    (caller, seq): (&Caller, i64),
    types: &[&str],
) -> BoxFuture<'a, Result<Events, Status>> {
    let mut appeals = AppealsServiceClient::new(appeals.as_caller(&errand.of(caller)));
    let types = types.iter().map(|kind| (*kind).to_owned()).collect();
    Box::pin(async move {
        let request = WatchEventsRequest { after_seq: seq, types, stop_at_end: true };
        let events = appeals.watch_events(request).await?.into_inner();
        Ok(events.map_ok(|answer| answer.event.unwrap_or_default()).boxed())
    })
}
