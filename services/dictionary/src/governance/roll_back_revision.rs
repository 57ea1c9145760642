use std::collections::BTreeSet;

use contracts::dictionary::v1::{ChangeSource, RollBackRevisionRequest, RollBackRevisionResponse};
use domain_governance::ballot::{By, ChangeId, RollBack};
use domain_governance::edit::edits_between;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;

use super::chamber::Chamber;
use super::draft::{self, DraftEdit};
use super::matter::{Matter, New};
use super::{etag, log, preview, prose, user};
use crate::compiled::{self, RevisionName};
use crate::{Dictionary, Error, grpc};

impl Dictionary {
    /// Returns to an earlier revision at once, by a change that records it.
    pub(crate) async fn roll_back(
        &self,
        caller: &Caller,
        request: RollBackRevisionRequest,
    ) -> Result<RollBackRevisionResponse, Error> {
        let mut violations = Violations::default();
        prose(&mut violations, "reason", &request.reason, 4_000);
        etag(&mut violations, &request.etag);
        violations.into_result()?;
        let name = RevisionName::read("revision", &request.revision)?;
        let once = Once::of(&request.request_id, &request)?;
        let validate_only = request.validate_only;
        let done = self
            .act(caller, once, validate_only, move |tx| {
                Box::pin(async move {
                    let matter = roll_back(tx, &name, request).await?;
                    Ok(RollBackRevisionResponse { change_request: Some(matter.shown(tx).await?) })
                })
            })
            .await?;
        if !validate_only {
            self.follow(caller);
        }
        Ok(done)
    }
}

async fn roll_back(
    tx: &TenantTx,
    name: &RevisionName,
    request: RollBackRevisionRequest,
) -> Result<Matter, Error> {
    let log = log::settled(tx).await?;
    let active = log::active(tx, &log)?;
    if request.etag != active.hash.to_string() {
        return Err(Fault::StaleEtag.into());
    }
    let to = compiled::find(tx, name).await?;
    let (from, onto) = (active.hash.to_string(), to.hash.clone());
    let (from, onto) = (draft::base(tx, &from).await?, draft::base(tx, &onto).await?);
    let edits = draft::blocking(move || Ok(edits_between(&from, &onto))).await?;
    let sections: BTreeSet<_> = edits.iter().map(|edit| edit.kind).collect();
    let running = match active.by {
        By::Emergency { change, .. } => Some(Matter::find(tx, change.0).await?),
        By::Base | By::Approved { .. } | By::Rollback { .. } => None,
    };
    let id = platform::ids::new();
    let ask = RollBack {
        id: ChangeId(id),
        by: user(tx.caller())?,
        reason: request.reason,
        to: to.hash.parse().map_err(|_| Fault::Broken("a revision is named by no hash"))?,
        sections,
    };
    let chamber = Chamber::now(tx).await?;
    let emergency = running.as_ref().map(|running| &running.ballot);
    let rolled = super::Ballot::roll_back(ask, emergency, &log, &chamber.sitting())?;
    if let (Some(running), Some(ended)) = (running, rolled.ended) {
        running.keep(tx, log::quiet(ended), "change_request.reverted").await?;
    }
    let new = New {
        id,
        title: format!("Return to revision {}", to.number),
        source: grpc::source_word(ChangeSource::Rollback),
        source_id: to.id.to_string(),
        ballot: rolled.request,
        edits: edits.into_iter().map(DraftEdit::from).collect(),
    };
    let matter = Matter::open(tx, new).await?;
    log::record(tx, &matter, rolled.event).await?;
    preview::settle(tx).await?;
    Ok(matter)
}
