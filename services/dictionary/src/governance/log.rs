//! What was active when: read from its start, appended to, and put into effect.

use domain::dictionary::{Compiled, ContentHash};
use domain_governance::ballot::{Act, Activations, ActiveRevision, Event};
use platform::events::Event as Told;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use super::chamber::Chamber;
use super::{Changed, Matter, draft, upgrade_base};
use crate::{Error, FEED, grpc, publish_base_dictionary};
use registry::activations::{self, Activation};
use registry::{approvers, revisions};

/// The log of this tenant: it starts with its first revision.
pub(crate) async fn read(tx: &TenantTx) -> Result<Activations, Error> {
    let first = revisions::with_number(tx, 1).await?.ok_or(Error::NoActiveRevision)?;
    let hash = first.hash.parse().map_err(|_| Fault::Broken("a revision is named by no hash"))?;
    let mut events = vec![Event { at: first.created_at, act: Act::Started { hash } }];
    for row in activations::all(tx).await? {
        let event = serde_json::from_slice(&row.event)
            .map_err(|_| Fault::Broken("a stored activation cannot be read"))?;
        events.push(event);
    }
    Ok(Activations::read(events).map_err(|_| Fault::Broken("the activation log is unsound"))?)
}

/// The log, once an emergency that ran out is ended on record.
pub(crate) async fn settled(tx: &TenantTx) -> Result<Activations, Error> {
    let log = read(tx).await?;
    let now = tx.clock().now();
    let Some(change) = log.revert_due(now) else { return Ok(log) };
    let matter = Matter::find(tx, change.0).await?;
    let changed = matter.ballot.revert(now)?;
    matter.keep(tx, changed, "change_request.reverted").await?;
    read(tx).await
}

/// What is active now.
pub(crate) fn active(tx: &TenantTx, log: &Activations) -> Result<ActiveRevision, Error> {
    log.active_at(tx.clock().now()).ok_or(Error::NoActiveRevision)
}

/// Appends what an act of `matter` did, and makes decisions follow it.
pub(crate) async fn record(tx: &TenantTx, matter: &Matter, event: Event) -> Result<(), Error> {
    let mut log = read(tx).await?;
    let number = i64::try_from(log.events().len())
        .map_err(|_| Fault::Broken("an activation log has no end"))?;
    log.append(event)?;
    let cause = match event.act {
        Act::ActivatedInEmergency { .. } | Act::Reverted { .. } => "emergency",
        Act::RolledBack { .. } => "pre_approved",
        Act::Ratified { .. } => "ratification",
        Act::Activated { .. } | Act::Started { .. } => "ballot",
    };
    // Of a ballot it must be there already: the database refuses what nobody approved.
    if cause != "ballot" {
        matter.approve(tx, cause).await?;
    }
    if cause == "ratification" {
        matter.tell(tx, "change_request.ratified").await?;
    }
    let row = Activation {
        tenant_id: Uuid::nil(),
        number,
        change_request_id: matter.row.id,
        hash: matter.row.result_hash.clone(),
        cause: cause.to_owned(),
        event: serde_json::to_vec(&event)
            .map_err(|_| Fault::Broken("an activation cannot be written"))?,
        happened_at: event.at,
    };
    if !activations::append(tx, row).await? {
        return Err(Fault::Contended.into());
    }
    // Not what the log said before: an emergency is over at its hour, on record or not.
    let decided_with = revisions::active(tx).await?.ok_or(Error::NoActiveRevision)?;
    let after = active(tx, &log)?.hash;
    if after.to_string() == decided_with.hash {
        return approved(tx, matter, event.act).await;
    }
    publish(tx, matter, after).await?;
    approved(tx, matter, event.act).await?;
    upgrade_base::note(tx, matter, after).await?;
    revisions::switch(tx, &after.to_string(), event.at).await?;
    tell(tx, after, matter).await
}

/// Stores the content of a change as a revision, unless the tenant has it.
async fn publish(tx: &TenantTx, matter: &Matter, hash: ContentHash) -> Result<(), Error> {
    if revisions::with_hash(tx, &hash.to_string()).await?.is_some() {
        return Ok(());
    }
    draft::decided(&matter.edits)?;
    let base = draft::base(tx, &matter.row.base_revision).await?;
    let outcome = draft::outcome(base, &matter.edits).await?;
    if outcome.hash != hash {
        return Err(Fault::Broken("a change does not lead to what was agreed on").into());
    }
    let accepted = draft::blocking(move || {
        let compiled = Compiled::new(&outcome.bundle)?;
        publish_base_dictionary::Accepted::of(compiled)
    })
    .await?;
    let number = revisions::last_number(tx).await? + 1;
    let made = (tx.caller().actor(), tx.clock().now());
    let mut row = publish_base_dictionary::row(made, &accepted, number, matter.row.reason.clone())?;
    row.based_on.clone_from(&matter.row.base_revision);
    row.change_request_id = Some(matter.row.id);
    if !revisions::insert(tx, row, accepted.canonical.into_bytes()).await? {
        return Err(Fault::Contended.into());
    }
    if let Some(held) = bases::held(tx, &matter.row.base_revision).await? {
        bases::hold(tx, &hash.to_string(), held).await?;
    }
    Ok(())
}

/// Writes by whose acts the content of a change has its right; what comes back has the one it had.
async fn approved(tx: &TenantTx, matter: &Matter, act: Act) -> Result<(), Error> {
    let rows = match act {
        // Votes that were cast before it give no right yet.
        Act::ActivatedInEmergency { .. } => grpc::forced(&matter.ballot),
        Act::Activated { .. } | Act::Ratified { .. } => {
            grpc::voted(&matter.ballot, &Chamber::now(tx).await?.committee)
        }
        Act::Started { .. } | Act::RolledBack { .. } | Act::Reverted { .. } => return Ok(()),
    };
    Ok(approvers::add(tx, rows).await?)
}

async fn tell(tx: &TenantTx, hash: ContentHash, matter: &Matter) -> Result<(), Error> {
    let revision = revisions::with_hash(tx, &hash.to_string()).await?;
    let revision = revision.ok_or(Fault::Broken("an active revision is not there"))?;
    let payload = serde_json::json!({
        "hash": revision.hash,
        "number": revision.number,
        "change_request_id": matter.row.id,
    });
    let activated = Told {
        kind: "revision.activated",
        subject: revision.id,
        revision: revision.hash,
        payload: payload.to_string().into_bytes(),
    };
    Ok(tx.emit(FEED, vec![activated]).await?)
}

/// A change of a request and nothing else.
pub(crate) fn quiet(request: super::Ballot) -> Changed {
    Changed { request, event: None }
}
