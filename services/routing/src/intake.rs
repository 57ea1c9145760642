//! From stored bytes to a durable ledger and routed work, once.
//!
//! Two passes over the same bytes. The survey reads all of a file and touches nothing: what is
//! unreadable, or is money of a stranger, is quarantined before a row of it exists. The posting
//! pass writes claims in chunks, each in one transaction whose first statement moves the guard
//! `routing_transaction.posted_parts` from what it was: whoever moves it posts, anyone else
//! changes nothing. So a crash, a second worker or a repeated request at any point resumes where
//! the guard stands. Identical transactions (by canonical hash, whatever file they came in) have
//! one row and post once. Where the survey met a PLB, its pairs are read in a pass of their own
//! that builds no claim (`take_back`): they stand behind the claims that they are about.
//!
//! A claim of more than 10,000 segments comes in parts. Each part is posted by itself and appended
//! to the same occurrence: its content as a row of `routing_claim_part`, its denials under the
//! claim's id, its work merged into the items its earlier parts opened. Nothing is cut off, and
//! memory is bounded by one part. The sums of the claim as a whole are then the reader's to judge
//! (`unbalanced-claim`); only lines of such a claim are looked at for unexplained zero payments.

use std::sync::Arc;

use domain::deadline::RuleBook;
use futures::TryStreamExt;
use platform::access::Caller;
use platform::rejection::Fault;
use platform::tenant_tx::Database;
use uuid::Uuid;

use crate::error::Error;
use crate::revisions::{Revision, Revisions};
use ledger::entity::file;
use ledger::transactions;
use ledger::usual::Usual;
use originals::Originals;
use remitted::Context;

mod accept;
mod beside;
mod claim_row;
mod collect;
mod deadlines;
mod denial_row;
mod draft;
mod facts;
mod judge;
mod merge;
mod post;
mod recognize;
mod redecide;
mod settle;
mod source;
mod survey;
mod take_back;
mod underpaid;
mod unknown_payer;
mod upstream;
mod weave;
mod work;

pub use accept::Submission;
pub(crate) use accept::{Accepted, Arrival, Entry};
pub(crate) use ledger::FEED;
pub(crate) use post::event;
pub(crate) use redecide::{Redecided, redecide};
pub(crate) use underpaid::judged;
pub(crate) use weave::recorded;

/// The job that finishes what a crash left.
pub(crate) const JOB: &str = "routing.post_file";

/// How often a posting that met another one starts again from the guard.
const ATTEMPTS: u32 = 6;

/// Posts files.
#[derive(Clone, Debug)]
pub struct Intake {
    database: Database,
    originals: Originals,
    revisions: Revisions,
    posting_claims: usize,
}

/// Where a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The file is posted or quarantined.
    Finished,
    /// Somebody else is posting it at this moment.
    Elsewhere,
}

/// Everything one file is posted under.
pub(crate) struct Desk<'a> {
    pub(crate) intake: &'a Intake,
    pub(crate) caller: &'a Caller,
    pub(crate) file: &'a file::Model,
    pub(crate) context: &'a Context,
    pub(crate) revision: &'a Arc<Revision>,
    pub(crate) rules: RuleBook<'a>,
    /// What is usual with its payers.
    pub(crate) usual: &'a Usual,
    /// The same desk with the change on trial, while it has passed no limit.
    pub(crate) trial: Option<&'a Desk<'a>>,
}

impl Intake {
    /// An intake over a database and a store of originals.
    #[must_use]
    pub fn new(
        database: Database,
        originals: Originals,
        revisions: Revisions,
        posting_claims: usize,
    ) -> Self {
        // A chunk's look-ups bind one value a claim; SQLite takes 32,766.
        Self { database, originals, revisions, posting_claims: posting_claims.clamp(1, 10_000) }
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    pub(crate) fn originals(&self) -> &Originals {
        &self.originals
    }

    pub(crate) fn posting_claims(&self) -> usize {
        self.posting_claims
    }

    /// Brings a file to its end, from wherever it stands.
    ///
    /// # Errors
    /// When the database or the store of originals fails; what was committed stays, and another
    /// run goes on from there.
    pub async fn run(&self, caller: &Caller, file: Uuid) -> Result<Ended, Error> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            match self.run_once(caller, file).await {
                Err(Error::Fault(Fault::Contended)) if attempt < ATTEMPTS => {
                    let wait = std::time::Duration::from_millis(20 << attempt);
                    tokio::time::sleep(wait).await;
                }
                ended => return ended,
            }
        }
    }

    async fn run_once(&self, caller: &Caller, id: Uuid) -> Result<Ended, Error> {
        loop {
            let tx = self.database.read(caller).await?;
            let file = ledger::files::find(&tx, id).await?.ok_or(Fault::NotFound)?;
            let usual = Usual::of(&tx, &transactions::payers_of(&tx, id).await?).await?;
            drop(tx);
            let context = pinned(&file)?;
            let revision = self.revision(caller, &context.revision).await?;
            let tried = self.tried(caller, &context).await?;
            let desk = |revision| self.desk(caller, (&file, &context), revision, &usual);
            let trial = tried.as_ref().map(desk);
            let desk = Desk { trial: trial.as_ref(), ..desk(&revision) };
            match file.state.as_str() {
                ledger::files::RECEIVED => settle::settle(&desk).await?,
                ledger::files::PARSED => return post::post(&desk).await,
                _ => return Ok(Ended::Finished),
            }
        }
    }

    fn desk<'a>(
        &'a self,
        caller: &'a Caller,
        (file, context): (&'a file::Model, &'a Context),
        revision: &'a Arc<Revision>,
        usual: &'a Usual,
    ) -> Desk<'a> {
        let rules = RuleBook::new(&revision.compiled().bundle().deadline_rules);
        Desk { intake: self, caller, file, context, revision, rules, usual, trial: None }
    }

    /// The change on trial, unless it has passed a limit meanwhile.
    async fn tried(
        &self,
        caller: &Caller,
        context: &Context,
    ) -> Result<Option<Arc<Revision>>, Error> {
        let Some(trial) = &context.trial else { return Ok(None) };
        let tx = self.database.read(caller).await?;
        let row = ledger::previews::find(&tx, trial.id).await?;
        drop(tx);
        if row.is_some_and(|row| row.is_suspended()) {
            return Ok(None);
        }
        self.revision(caller, &trial.revision).await.map(Some)
    }

    /// A revision that the tenant decided with, from memory or from its stored copy.
    pub(crate) async fn revision(
        &self,
        caller: &Caller,
        hash: &str,
    ) -> Result<Arc<Revision>, Error> {
        if let Some(kept) = self.revisions.get(hash) {
            return Ok(kept);
        }
        let tx = self.database.read(caller).await?;
        let canonical = ledger::files::revision(&tx, hash).await?.ok_or(Error::UnusableRevision)?;
        drop(tx);
        let revision = Arc::new(Revision::parse(canonical)?);
        if revision.hash() != hash {
            return Err(Error::UnusableRevision);
        }
        self.revisions.hold(revision.clone());
        Ok(revision)
    }
}

/// What a file is posted under.
pub(crate) fn pinned(file: &file::Model) -> Result<Context, Fault> {
    serde_json::from_slice(&file.context)
        .map_err(|_| Fault::Broken("a pinned context does not decode"))
}

impl Desk<'_> {
    /// Reads the original and hands on what it says, but for its claims.
    async fn survey(
        &self,
        sink: &mut (impl FnMut(x12::Assembled<'_>) + Send),
    ) -> Result<(), Error> {
        let mut stream = self.intake.originals.read(&self.file.object_path).await?;
        let mut claims = x12::Claims::without_claims();
        while let Some(bytes) = stream.try_next().await? {
            claims.push(&bytes, sink);
        }
        claims.finish(sink);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
