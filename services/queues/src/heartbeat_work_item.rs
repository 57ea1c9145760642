use contracts::routing::v1::{HeartbeatWorkItemRequest, HeartbeatWorkItemResponse};
use platform::access::Caller;
use views::id_in;

use crate::taken::Taken;
use crate::{Error, Queues, face, worker};

impl Queues {
    /// Extends the lease of its holder; whatever is asked twice is extended twice.
    ///
    /// # Errors
    /// When the lease is lost, or the database fails.
    pub async fn heartbeat_work_item(
        &self,
        caller: &Caller,
        request: HeartbeatWorkItemRequest,
    ) -> Result<HeartbeatWorkItemResponse, Error> {
        let id = id_in("id", &request.id)?;
        let tx = self.database.begin(caller).await?;
        let taken = Taken::find(&tx, id).await?;
        let step = taken.hold.heartbeat(worker(caller)?, request.fencing_number, taken.now)?;
        let lease = face::lease(id, &step.hold)?;
        taken.keep(&tx, step).await?;
        tx.commit().await?;
        Ok(HeartbeatWorkItemResponse { lease: Some(lease) })
    }
}
