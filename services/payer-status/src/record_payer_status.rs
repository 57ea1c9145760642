use std::collections::BTreeSet;

use contracts::routing::v1::RecordPayerStatusResponse;
use ledger::entity::case;
use ledger::{FEED, cases};
use platform::access::Caller;
use platform::events::Event;
use platform::idempotency::Once;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use serde_json::json;
use uuid::Uuid;

use crate::effects::{self, RECORDED};
use crate::list_payer_statuses::shown;
use crate::sent::Sent;
use crate::store::{self, Heard, Status};
use crate::{Ground, PayerStatuses, silent};

/// The shortest number of a payer that tells claims apart: some send `0` or `NA` for all of them.
const TELLING: usize = 5;

impl PayerStatuses {
    /// Keeps a status and lets it have its effect on work.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_payer_status(
        &self,
        caller: &Caller,
        once: Once,
        sent: Sent,
        ground: Ground,
    ) -> Result<RecordPayerStatusResponse, Fault> {
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { record(tx, &sent, &ground).await })
            })
            .await
    }
}

async fn record(
    tx: &TenantTx,
    sent: &Sent,
    ground: &Ground,
) -> Result<RecordPayerStatusResponse, Fault> {
    silent::begin_to_listen(tx).await?;
    let case = found(tx, sent).await?;
    let number = match &case {
        Some(case) => &case.patient_control_number,
        None => &sent.control_number.0,
    };
    let row = row(tx, sent, case.as_ref().map_or(Uuid::nil(), |case| case.id));
    store::keep(tx, row.clone()).await?;
    let (mut item, mut late) = (None, false);
    // Of a claim that nobody knows, named by the payer's number alone, nothing can be done.
    if !number.is_empty() {
        let mut heard = store::heard(tx, sent.payer, number).await?;
        late = is_late(&heard, sent);
        if !late {
            heard.stated_at = sent.stated_at;
            sent.outcome.as_str().clone_into(&mut heard.outcome);
            item = effects::act(tx, ground, sent, case.as_ref(), &mut heard).await?;
            store::write(tx, &heard).await?;
        }
    }
    tx.emit(FEED, vec![recorded(&row, item, late)]).await?;
    let id = row.case_id;
    Ok(RecordPayerStatusResponse {
        payer_status: Some(shown(row, id)),
        work_item_id: item.map(|item| item.to_string()).unwrap_or_default(),
    })
}

/// Whether a claim's last word stands over a status: it is later, or says the same.
fn is_late(heard: &Heard, sent: &Sent) -> bool {
    let said = heard.outcome == sent.outcome.as_str();
    heard.stated_at > sent.stated_at || (heard.stated_at == sent.stated_at && said)
}

/// The case of a status.
async fn found(tx: &TenantTx, sent: &Sent) -> Result<Option<case::Model>, Fault> {
    if !sent.control_number.0.is_empty() {
        let case = cases::of_payer(tx, &sent.control_number.0, sent.payer).await?;
        if case.is_some() {
            return Ok(case);
        }
    }
    let number = &sent.payer_number.0;
    let first = number.chars().next();
    if number.len() < TELLING || number.chars().all(|sign| Some(sign) == first) {
        return Ok(None);
    }
    let numbered = cases::numbered(tx, vec![number.clone()]).await?;
    let of_payer = numbered.iter().filter(|one| one.payer_id == sent.payer);
    let found: BTreeSet<Uuid> = of_payer.map(|one| one.case_id).collect();
    match (found.first(), found.len()) {
        (Some(case), 1) => Ok(cases::with_id(tx, *case).await?),
        _ => Ok(None),
    }
}

fn row(tx: &TenantTx, sent: &Sent, case: Uuid) -> Status {
    Status {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        case_id: case,
        payer_id: sent.payer,
        patient_control_number: sent.control_number.0.clone(),
        payer_claim_number: sent.payer_number.0.clone(),
        source: sent.source.as_str().to_owned(),
        category_code: sent.category.clone(),
        status_code: sent.status.clone(),
        entity_code: sent.entity.clone(),
        outcome: sent.outcome.as_str().to_owned(),
        note: sent.note.0.clone(),
        stated_at: sent.stated_at,
        created_at: tx.clock().now(),
    }
}

/// The event of a status: codes and ids, no numbers and no note.
fn recorded(row: &Status, item: Option<Uuid>, late: bool) -> Event {
    let payload = json!({
        "case": row.case_id,
        "payer_id": row.payer_id,
        "source": row.source,
        "category_code": row.category_code,
        "status_code": row.status_code,
        "entity_code": row.entity_code,
        "outcome": row.outcome,
        "work_item": item,
        "late": late,
    });
    Event {
        kind: RECORDED,
        subject: row.id,
        revision: String::new(),
        payload: payload.to_string().into_bytes(),
    }
}
