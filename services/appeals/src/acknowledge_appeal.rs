use chrono::NaiveDate;
use contracts::appeals::v1::{AcknowledgeAppealRequest, AcknowledgeAppealResponse};
use domain_appeals::state::Act;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::face::id_in;
use crate::{Appeals, Error, acts};

/// The most characters of a payer's number.
const REFERENCE_MAX: usize = 100;

impl Appeals {
    /// Records that the payer has an appeal.
    ///
    /// # Errors
    /// When the etag is stale, it was not sent, a field is no good, or the database fails.
    pub(crate) async fn acknowledge_appeal(
        &self,
        caller: &Caller,
        request: AcknowledgeAppealRequest,
    ) -> Result<AcknowledgeAppealResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("id", &request.id)?;
        let mut violations = Violations::default();
        violations.text("etag", &request.etag, 64);
        let reference = request.payer_reference.trim().to_owned();
        violations.text("payer_reference", &reference, REFERENCE_MAX);
        let on = acts::day_in("acknowledged_on", request.acknowledged_on, &mut violations);
        violations.into_result()?;
        let on = on.ok_or(Fault::Broken("a violation was lost"))?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { write(tx, (id, &request.etag), reference, on).await })
            })
            .await
    }
}

async fn write(
    tx: &TenantTx,
    (id, etag): (Uuid, &str),
    reference: String,
    on: NaiveDate,
) -> Result<AcknowledgeAppealResponse, Error> {
    let mut row = acts::begun(tx, id, etag, Act::Acknowledge).await?;
    let mut document = row.document()?;
    let sent_on = document.submissions.last().map(|sent| sent.filed_on);
    let today = document.zone.day_of(tx.clock().now());
    acts::since_sent("acknowledged_on", on, sent_on, today)?;
    (document.payer_reference, document.acknowledged_on) = (reference, Some(on));
    row.document = document.encoded();
    let appeal = acts::written(tx, row, "appeal.acknowledged").await?;
    Ok(AcknowledgeAppealResponse { appeal: Some(appeal) })
}
