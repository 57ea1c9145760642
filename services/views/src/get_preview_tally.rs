use contracts::routing::v1::{GetPreviewTallyRequest, GetPreviewTallyResponse, PreviewTally};
use platform::access::Caller;
use platform::rejection::Fault;

use super::{Views, face, id_in};
use ledger::previews;

impl Views {
    /// Reads what a change on trial did on live intake.
    pub async fn get_preview_tally(
        &self,
        caller: &Caller,
        request: GetPreviewTallyRequest,
    ) -> Result<GetPreviewTallyResponse, Fault> {
        let id = id_in("preview_id", &request.preview_id)?;
        let tx = self.database.read(caller).await?;
        let row = previews::find(&tx, id).await?.ok_or(Fault::NotFound)?;
        let tally = PreviewTally {
            preview_id: request.preview_id,
            decided_count: row.decided,
            diverged_count: row.diverged,
            unmapped_count: row.unmapped,
            short_deadline_count: row.short,
            suspended_words: row.suspended_words,
            suspended_at: row.suspended_at.map(face::timestamp),
        };
        Ok(GetPreviewTallyResponse { preview_tally: Some(tally) })
    }
}
