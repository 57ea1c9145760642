use contracts::dictionary::v1::{SubmitChangeRequestRequest, SubmitChangeRequestResponse};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Violations;

use super::chamber::Chamber;
use super::{Matter, draft, etag, id};
use crate::{Dictionary, Error};

impl Dictionary {
    /// Puts a draft before the committee.
    pub(crate) async fn submit_change(
        &self,
        caller: &Caller,
        request: SubmitChangeRequestRequest,
    ) -> Result<SubmitChangeRequestResponse, Error> {
        let mut violations = Violations::default();
        etag(&mut violations, &request.etag);
        violations.into_result()?;
        let once = Once::of(&request.request_id, &request)?;
        self.act(caller, once, request.validate_only, move |tx| {
            Box::pin(async move {
                let matter = Matter::read(tx, id(&request.id)?, &request.etag).await?;
                draft::decided(&matter.edits)?;
                let chamber = Chamber::now(tx).await?;
                let changed = matter.ballot.submit()?.settle(&chamber.sitting());
                let matter = matter.keep(tx, changed, "change_request.submitted").await?;
                Ok(SubmitChangeRequestResponse { change_request: Some(matter.shown(tx).await?) })
            })
        })
        .await
    }
}
