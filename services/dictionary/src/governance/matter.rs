//! A change request with its row: found, judged, kept.

use domain::dictionary::ContentHash;
use domain_governance::ballot::{ChangeId, Draft, State};
use platform::events::Event;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use contracts::dictionary::v1 as pb;

use super::chamber::Chamber;
use super::{Ballot, Changed, DraftEdit, log, preview};
use crate::{Error, FEED, grpc};
use registry::activations::{self, Approval};
use registry::changes::{self, Change};
use registry::committees;

/// A change request.
#[derive(Clone, Debug)]
pub(crate) struct Matter {
    pub(crate) row: Change,
    pub(crate) ballot: Ballot,
    pub(crate) edits: Vec<DraftEdit>,
}

/// What a new change request says of itself.
#[derive(Debug)]
pub(crate) struct New {
    pub(crate) id: Uuid,
    pub(crate) title: String,
    pub(crate) source: &'static str,
    pub(crate) source_id: String,
    pub(crate) ballot: Ballot,
    pub(crate) edits: Vec<DraftEdit>,
}

impl Matter {
    /// The change request with this id.
    pub(crate) async fn find(tx: &TenantTx, id: Uuid) -> Result<Self, Error> {
        Self::of(changes::find(tx, id).await?.ok_or(Fault::NotFound)?)
    }

    /// The change request with this id, as its caller last read it.
    pub(crate) async fn read(tx: &TenantTx, id: Uuid, etag: &str) -> Result<Self, Error> {
        let matter = Self::find(tx, id).await?;
        if matter.etag() == etag { Ok(matter) } else { Err(Fault::StaleEtag.into()) }
    }

    /// From its row.
    pub(crate) fn of(row: Change) -> Result<Self, Error> {
        let unreadable = |_| Fault::Broken("a stored change request cannot be read");
        let ballot = serde_json::from_slice(&row.ballot).map_err(unreadable)?;
        let edits = serde_json::from_slice(&row.edits).map_err(unreadable)?;
        Ok(Self { row, ballot, edits })
    }

    /// Stores a new one.
    pub(crate) async fn open(tx: &TenantTx, new: New) -> Result<Self, Error> {
        // A tenant that started before bases and releases were brought to it hears of them from
        // now on.
        bases::enlist(tx).await?;
        code_sets::enlist(tx).await?;
        let now = tx.clock().now();
        let mut row = Change {
            tenant_id: Uuid::nil(),
            id: new.id,
            number: changes::next_number(tx).await?,
            title: new.title,
            reason: new.ballot.reason.clone(),
            state: String::new(),
            source: new.source.to_owned(),
            source_id: new.source_id,
            author: new.ballot.author.0.to_string(),
            base_revision: String::new(),
            result_hash: String::new(),
            sections: String::new(),
            edits: Vec::new(),
            ballot: Vec::new(),
            content_version: 1,
            activate_at: None,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        write(&mut row, &new.ballot, &new.edits)?;
        if !changes::insert(tx, row.clone()).await? {
            // Somebody else took the number.
            return Err(Fault::Contended.into());
        }
        let matter = Self { row, ballot: new.ballot, edits: new.edits };
        matter.tell(tx, "change_request.created").await?;
        Ok(matter)
    }

    /// Keeps what an act made of it, and what that made active.
    pub(crate) async fn keep(
        mut self,
        tx: &TenantTx,
        changed: Changed,
        act: &'static str,
    ) -> Result<Self, Error> {
        let former = self.row.version;
        let Changed { request, event } = changed;
        let before = self.ballot.state;
        let moved = |hash: &Ballot| (hash.base, hash.result_hash);
        if moved(&request) != moved(&self.ballot) {
            self.row.content_version += 1;
        }
        self.ballot = request;
        write(&mut self.row, &self.ballot, &self.edits)?;
        (self.row.version, self.row.updated_at) = (former + 1, tx.clock().now());
        if !changes::update(tx, &self.row, former).await? {
            // Its caller may hold no etag: to ask again is enough.
            return Err(Fault::Contended.into());
        }
        self.tell(tx, act).await?;
        self.tell_of(tx, (before, self.ballot.state), act).await?;
        if let Some(event) = event {
            log::record(tx, &self, event).await?;
        }
        preview::settle(tx).await?;
        Ok(self)
    }

    /// Notes by what right its content may become active.
    pub(crate) async fn approve(&self, tx: &TenantTx, cause: &str) -> Result<(), Fault> {
        let row = Approval {
            tenant_id: Uuid::nil(),
            change_request_id: self.row.id,
            hash: self.row.result_hash.clone(),
            cause: cause.to_owned(),
            committee_version: committees::find(tx).await?.map_or(0, |row| row.version),
            approved_at: tx.clock().now(),
        };
        activations::approve(tx, row).await
    }

    /// Keeps and tells what an act did to the approval beside what it is called.
    async fn tell_of(
        &self,
        tx: &TenantTx,
        (before, after): (State, State),
        act: &'static str,
    ) -> Result<(), Fault> {
        if after == State::Approved && before != State::Approved {
            self.approve(tx, "ballot").await?;
            if act != "change_request.approved" && before != State::Scheduled {
                self.tell(tx, "change_request.approved").await?;
            }
        }
        if before == State::Approved && after == State::InReview {
            self.tell(tx, "change_request.approval_lost").await?;
        }
        Ok(())
    }

    /// Tells the feed what happened.
    pub(crate) async fn tell(&self, tx: &TenantTx, kind: &'static str) -> Result<(), Fault> {
        let payload = serde_json::json!({
            "number": self.row.number,
            "state": self.row.state,
            "base_revision": self.row.base_revision,
            "result_hash": self.row.result_hash,
            "by": tx.caller().actor(),
            "seat": self.ballot.emergency.as_ref().map(|emergency| emergency.seat.as_str()),
            "reverts_at": self.ballot.emergency.as_ref().map(|emergency| emergency.reverts_at),
        });
        let event = Event {
            kind,
            subject: self.row.id,
            revision: self.row.base_revision.clone(),
            payload: payload.to_string().into_bytes(),
        };
        tx.emit(FEED, vec![event]).await
    }

    pub(crate) fn etag(&self) -> String {
        self.row.version.to_string()
    }

    /// It as its readers see it now.
    pub(crate) async fn shown(&self, tx: &TenantTx) -> Result<pb::ChangeRequest, Error> {
        let chamber = Chamber::now(tx).await?;
        let comments = changes::comments(tx, vec![self.row.id]).await?;
        Ok(grpc::change_request(self, &comments, &chamber))
    }
}

/// A draft without edits, as the rules see it.
pub(crate) fn draft(
    id: Uuid,
    author: domain_governance::ballot::UserId,
    reason: String,
    base: ContentHash,
) -> Ballot {
    Ballot::draft(Draft { id: ChangeId(id), author, reason, base })
}

/// Writes what the rules know into the row.
fn write(row: &mut Change, ballot: &Ballot, edits: &[DraftEdit]) -> Result<(), Fault> {
    let unwritable = |_| Fault::Broken("a change request cannot be written");
    ballot.state.as_str().clone_into(&mut row.state);
    row.reason.clone_from(&ballot.reason);
    row.base_revision = ballot.base.to_string();
    row.result_hash = ballot.result_hash.to_string();
    row.sections = ballot.sections.iter().fold(",".to_owned(), |all, it| all + it.as_str() + ",");
    row.activate_at = ballot.activate_at;
    row.edits = serde_json::to_vec(edits).map_err(unwritable)?;
    row.ballot = serde_json::to_vec(ballot).map_err(unwritable)?;
    Ok(())
}
