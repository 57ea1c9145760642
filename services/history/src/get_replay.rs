use contracts::dictionary::v1::ReplaySummary;
use contracts::routing::v1::{GetReplayRequest, GetReplayResponse};
use platform::access::Caller;
use platform::rejection::Fault;
use prost::Message;

use crate::{Replays, store, wire};

impl Replays {
    /// Reads what a replay found.
    ///
    /// # Errors
    /// When there is none with this id, or the database fails.
    pub async fn replay(
        &self,
        caller: &Caller,
        request: GetReplayRequest,
    ) -> Result<GetReplayResponse, Fault> {
        let id = wire::id(&request.id)?;
        let tx = self.database.read(caller).await?;
        let row = store::replay(&tx, id).await?.ok_or(Fault::NotFound)?;
        let replay = ReplaySummary::decode(row.summary.as_slice());
        let replay = replay.map_err(|_| Fault::Broken("a stored replay does not decode"))?;
        Ok(GetReplayResponse { replay: Some(replay) })
    }
}
