//! How the dictionary changes: drafts, checks, votes, activation. The rules are those of
//! `domain_governance`; here they meet rows, clocks and callers.
//!
//! Invariants: every act loads a change with the log of what is active, asks the pure rules, and
//! writes both in one transaction over the version it read; what became active has a row that says
//! by what right, and the database refuses it otherwise. An emergency that ran out is ended before
//! anything else is done about what is active.

mod activate_in_emergency;
mod activate_revision;
mod add_comment;
mod cancel_activation;
mod challenge_rule;
mod chamber;
mod checks;
mod commit_preview;
mod confirm_committee;
mod create_change_request;
mod create_review;
mod delegate_seat;
pub(crate) mod draft;
mod drafting;
mod get_change_request;
mod get_check;
mod get_committee;
mod get_preview;
mod import_revision;
mod list_change_requests;
mod list_checks;
mod list_reviews;
mod log;
mod matter;
mod preview;
mod rebase_change_request;
mod record_entry_outcomes;
mod refusal;
mod releases;
mod roll_back_revision;
mod run_replay;
mod run_verify;
mod start_preview;
mod stop_preview;
mod submit_change_request;
mod timers;
mod update_change_request;
mod update_committee;
mod upgrade_base;
mod withdraw_change_request;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::BoxFuture;
use prost::Message;

use domain_governance::ballot;
use domain_governance::edit::SectionKind;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Rejection, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::{Dictionary, Error};
use registry::{changes, previews};

pub(crate) use challenge_rule::challenge_rule;
pub(crate) use chamber::{Chamber, seated};
pub(crate) use checks::{JOBS, REPLAY, VERIFY};
pub(crate) use draft::{DraftEdit, Kind as Edited, blocking};
pub(crate) use import_revision::parse;
pub(crate) use matter::Matter;
pub(crate) use preview::running as on_trial;
pub(crate) use record_entry_outcomes::record as record_outcomes;
pub use refusal::Refusal;
pub(crate) use releases::FOR_RELEASES;
pub(crate) use timers::{activations, reversions};
pub(crate) use upgrade_base::upgrades;

/// A change request as the rules see it.
pub(crate) type Ballot = ballot::ChangeRequest<SectionKind>;
/// The committee as the rules see it.
pub(crate) type Committee = ballot::Committee<SectionKind>;
/// What the rules made of a change request.
pub(crate) type Changed = ballot::Changed<SectionKind>;

impl Dictionary {
    /// Runs `act` once for the request's id; under `validate_only` as well, and takes it back. Open
    /// work follows when it ended a canary.
    async fn act<R, F>(
        &self,
        caller: &Caller,
        once: Once,
        validate_only: bool,
        act: F,
    ) -> Result<R, Error>
    where
        R: Message + Default + Send + 'static,
        F: for<'tx> FnOnce(&'tx TenantTx) -> BoxFuture<'tx, Result<R, Error>> + Send + 'static,
    {
        if validate_only {
            let tx = self.database.begin(caller).await?;
            return act(&tx).await;
        }
        let ended = Arc::new(AtomicBool::new(false));
        let noted = Arc::clone(&ended);
        let done = self
            .database
            .mutate(caller, once, move |tx| {
                Box::pin(async move {
                    let standing = previews::canaries(tx).await?;
                    let done = act(tx).await?;
                    let over = !standing.is_subset(&previews::canaries(tx).await?);
                    noted.store(over, Ordering::Relaxed);
                    Ok::<R, Error>(done)
                })
            })
            .await?;
        if ended.load(Ordering::Relaxed) {
            self.follow(caller);
        }
        Ok(done)
    }

    /// Has open work brought under what is active now. Nobody waits for it: should routing not
    /// answer, it asks by itself within a minute of its next call.
    fn follow(&self, caller: &Caller) {
        let (peers, caller) = (self.peers.clone(), caller.outlasting_its_call());
        self.tasks.spawn("dictionary.follow", move |cancel| async move {
            let asked = cancel.run_until_cancelled(peers.redecide(&caller)).await;
            if let Some(Err(error)) = asked {
                let reason = error.reason();
                tracing::warn!(reason, "open work does not follow the activation yet");
            }
        });
    }
}

/// What a change leads to, as it would be stored.
pub(crate) async fn canonical(tx: &TenantTx, matter: &Matter) -> Result<Vec<u8>, Error> {
    let base = draft::base(tx, &matter.row.base_revision).await?;
    let outcome = draft::outcome(base, &matter.edits).await?;
    if outcome.hash != matter.ballot.result_hash {
        return Err(Fault::Broken("a change does not lead to what its hash names").into());
    }
    draft::blocking(move || {
        let canonical = outcome.bundle.canonical();
        let text = canonical.map_err(|_| Fault::Broken("a draft has no canonical form"))?;
        Ok(text.into_bytes())
    })
    .await
}

/// The content of the scheduled change that becomes active first.
pub(crate) async fn upcoming(tx: &TenantTx) -> Result<draft::Outcome, Error> {
    let row = changes::next(tx).await?.ok_or(Error::UnknownRevision)?;
    let matter = Matter::of(row)?;
    let base = draft::base(tx, &matter.row.base_revision).await?;
    draft::outcome(base, &matter.edits).await
}

/// The user that a caller is.
fn user(caller: &Caller) -> Result<ballot::UserId, Fault> {
    let id = Uuid::try_parse(caller.actor());
    id.map(ballot::UserId).map_err(|_| Fault::Broken("a caller with a role here is no user"))
}

/// An id; nobody has one that cannot be read.
pub(crate) fn id(text: &str) -> Result<Uuid, Fault> {
    Uuid::try_parse(text).map_err(|_| Fault::NotFound)
}

/// Notes `field` unless it holds 1 to `max` characters; line breaks are fine.
pub(crate) fn prose(violations: &mut Violations, field: &str, text: &str, max: usize) {
    if text.trim().is_empty() {
        violations.add(field, "is required");
    } else if text.chars().count() > max {
        violations.add(field, format!("is longer than {max} characters"));
    } else if text.chars().any(|letter| letter.is_control() && letter != '\n') {
        violations.add(field, "holds a control character other than a line break");
    }
}

/// Notes an etag that is missing.
fn etag(violations: &mut Violations, etag: &str) {
    if etag.is_empty() {
        violations.add("etag", "is required: the one of the resource as last read");
    }
}
