use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contracts::dictionary::v1::{
    ChangeSource, RecordEntryOutcomesRequest, RecordEntryOutcomesResponse,
};
use domain::dictionary::{ContentHash, Entry};
use domain_governance::ballot::UserId;
use drift::{Evidence, Outcome};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;

use super::drafting::{self, Drafting};
use super::{DraftEdit, Matter, log};
use crate::compiled::{Ready, RevisionName};
use crate::{Dictionary, Error, FEED};
use registry::changes;

impl Dictionary {
    /// Records what became of denials, and drafts a change of an entry that they contradict.
    pub(crate) async fn record_outcomes(
        &self,
        caller: &Caller,
        request: RecordEntryOutcomesRequest,
    ) -> Result<RecordEntryOutcomesResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let mut violations = Violations::default();
        let now = self.database.clock().now();
        let outcomes = drift::read(&request.outcomes, now, &mut violations);
        std::mem::take(&mut violations).into_result()?;
        let revisions = self.named(caller, &outcomes).await?;
        let bundles = revisions.iter().map(|(hash, ready)| (*hash, ready.compiled.bundle()));
        let judged = drift::with_entries(outcomes, &bundles.collect(), &mut violations);
        violations.into_result()?;
        let active = self.ready(caller, &RevisionName::Active).await?;
        self.act(caller, once, false, move |tx| {
            Box::pin(async move { record(tx, judged, active).await })
        })
        .await
    }

    /// The revisions that outcomes name, those there are.
    async fn named(
        &self,
        caller: &Caller,
        outcomes: &[Outcome],
    ) -> Result<BTreeMap<ContentHash, Arc<Ready>>, Error> {
        let named: BTreeSet<ContentHash> = outcomes.iter().map(|it| it.revision).collect();
        let mut revisions = BTreeMap::new();
        for hash in named {
            match self.ready(caller, &RevisionName::Hash(hash)).await {
                Ok(ready) => revisions.insert(hash, ready),
                Err(Error::UnknownRevision) => continue,
                Err(error) => return Err(error),
            };
        }
        Ok(revisions)
    }
}

/// Counts outcomes, and drafts changes of the entries that they contradict.
pub(crate) async fn record(
    tx: &TenantTx,
    judged: Vec<(Outcome, Entry)>,
    active: Arc<Ready>,
) -> Result<RecordEntryOutcomesResponse, Error> {
    let mut recorded = drift::record(tx, judged).await?;
    for evidence in &mut recorded.evidence {
        if let Some(change) = propose(tx, evidence, &active).await? {
            drift::drafted(tx, evidence, change.row.id).await?;
        }
        if evidence.turned {
            let event = evidence.suspected(active.compiled.revision().to_string());
            tx.emit(FEED, vec![event]).await?;
        }
    }
    Ok(recorded.shown())
}

/// Drafts the change of what an entry expects, while the active revision states what is
/// contradicted and no such change is open.
async fn propose(
    tx: &TenantTx,
    evidence: &Evidence,
    active: &Ready,
) -> Result<Option<Matter>, Error> {
    let stated = active.compiled.bundle().entries.iter().find(|entry| evidence.is_of(entry));
    let Some(edit) = stated.map(|entry| evidence.proposal(entry)).transpose()?.flatten() else {
        return Ok(None);
    };
    if let Some(before) = evidence.change()
        && changes::find(tx, before).await?.is_some_and(|row| !is_over(&row.state))
    {
        return Ok(None);
    }
    // An entry of what was active when the call came: what is active now may state something else.
    let log = log::settled(tx).await?;
    let base = log::active(tx, &log)?.hash;
    if base != active.compiled.revision() {
        return Err(Fault::Contended.into());
    }
    let drafting = Drafting {
        by: UserId::SERVICE,
        title: format!("What {:.120} brings, by its outcomes", evidence.entry()),
        reason: format!("{}. False alarms: {}.", evidence.words(), Evidence::false_alarms()),
        source: ChangeSource::OutcomeEvidence,
        source_id: evidence.id().to_string(),
        edits: vec![DraftEdit::from(edit)],
    };
    Ok(Some(drafting::open(tx, base, drafting).await?))
}

fn is_over(state: &str) -> bool {
    ["activated", "rejected", "withdrawn"].contains(&state)
}
