//! A change on trial: which one runs, and what ends it.
//!
//! A preview is of one content on one base, as far as the change may go. Whoever writes a change
//! puts on record in the same transaction that its preview is over; whoever hands the content out
//! looks again, because two who write at once need not see each other.

use contracts::dictionary::v1::PreviewState;
use contracts::routing::v1::PreviewTally;
use domain::dictionary::ContentHash;
use domain_governance::ballot::{PreviewEnd, Stage};
use platform::access::Caller;
use platform::events::Event;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use super::Matter;
use crate::{Dictionary, Error, FEED, grpc};
use registry::previews::{self, Preview, RUNNING};
use registry::revisions;

/// How a preview ends.
#[derive(Debug)]
pub(super) enum End {
    /// Its change was activated.
    Committed,
    /// Somebody stopped it, or it cannot go on; why.
    Stopped(String),
    /// A limit was passed; which.
    Suspended(String),
}

impl Dictionary {
    /// What routing counted under a preview.
    pub(super) async fn tally(&self, caller: &Caller, id: Uuid) -> Result<PreviewTally, Error> {
        let tx = self.database.read(caller).await?;
        found(&tx, id).await?;
        drop(tx);
        self.peers.preview_tally(caller, id).await
    }

    /// A preview and what routing counted under it; what ended it is on record by then.
    pub(super) async fn looked_at(
        &self,
        caller: &Caller,
        id: Uuid,
    ) -> Result<(Preview, PreviewTally), Error> {
        let tally = self.tally(caller, id).await?;
        let tx = self.database.read(caller).await?;
        let row = found(&tx, id).await?;
        if ending(&tx, &row, &tally).await?.is_none() {
            return Ok((row, tally));
        }
        drop(tx);
        let tx = self.database.begin(caller).await?;
        let mut row = found(&tx, id).await?;
        if let Some(end) = ending(&tx, &row, &tally).await? {
            row = keep(&tx, row, end).await?;
        }
        tx.commit().await?;
        Ok((row, tally))
    }
}

/// The preview with this id.
pub(super) async fn found(tx: &TenantTx, id: Uuid) -> Result<Preview, Error> {
    Ok(previews::find(tx, id).await?.ok_or(Fault::NotFound)?)
}

/// The preview that runs, with its change, and nothing has ended it.
pub(crate) async fn running(tx: &TenantTx) -> Result<Option<(Preview, Matter)>, Error> {
    let Some(row) = previews::running(tx).await? else { return Ok(None) };
    let matter = Matter::find(tx, row.change_request_id).await?;
    let ended = over(tx, &row, &matter).await?.is_some();
    Ok((!ended).then_some((row, matter)))
}

/// Puts on record that what runs cannot go on.
pub(super) async fn settle(tx: &TenantTx) -> Result<(), Error> {
    let Some(row) = previews::running(tx).await? else { return Ok(()) };
    if let Some(end) = ending(tx, &row, &PreviewTally::default()).await? {
        keep(tx, row, end).await?;
    }
    Ok(())
}

/// What ended a preview that is still RUNNING on record.
pub(super) async fn ending(
    tx: &TenantTx,
    row: &Preview,
    tally: &PreviewTally,
) -> Result<Option<End>, Error> {
    if row.state != RUNNING {
        return Ok(None);
    }
    if !tally.suspended_words.is_empty() {
        return Ok(Some(End::Suspended(tally.suspended_words.clone())));
    }
    let matter = Matter::find(tx, row.change_request_id).await?;
    over(tx, row, &matter).await
}

/// What its change became that ends a preview.
async fn over(tx: &TenantTx, row: &Preview, matter: &Matter) -> Result<Option<End>, Error> {
    let content = (hash(&row.base_revision)?, hash(&row.result_hash)?);
    let end = matter.ballot.preview_end(stage(row)?, content, active(tx).await?);
    Ok(end.map(|end| match end {
        PreviewEnd::Committed => End::Committed,
        PreviewEnd::Stopped(words) => End::Stopped(words),
    }))
}

/// How far a preview goes.
pub(super) fn stage(row: &Preview) -> Result<Stage, Fault> {
    Stage::parse(&row.stage).ok_or(Fault::Broken("a stored preview is of no stage"))
}

/// The revision that decisions are made with.
async fn active(tx: &TenantTx) -> Result<ContentHash, Error> {
    Ok(hash(&revisions::active(tx).await?.ok_or(Error::NoActiveRevision)?.hash)?)
}

fn hash(text: &str) -> Result<ContentHash, Fault> {
    text.parse().map_err(|_| Fault::Broken("a revision is named by no hash"))
}

/// Where a preview stands.
pub(super) fn state(row: &Preview) -> PreviewState {
    grpc::preview_state(&row.state)
}

/// Writes how a preview ended, over the version that was read.
pub(super) async fn keep(tx: &TenantTx, mut row: Preview, end: End) -> Result<Preview, Error> {
    let former = row.version;
    let (state, act) = match end {
        End::Committed => (PreviewState::Committed, "preview.committed"),
        End::Stopped(words) => {
            row.stopped_words = words;
            (PreviewState::Stopped, "preview.stopped")
        }
        End::Suspended(words) => {
            row.suspended_words = words;
            (PreviewState::Suspended, "preview.suspended")
        }
    };
    row.state = grpc::preview_state_word(state);
    row.slot = row.id.to_string();
    (row.version, row.updated_at) = (former + 1, tx.clock().now());
    if !previews::update(tx, &row, former).await? {
        // Whoever wrote a change holds no etag of its preview: to ask again is enough.
        return Err(Fault::Contended.into());
    }
    tell(tx, &row, act).await?;
    Ok(row)
}

/// Tells the feed what happened.
pub(super) async fn tell(tx: &TenantTx, row: &Preview, kind: &'static str) -> Result<(), Fault> {
    let payload = serde_json::json!({
        "change_request_id": row.change_request_id,
        "stage": row.stage,
        "state": row.state,
        "result_hash": row.result_hash,
        "by": tx.caller().actor(),
    });
    let event = Event {
        kind,
        subject: row.id,
        revision: row.base_revision.clone(),
        payload: payload.to_string().into_bytes(),
    };
    tx.emit(FEED, vec![event]).await
}

#[cfg(test)]
mod tests;
