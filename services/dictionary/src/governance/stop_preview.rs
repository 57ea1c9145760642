use contracts::dictionary::v1::{StopPreviewRequest, StopPreviewResponse};
use contracts::routing::v1::PreviewTally;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;

use super::preview::{self, End};
use super::{Refusal, etag, id, prose};
use crate::{Dictionary, Error, grpc};
use registry::previews::{Preview, RUNNING};

impl Dictionary {
    /// Ends a preview; what a canary decided is decided again under the active revision.
    pub(crate) async fn stop_preview(
        &self,
        caller: &Caller,
        request: StopPreviewRequest,
    ) -> Result<StopPreviewResponse, Error> {
        let mut violations = Violations::default();
        prose(&mut violations, "reason", &request.reason, 1_000);
        etag(&mut violations, &request.etag);
        violations.into_result()?;
        let once = Once::of(&request.request_id, &request)?;
        let tally = self.tally(caller, id(&request.id)?).await?;
        self.act(caller, once, request.validate_only, move |tx| {
            Box::pin(async move {
                let row = preview::found(tx, id(&request.id)?).await?;
                if row.version.to_string() != request.etag {
                    return Err(Fault::StaleEtag.into());
                }
                let row = stop(tx, row, &tally, request.reason).await?;
                Ok(StopPreviewResponse { preview: Some(grpc::preview(row, &tally)?) })
            })
        })
        .await
    }
}

async fn stop(
    tx: &TenantTx,
    mut row: Preview,
    tally: &PreviewTally,
    reason: String,
) -> Result<Preview, Error> {
    // That a limit was passed stays on record.
    if row.state == RUNNING && !tally.suspended_words.is_empty() {
        row = preview::keep(tx, row, End::Suspended(tally.suspended_words.clone())).await?;
    }
    if row.state != RUNNING && row.state != "suspended" {
        let words = format!("a preview that is {} cannot be stopped", row.state);
        return Err(Error::Refused(Refusal::InvalidTransition, words));
    }
    preview::keep(tx, row, End::Stopped(reason)).await
}
