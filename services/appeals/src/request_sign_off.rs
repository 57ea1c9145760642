use contracts::appeals::v1::{RequestSignOffRequest, RequestSignOffResponse};
use domain_appeals::state::Act;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Violations;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::face::id_in;
use crate::{Appeals, Error, acts};

impl Appeals {
    /// Puts an appeal of which nothing is missing before its reviewers; one that needs none, or has
    /// them, is ready.
    ///
    /// # Errors
    /// When the etag is stale, it was sent, something is missing, or the database fails.
    pub(crate) async fn request_sign_off(
        &self,
        caller: &Caller,
        request: RequestSignOffRequest,
    ) -> Result<RequestSignOffResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("id", &request.id)?;
        let mut violations = Violations::default();
        violations.text("etag", &request.etag, 64);
        violations.into_result()?;
        let missing = self.missing(caller, id, &request.etag, Act::RequestSignOff).await?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { write(tx, (id, &request.etag), missing).await })
            })
            .await
    }
}

async fn write(
    tx: &TenantTx,
    (id, etag): (Uuid, &str),
    missing: Vec<String>,
) -> Result<RequestSignOffResponse, Error> {
    let mut row = acts::begun(tx, id, etag, Act::RequestSignOff).await?;
    if !missing.is_empty() {
        return Err(Error::Incomplete(missing.join("; ")));
    }
    if row.document()?.unsigned().is_empty() {
        row.state = row.state()?.after(Act::Clear)?.as_str().to_owned();
    }
    let kind = "appeal.sign_off_requested";
    Ok(RequestSignOffResponse { appeal: Some(acts::written(tx, row, kind).await?) })
}
