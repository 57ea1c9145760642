use contracts::routing::v1::{GetQueueRequest, GetQueueResponse};
use platform::access::Caller;
use platform::rejection::Violations;

use crate::standing::Lanes;
use crate::{Error, Queues, face, store, waiting};

impl Queues {
    /// Reads a queue with what waits in it.
    ///
    /// # Errors
    /// When there is no such queue, or the database fails.
    pub async fn get_queue(
        &self,
        caller: &Caller,
        request: GetQueueRequest,
    ) -> Result<GetQueueResponse, Error> {
        let mut violations = Violations::default();
        violations.text("id", &request.id, 96);
        violations.into_result()?;
        let tx = self.database.read(caller).await?;
        let row = store::named(&tx, &request.id).await?;
        let waiting =
            waiting::of_teams(&tx, &Lanes::of(&tx).await?, vec![row.team.clone()]).await?;
        Ok(GetQueueResponse { queue: Some(face::queue(&row, &waiting)?) })
    }
}
