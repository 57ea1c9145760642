use contracts::appeals::v1::{WithdrawAppealRequest, WithdrawAppealResponse};
use domain_appeals::state::Act;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Violations;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::face::id_in;
use crate::{Appeals, Error, acts, store};

/// The most characters of a reason.
const REASON_MAX: usize = 1_000;

impl Appeals {
    /// Takes an appeal back; its lines may be appealed again.
    ///
    /// # Errors
    /// When the etag is stale, the appeal is over, or the database fails.
    pub(crate) async fn withdraw_appeal(
        &self,
        caller: &Caller,
        request: WithdrawAppealRequest,
    ) -> Result<WithdrawAppealResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("id", &request.id)?;
        let mut violations = Violations::default();
        violations.text("etag", &request.etag, 64);
        violations.text("reason", request.reason.trim(), REASON_MAX);
        violations.into_result()?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { write(tx, id, &request.etag, request.reason.trim()).await })
            })
            .await
    }
}

async fn write(
    tx: &TenantTx,
    id: Uuid,
    etag: &str,
    reason: &str,
) -> Result<WithdrawAppealResponse, Error> {
    let mut row = acts::begun(tx, id, etag, Act::Withdraw).await?;
    let mut document = row.document()?;
    reason.clone_into(&mut document.withdrawal_reason);
    row.document = document.encoded();
    store::replace_lines(tx, &row, &[]).await?;
    Ok(WithdrawAppealResponse { appeal: Some(acts::written(tx, row, "appeal.withdrawn").await?) })
}
