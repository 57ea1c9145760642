use contracts::routing::v1::{Queue as Message, UpdateQueueRequest, UpdateQueueResponse};
use ledger::FEED;
use ledger::document::to_json;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;

use crate::create_queue::{beside_others, changed};
use crate::standing::Lanes;
use crate::store;
use crate::{Error, Queues, face, waiting};

/// What may be written.
const FIELDS: [&str; 7] =
    ["display_name", "facility_ids", "payer_ids", "kinds", "skill", "members", "lead"];

impl Queues {
    /// Writes the fields of the mask. Slug and team stay: they are what a queue is.
    ///
    /// # Errors
    /// When the etag is stale, the queue cannot be meant so, or the database fails.
    pub async fn update_queue(
        &self,
        caller: &Caller,
        request: UpdateQueueRequest,
    ) -> Result<UpdateQueueResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let sent = request.queue.unwrap_or_default();
        let paths = request.update_mask.unwrap_or_default().paths;
        let mut violations = Violations::default();
        violations.text("queue.id", &sent.id, 96);
        if sent.etag.is_empty() {
            violations.add("queue.etag", "is required: the one of the queue as last read");
        }
        if paths.is_empty() {
            violations.add("update_mask", format!("is required: {}", FIELDS.join(", ")));
        }
        for path in paths.iter().filter(|path| !FIELDS.contains(&path.as_str())) {
            violations.add("update_mask", format!("`{path:.96}` cannot be written"));
        }
        violations.into_result()?;
        self.database
            .mutate(caller, once, move |tx| Box::pin(async move { write(tx, sent, paths).await }))
            .await
    }
}

async fn write(
    tx: &TenantTx,
    sent: Message,
    paths: Vec<String>,
) -> Result<UpdateQueueResponse, Error> {
    let mut row = store::named(tx, &sent.id).await?;
    if row.version.to_string() != sent.etag {
        return Err(Fault::StaleEtag.into());
    }
    let mut message = face::queue(&row, &std::collections::BTreeMap::new())?;
    for path in paths {
        match path.as_str() {
            "display_name" => message.display_name.clone_from(&sent.display_name),
            "facility_ids" => message.facility_ids.clone_from(&sent.facility_ids),
            "payer_ids" => message.payer_ids.clone_from(&sent.payer_ids),
            "kinds" => message.kinds.clone_from(&sent.kinds),
            "skill" => message.skill.clone_from(&sent.skill),
            "members" => message.members.clone_from(&sent.members),
            _ => message.lead.clone_from(&sent.lead),
        }
    }
    let mut violations = Violations::default();
    let queue = face::read_queue(&message, &mut violations);
    violations.into_result()?;
    let queue = queue.ok_or(Fault::Broken("a violation was lost"))?;
    let former = row.version;
    row.display_name = message.display_name;
    row.queue = to_json(&queue);
    (row.version, row.updated_at) = (former + 1, tx.clock().now());
    if !store::update(tx, &row, former).await? {
        return Err(Fault::StaleEtag.into());
    }
    beside_others(tx, &queue).await?;
    tx.emit(FEED, vec![changed(&row, "queue.updated")]).await?;
    let waiting = waiting::of_teams(tx, &Lanes::of(tx).await?, vec![row.team.clone()]).await?;
    Ok(UpdateQueueResponse { queue: Some(face::queue(&row, &waiting)?) })
}
