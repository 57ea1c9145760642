use contracts::routing::v1::{ClaimContext, UpsertClaimContextRequest, UpsertClaimContextResponse};
use ledger::claim_document::{CONTROL_NUMBER_MAX, normalized};
use ledger::{FEED, cases};
use platform::access::Caller;
use platform::clock::timestamp;
use platform::events::Event;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use prost::Message;
use serde_json::json;
use uuid::Uuid;

use crate::store::{self, Key, Row};
use crate::{CHANGED, ClaimContexts, parts};

impl ClaimContexts {
    /// Keeps what a partner system knows: parts that are later than what is known.
    ///
    /// # Errors
    /// When a field is no good, or the database fails.
    pub async fn upsert_claim_context(
        &self,
        caller: &Caller,
        request: UpsertClaimContextRequest,
    ) -> Result<UpsertClaimContextResponse, Fault> {
        let once = Once::of(&request.request_id, &request)?;
        let mut violations = Violations::default();
        let sent = request.claim_context.unwrap_or_default();
        let payer = Uuid::try_parse(&sent.payer_id).map_err(|_| "is not a UUID");
        let payer = violations.check("claim_context.payer_id", payer);
        let number = normalized(&sent.patient_control_number);
        violations.text("claim_context.patient_control_number", &number, CONTROL_NUMBER_MAX);
        parts::check(&sent, self.database.clock().now(), &mut violations);
        violations.into_result()?;
        let key = (payer.ok_or(Fault::Broken("a violation was lost"))?, number);
        self.database
            .mutate(caller, once, move |tx| Box::pin(async move { upsert(tx, key, sent).await }))
            .await
    }
}

async fn upsert(
    tx: &TenantTx,
    key: Key,
    sent: ClaimContext,
) -> Result<UpsertClaimContextResponse, Fault> {
    let now = tx.clock().now();
    let held = store::locked(tx, &key).await?;
    let mut known = held.as_ref().map(store::parts).transpose()?.unwrap_or_default();
    let changed = parts::lay_over(&mut known, sent);
    let content = known.encode_to_vec();
    let row = match held {
        Some(row) if changed.is_empty() => row,
        Some(row) => {
            let former = row.version;
            let row = Row { parts: content, version: former + 1, updated_at: now, ..row };
            store::update(tx, &row, former).await?;
            row
        }
        None => {
            let row = Row {
                tenant_id: Uuid::nil(),
                id: platform::ids::new(),
                payer_id: key.0,
                patient_control_number: key.1.clone(),
                parts: content,
                version: 1,
                created_at: now,
                updated_at: now,
            };
            if !store::insert(tx, row.clone()).await? {
                return Err(Fault::Contended);
            }
            row
        }
    };
    if !changed.is_empty() {
        // Open work learns of it in a job: it may have to be decided again.
        tx.schedule(CHANGED, row.id, now).await?;
        tx.emit(FEED, vec![told(&row, &known, &changed)]).await?;
    }
    let changed = !changed.is_empty();
    Ok(UpsertClaimContextResponse { claim_context: Some(shown(tx, row).await?), changed })
}

fn told(row: &Row, known: &ClaimContext, changed: &[&str]) -> Event {
    let payload = json!({
        "parts": changed,
        "payer_id": row.payer_id,
        "authorization": known.authorization.as_ref().map(|part| part.status().as_str_name()),
        "eligibility": known.eligibility.as_ref().map(|part| part.status().as_str_name()),
        "filing_proof": known.claim_edit.as_ref().map(|part| part.filing_proof().as_str_name()),
    });
    Event {
        kind: "claim_context.changed",
        subject: row.id,
        revision: String::new(),
        payload: payload.to_string().into_bytes(),
    }
}

/// A context as callers see it.
pub(crate) async fn shown(tx: &TenantTx, row: Row) -> Result<ClaimContext, Fault> {
    let known = store::parts(&row)?;
    let case = cases::of_payer(tx, &row.patient_control_number, row.payer_id).await?;
    Ok(ClaimContext {
        id: row.id.to_string(),
        case_id: case.map(|case| case.id.to_string()).unwrap_or_default(),
        patient_control_number: row.patient_control_number,
        payer_id: row.payer_id.to_string(),
        created_at: Some(timestamp(row.created_at)),
        updated_at: Some(timestamp(row.updated_at)),
        etag: row.version.to_string(),
        ..known
    })
}
