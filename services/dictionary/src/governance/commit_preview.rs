use contracts::dictionary::v1::{CommitPreviewRequest, CommitPreviewResponse, PreviewState};
use contracts::routing::v1::PreviewTally;
use domain_governance::ballot::{Stage, State};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use super::{Matter, Refusal, activate_revision, etag, id, log, preview};
use crate::{Dictionary, Error, grpc};
use registry::previews::{Preview, RUNNING};

impl Dictionary {
    /// Activates the change of a canary, as `ActivateRevision` would now.
    pub(crate) async fn commit_preview(
        &self,
        caller: &Caller,
        request: CommitPreviewRequest,
    ) -> Result<CommitPreviewResponse, Error> {
        let mut violations = Violations::default();
        etag(&mut violations, &request.etag);
        violations.into_result()?;
        let once = Once::of(&request.request_id, &request)?;
        let (id, validate_only) = (id(&request.id)?, request.validate_only);
        // What ended it is on record even where this call is refused for it.
        let tally = if validate_only {
            self.tally(caller, id).await?
        } else {
            self.looked_at(caller, id).await?.1
        };
        self.act(caller, once, validate_only, move |tx| {
            Box::pin(async move {
                let row = commit(tx, id, &request.etag, &tally).await?;
                Ok(CommitPreviewResponse { preview: Some(grpc::preview(row, &tally)?) })
            })
        })
        .await
    }
}

async fn commit(
    tx: &TenantTx,
    id: Uuid,
    etag: &str,
    tally: &PreviewTally,
) -> Result<Preview, Error> {
    let log = log::settled(tx).await?;
    let mut row = preview::found(tx, id).await?;
    let stale = row.version.to_string() != etag;
    if let Some(end) = preview::ending(tx, &row, tally).await? {
        row = preview::keep(tx, row, end).await?;
    }
    let refused = |words| Err(Error::Refused(Refusal::InvalidTransition, words));
    if row.state != RUNNING {
        let why = [&row.suspended_words, &row.stopped_words].map(String::as_str).join("");
        let why = if why.is_empty() { why } else { format!(": {why}") };
        return refused(format!("a preview that is {} cannot be committed{why}", row.state));
    }
    if stale {
        return Err(Fault::StaleEtag.into());
    }
    if preview::stage(&row)? != Stage::Canary {
        let words = "a shadow run has no effect to keep; start a canary, or activate the change";
        return refused(words.to_owned());
    }
    let mut matter = Matter::find(tx, row.change_request_id).await?;
    if matter.ballot.state == State::Scheduled {
        // Now is another time than it was given.
        matter.ballot = matter.ballot.cancel_schedule()?;
    }
    let matter = activate_revision::now(tx, matter, &log).await?;
    // Whoever keeps the change ends its preview, unless somebody stopped it at the same time.
    let row = preview::found(tx, id).await?;
    if matter.ballot.state == State::Activated && preview::state(&row) != PreviewState::Committed {
        return Err(Fault::Contended.into());
    }
    Ok(row)
}
