use contracts::routing::v1::{SetEvidenceStateRequest, SetEvidenceStateResponse};
use domain::dictionary::Slug;
use domain_work::checklist::{EvidenceState, Said};
use ledger::document::WorkDocument;
use ledger::reading::work_items;
use ledger::{cases, held};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;
use views::{Views, id_in};

use crate::refresh::{Cause, refresh};
use crate::{Error, Evidence, store};

impl Evidence {
    /// Keeps a person's word of whether something is on file, for every item of the claim.
    ///
    /// # Errors
    /// When the caller may not work the item, a field is no good, or the database fails.
    pub async fn set_evidence_state(
        &self,
        caller: &Caller,
        request: SetEvidenceStateRequest,
    ) -> Result<SetEvidenceStateResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let item = id_in("work_item_id", &request.work_item_id)?;
        let mut violations = Violations::default();
        violations.text("etag", &request.etag, 64);
        let state = request.state().as_str_name().strip_prefix("EVIDENCE_STATE_");
        let state = state.and_then(EvidenceState::parse);
        if state.is_none() {
            violations.add("state", "must be PRESENT, WAIVED or MISSING");
        }
        let standard = Slug::new(request.standard).map_err(|_| "is no slug");
        let standard = violations.check("standard", standard);
        let reason = request.reason.trim().to_owned();
        let length = reason.chars().count();
        if length == 0 || length > 1_000 {
            violations.add("reason", "must have 1 to 1,000 characters");
        }
        violations.into_result()?;
        let (Some(state), Some(standard)) = (state, standard) else {
            return Err(Fault::Broken("a violation was lost").into());
        };
        let by = ledger::held::person(caller.actor());
        let by = by.ok_or(Fault::Broken("a caller has no id"))?;
        let at = self.database.clock().now();
        let said = Said { standard, state, by, reason, at };
        let (views, etag) = (self.views.clone(), request.etag);
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { state_it(tx, &views, (item, &etag), said).await })
            })
            .await
    }
}

async fn state_it(
    tx: &TenantTx,
    views: &Views,
    (item, etag): (Uuid, &str),
    said: Said,
) -> Result<SetEvidenceStateResponse, Error> {
    // Cases are held before their items, and these by id: nobody waits in a circle.
    let case = work_items::with_id(tx, item).await?.ok_or(Fault::NotFound)?.case_id;
    cases::lock(tx, &[case]).await?;
    held::locked_undone(tx, &[case]).await?;
    let row = queues::worked(tx, item, etag, "given evidence").await?;
    let document = WorkDocument::of(&row)?;
    if !document.evidence.iter().any(|it| it.wanted.standard == said.standard) {
        let mut violations = Violations::default();
        violations.add("standard", "is not on the checklist of the item");
        violations.into_result()?;
    }
    store::note(tx, case, &said).await?;
    let what = match said.state {
        EvidenceState::Present => "on file elsewhere",
        EvidenceState::Waived => "not needed",
        EvidenceState::Missing => "missing",
    };
    let words = format!("said that `{}` is {what}, because {}", said.standard, said.reason);
    let actor = tx.caller().actor().to_owned();
    let standards = vec![said.standard.to_string()];
    refresh(tx, &[case], &Cause { actor, words, standards }).await?;
    let row = work_items::with_id(tx, item).await?.ok_or(Fault::NotFound)?;
    Ok(SetEvidenceStateResponse { work_item: Some(views.in_full(tx, row).await?) })
}
