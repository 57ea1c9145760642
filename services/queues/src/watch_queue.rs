use contracts::events::v1::Event;
use contracts::routing::v1::{WatchQueueRequest, WatchQueueResponse};
use feed::{CannotWatch, Wanted, watch};
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use ledger::FEED;
use ledger::reading::work_items;
use platform::access::Caller;
use platform::rejection::{Fault, Violations, reject};
use platform::tenant_tx::Database;
use serde::Deserialize;
use tonic::Status;
use uuid::Uuid;

use crate::standing::Lanes;
use crate::{Queues, store};

/// What the events of items are called.
const OF_ITEMS: &str = "work_item.";

/// The answer of `WatchQueue`.
pub type QueueEvents = BoxStream<'static, Result<WatchQueueResponse, Status>>;

impl Queues {
    /// Streams what happens to the items of a queue: those that are in it when their event is read,
    /// and those that its team gave away.
    ///
    /// # Errors
    /// When there is no such queue, the cursor names no event, or the database fails.
    pub async fn watch_queue(
        &self,
        caller: &Caller,
        request: WatchQueueRequest,
    ) -> Result<QueueEvents, CannotWatch> {
        let mut violations = Violations::default();
        violations.text("queue_id", &request.queue_id, 96);
        violations.into_result()?;
        let tx = self.database.read(caller).await.map_err(Fault::from)?;
        let row = store::named(&tx, &request.queue_id).await?;
        drop(tx);
        let WatchQueueRequest { after_seq, stop_at_end, .. } = request;
        let wanted = Wanted { after_seq, types: Vec::new(), stop_at_end };
        let events = watch(&self.database, caller, FEED, wanted).await?;
        let seen = Seen {
            database: self.database.clone(),
            caller: caller.clone(),
            slug: row.slug,
            team: row.team,
        };
        let in_queue = events.try_filter_map(move |event| {
            let seen = seen.clone();
            async move {
                let is_its = seen.has(&event).await.map_err(reject)?;
                Ok(is_its.then_some(WatchQueueResponse { event: Some(event) }))
            }
        });
        Ok(in_queue.boxed())
    }
}

/// What one stream looks through.
#[derive(Clone)]
struct Seen {
    database: Database,
    caller: Caller,
    slug: String,
    team: String,
}

impl Seen {
    /// Whether an event is about an item of the queue, or of one that its team gave away.
    async fn has(&self, event: &Event) -> Result<bool, Fault> {
        let Some(item) = Uuid::try_parse(&event.subject).ok() else { return Ok(false) };
        if !event.r#type.starts_with(OF_ITEMS) {
            return Ok(false);
        }
        if self.gave_away(event) {
            return Ok(true);
        }
        let tx = self.database.read(&self.caller).await?;
        let Some(row) = work_items::with_id(&tx, item).await? else { return Ok(false) };
        let lanes = Lanes::of(&tx).await?;
        Ok(lanes.of_item(&row)?.is_some_and(|queue| queue.slug == *self.slug))
    }

    fn gave_away(&self, event: &Event) -> bool {
        #[derive(Deserialize)]
        struct Payload {
            from_team: Option<String>,
        }
        let payload = serde_json::from_str::<Payload>(&event.payload_json);
        payload.is_ok_and(|payload| payload.from_team.as_ref() == Some(&self.team))
    }
}
