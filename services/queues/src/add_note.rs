use contracts::routing::v1::{AddNoteRequest, AddNoteResponse};
use ledger::reading::work_items;
use ledger::timeline;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use views::id_in;

use crate::{Error, Queues, face};

/// What the timeline calls a note.
const NOTE: &str = "note";

impl Queues {
    /// Adds a note; anybody who may read the item may, whoever holds it.
    ///
    /// # Errors
    /// When there is no such item, the text is no good, or the database fails.
    pub async fn add_note(
        &self,
        caller: &Caller,
        request: AddNoteRequest,
    ) -> Result<AddNoteResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let item = id_in("work_item_id", &request.work_item_id)?;
        let mut violations = Violations::default();
        let text = request.text.trim().to_owned();
        let length = text.chars().count();
        if length == 0 || length > 4_000 {
            violations.add("text", "must have 1 to 4,000 characters");
        }
        violations.into_result()?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move {
                    work_items::with_id(tx, item).await?.ok_or(Fault::NotFound)?;
                    let line = timeline::line(tx, item, NOTE, tx.caller().actor(), text);
                    timeline::tell(tx, vec![line.clone()]).await?;
                    Ok(AddNoteResponse { timeline_item: Some(face::line(line)) })
                })
            })
            .await
    }
}
