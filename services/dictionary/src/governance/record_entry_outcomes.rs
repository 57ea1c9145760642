use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Place;
use std::sync::Arc;

use contracts::dictionary::v1::{
    ChangeSource, RecordEntryOutcomesRequest, RecordEntryOutcomesResponse,
};
use domain::dictionary::{ContentHash, Entry};
use domain_governance::ballot::UserId;
use drift::{Evidence, Outcome, Recorded};
use platform::access::Caller;
use platform::events::Event;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;

use super::drafting::{self, Drafting};
use super::{DraftEdit, Matter, log};
use crate::compiled::{Ready, RevisionName};
use crate::store::changes;
use crate::{Dictionary, Error, FEED};

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
        violations.into_result()?;
        let judged = self.with_entries(caller, outcomes).await?;
        let active = self.ready(caller, &RevisionName::Active).await?;
        self.act(caller, once, false, move |tx| {
            Box::pin(async move { record(tx, judged, active).await })
        })
        .await
    }

    /// The outcomes with the entries that decided them.
    async fn with_entries(
        &self,
        caller: &Caller,
        outcomes: Vec<Outcome>,
    ) -> Result<Vec<(Outcome, Entry)>, Error> {
        let mut read: BTreeMap<ContentHash, Option<Arc<Ready>>> = BTreeMap::new();
        let mut violations = Violations::default();
        let mut judged = Vec::with_capacity(outcomes.len());
        for (at, outcome) in outcomes.into_iter().enumerate() {
            let hash = outcome.revision;
            if let Place::Vacant(place) = read.entry(hash) {
                place.insert(match self.ready(caller, &RevisionName::Hash(hash)).await {
                    Ok(ready) => Some(ready),
                    Err(Error::UnknownRevision) => None,
                    Err(error) => return Err(error),
                });
            }
            let Some(revision) = read.get(&hash).and_then(Option::as_ref) else {
                violations.add(format!("outcomes[{at}].revision"), "is no revision there is");
                continue;
            };
            match entry(revision, outcome.entry.as_str()) {
                Some(entry) => judged.push((outcome, entry.clone())),
                None => {
                    violations.add(format!("outcomes[{at}].entry"), "is no entry of that revision")
                }
            }
        }
        violations.into_result()?;
        Ok(judged)
    }
}

fn entry<'r>(revision: &'r Ready, slug: &str) -> Option<&'r Entry> {
    revision.compiled.bundle().entries.iter().find(|entry| entry.slug.as_str() == slug)
}

async fn record(
    tx: &TenantTx,
    judged: Vec<(Outcome, Entry)>,
    active: Arc<Ready>,
) -> Result<RecordEntryOutcomesResponse, Error> {
    let Recorded { new, repeated, evidence } = drift::record(tx, judged).await?;
    let mut shown = Vec::with_capacity(evidence.len());
    for mut evidence in evidence {
        let turned = evidence.turned;
        if let Some(change) = propose(tx, &evidence, &active).await? {
            evidence = drift::drafted(tx, evidence, change.row.id).await?;
        }
        if turned {
            tell(tx, &evidence, &active).await?;
        }
        shown.push(drift::shown(&evidence));
    }
    let count = |outcomes: usize| i32::try_from(outcomes).unwrap_or(i32::MAX);
    Ok(RecordEntryOutcomesResponse {
        recorded_count: count(new),
        repeated_count: count(repeated),
        entry_evidence: shown,
    })
}

/// Drafts the change of what an entry expects, while the active revision states what is contradicted
/// and no such change is open.
async fn propose(
    tx: &TenantTx,
    evidence: &Evidence,
    active: &Ready,
) -> Result<Option<Matter>, Error> {
    let stated = entry(active, evidence.entry()).filter(|entry| evidence.is_of(entry));
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

async fn tell(tx: &TenantTx, evidence: &Evidence, active: &Ready) -> Result<(), Error> {
    let shown = drift::shown(evidence);
    let payload = serde_json::json!({
        "entry": shown.entry,
        "expected_overturn_basis_points": shown.expected_overturn_basis_points,
        "observed_overturn_basis_points": shown.observed_overturn_basis_points,
        "interval_basis_points":
            [shown.interval_low_basis_points, shown.interval_high_basis_points],
        "expected_days": shown.expected_days,
        "outcome_count": shown.outcome_count,
        "words": shown.words,
        "change_request_id": shown.change_request_id,
    });
    let event = Event {
        kind: "entry.suspected",
        subject: evidence.id(),
        revision: active.compiled.revision().to_string(),
        payload: payload.to_string().into_bytes(),
    };
    Ok(tx.emit(FEED, vec![event]).await?)
}
