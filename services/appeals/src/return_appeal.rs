use chrono::NaiveDate;
use contracts::appeals::v1::{ReturnAppealRequest, ReturnAppealResponse};
use domain_appeals::state::Act;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::face::id_in;
use crate::{Appeals, Error, acts};

/// The most characters of a reason.
const REASON_MAX: usize = 1_000;

impl Appeals {
    /// Records that the payer sent an appeal back; what is sent again keeps its first day.
    ///
    /// # Errors
    /// When the etag is stale, it was not sent, a field is no good, or the database fails.
    pub(crate) async fn return_appeal(
        &self,
        caller: &Caller,
        request: ReturnAppealRequest,
    ) -> Result<ReturnAppealResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("id", &request.id)?;
        let mut violations = Violations::default();
        violations.text("etag", &request.etag, 64);
        let reason = request.reason.trim().to_owned();
        violations.text("reason", &reason, REASON_MAX);
        let on = acts::day_in("returned_on", request.returned_on, &mut violations);
        violations.into_result()?;
        let on = on.ok_or(Fault::Broken("a violation was lost"))?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { write(tx, (id, &request.etag), reason, on).await })
            })
            .await
    }
}

async fn write(
    tx: &TenantTx,
    (id, etag): (Uuid, &str),
    reason: String,
    on: NaiveDate,
) -> Result<ReturnAppealResponse, Error> {
    let mut row = acts::begun(tx, id, etag, Act::Return).await?;
    let mut document = row.document()?;
    let sent_on = document.submissions.last().map(|sent| sent.filed_on);
    let today = document.zone.day_of(tx.clock().now());
    acts::since_sent("returned_on", on, sent_on, today)?;
    (document.return_reason, document.returned_on) = (reason, Some(on));
    row.document = document.encoded();
    Ok(ReturnAppealResponse { appeal: Some(acts::written(tx, row, "appeal.returned").await?) })
}
