use contracts::routing::v1::{CreateQueueRequest, CreateQueueResponse};
use domain_work::queue::{Queue, check};
use ledger::FEED;
use ledger::document::to_json;
use platform::access::Caller;
use platform::events::Event;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violation, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::standing::Lanes;
use crate::store::{self, QueueRow};
use crate::{Error, Queues, face, waiting};

impl Queues {
    /// Creates a queue.
    ///
    /// # Errors
    /// When it cannot be meant so, its slug is in use, or the database fails.
    pub async fn create_queue(
        &self,
        caller: &Caller,
        request: CreateQueueRequest,
    ) -> Result<CreateQueueResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let sent = request.queue.unwrap_or_default();
        let mut violations = Violations::default();
        let queue = face::read_queue(&sent, &mut violations);
        violations.into_result()?;
        let queue = queue.ok_or(Fault::Broken("a violation was lost"))?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { store_new(tx, queue, sent.display_name).await })
            })
            .await
    }
}

async fn store_new(
    tx: &TenantTx,
    queue: Queue,
    display_name: String,
) -> Result<CreateQueueResponse, Error> {
    let now = tx.clock().now();
    let row = QueueRow {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        slug: queue.slug.to_string(),
        display_name,
        team: queue.scope.team.to_string(),
        queue: to_json(&queue),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    if !store::insert(tx, row.clone()).await? {
        return Err(Error::SlugTaken);
    }
    beside_others(tx, &queue).await?;
    tx.emit(FEED, vec![changed(&row, "queue.created")]).await?;
    let waiting = waiting::of_teams(tx, &Lanes::of(tx).await?, vec![row.team.clone()]).await?;
    Ok(CreateQueueResponse { queue: Some(face::queue(&row, &waiting)?) })
}

/// Refuses a queue that contradicts itself or the others, which stand in the transaction by then.
pub(crate) async fn beside_others(tx: &TenantTx, queue: &Queue) -> Result<(), Error> {
    let rows = store::all(tx).await?;
    let queues: Vec<Queue> = rows.iter().map(store::rules).collect::<Result<_, _>>()?;
    let about = check(&queues)
        .into_iter()
        .filter(|it| it.queue == queue.slug || it.other.as_ref() == Some(&queue.slug));
    let violations: Vec<Violation> = about
        .map(|defect| Violation {
            field: format!("queue.{}", defect.field),
            description: format!("queue `{}` {}", defect.queue, defect.words),
        })
        .collect();
    if violations.is_empty() { Ok(()) } else { Err(Error::Contradicts(violations)) }
}

/// Tells the feed of a queue.
pub(crate) fn changed(row: &QueueRow, kind: &'static str) -> Event {
    let payload = serde_json::json!({ "slug": row.slug, "team": row.team });
    let payload = payload.to_string().into_bytes();
    Event { kind, subject: row.id, revision: String::new(), payload }
}
