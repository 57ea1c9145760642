use contracts::appeals::v1::{WithdrawAppealRequest, WithdrawAppealResponse};
use domain_appeals::state::Act;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::face::{self, id_in};
use crate::{Appeals, Error, FEED, store};

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
    let mut row = store::held(tx, id).await?;
    if row.version.to_string() != etag {
        return Err(Fault::StaleEtag.into());
    }
    row.state = row.state()?.after(Act::Withdraw)?.as_str().to_owned();
    let mut document = row.document()?;
    reason.clone_into(&mut document.withdrawal_reason);
    row.document = document.encoded();
    let former = row.version;
    (row.version, row.updated_at) = (former + 1, tx.clock().now());
    if !store::update(tx, &row, former).await? {
        return Err(Fault::StaleEtag.into());
    }
    store::replace_lines(tx, &row, &[]).await?;
    tx.emit(FEED, vec![face::told(&row, "appeal.withdrawn")?]).await?;
    Ok(WithdrawAppealResponse { appeal: Some(face::appeal(&row, row.updated_at)?) })
}
