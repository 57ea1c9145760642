use contracts::dictionary::v1::{RebaseChangeRequestRequest, RebaseChangeRequestResponse};
use domain::dictionary::ContentHash;
use domain_governance::ballot::Rebase;
use domain_governance::merge;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Violations;
use platform::tenant_tx::TenantTx;

use super::chamber::Chamber;
use super::draft::{self, DraftEdit};
use super::{Matter, etag, id, log};
use crate::{Dictionary, Error};

impl Dictionary {
    /// Brings a change onto the revision that is active now, item by item; what both sides changed
    /// differently is marked and waits for a choice.
    pub(crate) async fn rebase_change(
        &self,
        caller: &Caller,
        request: RebaseChangeRequestRequest,
    ) -> Result<RebaseChangeRequestResponse, Error> {
        let mut violations = Violations::default();
        etag(&mut violations, &request.etag);
        violations.into_result()?;
        let once = Once::of(&request.request_id, &request)?;
        self.act(caller, once, request.validate_only, move |tx| {
            Box::pin(async move {
                let log = log::settled(tx).await?;
                let matter = Matter::read(tx, id(&request.id)?, &request.etag).await?;
                let matter = rebase(tx, matter, log::active(tx, &log)?.hash).await?;
                Ok(RebaseChangeRequestResponse { change_request: Some(matter.shown(tx).await?) })
            })
        })
        .await
    }
}

async fn rebase(tx: &TenantTx, mut matter: Matter, onto: ContentHash) -> Result<Matter, Error> {
    let base = draft::base(tx, &matter.row.base_revision).await?;
    let new_base = draft::base(tx, &onto.to_string()).await?;
    let (places, edits) = draft::edits(&base, &matter.edits);
    let applied = places.clone();
    let target = new_base.clone();
    let rebased = draft::blocking(move || {
        merge::rebase(&base, &edits, &target)
            .map_err(|bad| Error::BadEdits(draft::listed(bad, &places)))
    })
    .await?;
    let mut edits: Vec<DraftEdit> = rebased.merge.edits.into_iter().map(DraftEdit::from).collect();
    let waiting = matter.edits.iter().enumerate().filter(|(place, _)| !applied.contains(place));
    edits.extend(waiting.map(|(_, edit)| edit.clone()));
    keep_waiting(&mut edits, &matter.edits);
    let outcome = draft::outcome(new_base, &edits).await?;
    let touched_by_both = !rebased.untouched || edits.iter().any(|edit| edit.conflict.is_some());
    let chamber = Chamber::now(tx).await?;
    let ballot = matter.ballot.rebase(
        Rebase {
            onto,
            result_hash: outcome.hash,
            sections: outcome.sections,
            touched_by_both,
            reruns: Vec::new(),
        },
        &chamber.sitting(),
    )?;
    matter.edits = edits;
    matter.keep(tx, log::quiet(ballot), "change_request.rebased").await
}

/// What waits for a choice goes on waiting, also where the new base settles it.
fn keep_waiting(edits: &mut [DraftEdit], former: &[DraftEdit]) {
    for edit in edits.iter_mut().filter(|edit| edit.conflict.is_none()) {
        let same = |former: &&DraftEdit| (former.kind, &former.slug) == (edit.kind, &edit.slug);
        let waited = former.iter().find(same).and_then(|former| former.conflict.clone());
        edit.conflict = waited;
    }
}
