use contracts::routing::v1::{WithdrawEvidenceRequest, WithdrawEvidenceResponse};
use ledger::{FEED, cases};
use platform::access::{Caller, Role};
use platform::events::Event;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use serde_json::json;
use uuid::Uuid;
use views::id_in;

use crate::refresh::{Cause, refresh};
use crate::shown::{Asked, withdrawn};
use crate::store::{self, Withdrawal};
use crate::{Error, Evidence};

/// What the feed calls it.
const WITHDRAWN: &str = "evidence.withdrawn";

impl Evidence {
    /// Takes a document that was filed by mistake out of what is on file, and compares the
    /// checklists of its claim's work anew. What was sent with it stays as it was.
    ///
    /// # Errors
    /// When there is no such document, it was withdrawn before, the caller may not, or the
    /// database fails.
    pub async fn withdraw_evidence(
        &self,
        caller: &Caller,
        request: WithdrawEvidenceRequest,
    ) -> Result<WithdrawEvidenceResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("id", &request.id)?;
        let reason = request.reason.trim().to_owned();
        let length = reason.chars().count();
        let mut violations = Violations::default();
        if length == 0 || length > 1_000 {
            violations.add("reason", "must have 1 to 1,000 characters");
        }
        violations.into_result()?;
        self.database
            .mutate(caller, once, move |tx| Box::pin(async move { take_out(tx, id, reason).await }))
            .await
    }
}

async fn take_out(
    tx: &TenantTx,
    id: Uuid,
    reason: String,
) -> Result<WithdrawEvidenceResponse, Error> {
    let row = store::find(tx, id).await?.ok_or(Fault::NotFound)?;
    let caller = tx.caller();
    let any = [Role::Specialist, Role::TeamLead].into_iter().any(|role| caller.has_role(role));
    if !any && row.uploaded_by != caller.actor() {
        return Err(Error::NotTheUploader);
    }
    let case = row.case_id;
    cases::lock(tx, &[case]).await?;
    if store::withdrawal(tx, id).await?.is_some() {
        return Err(Error::Withdrawn);
    }
    let actor = caller.actor().to_owned();
    let words = format!("withdrew the document {id}, because {reason}");
    let withdrawal = Withdrawal {
        tenant_id: Uuid::nil(),
        document_id: id,
        case_id: case,
        reason,
        withdrawn_by: actor.clone(),
        withdrawn_at: tx.clock().now(),
    };
    store::withdraw(tx, withdrawal.clone()).await?;
    let standards = row.standards()?;
    let payload = json!({ "case": case, "standards": standards }).to_string().into_bytes();
    let event = Event { kind: WITHDRAWN, subject: id, revision: String::new(), payload };
    tx.emit(FEED, vec![event]).await?;
    refresh(tx, &[case], &Cause { actor, words, standards }).await?;
    let asked = Asked::of(tx, case).await?;
    Ok(WithdrawEvidenceResponse { document: Some(withdrawn(row, &asked, withdrawal)?) })
}
