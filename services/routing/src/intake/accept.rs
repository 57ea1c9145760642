//! Takes a stored file in: one row, one due job, in one transaction.

use std::io::Read;
use std::sync::Arc;

use chrono::TimeDelta;
use contracts::routing::v1::{
    RemittanceFile, RemittanceHeader, RemittancePurpose, UploadRemittanceResponse,
};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use super::{Intake, JOB};
use crate::error::Error;
use crate::revisions::Revision;
use ledger::document::{Report, to_json};
use ledger::entity::file;
use ledger::files::Approvers;
use originals::Received;
use remitted::Context;

/// How long a posting may take before the job looks after it.
const RESUME_AFTER_SECONDS: i64 = 60;

/// A file that has arrived, and what it will be posted under.
pub(crate) struct Arrival {
    pub(crate) header: RemittanceHeader,
    pub(crate) received: Received,
    pub(crate) context: Context,
    pub(crate) revision: Arc<Revision>,
    /// The change that is tried on it, as `context.trial` says.
    pub(crate) trial: Option<Arc<Revision>>,
    /// By whose acts these have their right.
    pub(crate) approvers: Vec<Approvers>,
}

/// The file's row after acceptance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) file: Uuid,
    /// Whether the same bytes were there before.
    pub(crate) before: bool,
}

/// A file at hand, for whoever takes one in without a stream: benches, tests, imports.
pub struct Submission<'a> {
    /// Name for people.
    pub name: &'a str,
    /// Whether it makes work.
    pub purpose: RemittancePurpose,
    /// The file itself; read a part at a time.
    pub bytes: &'a mut (dyn Read + Send),
    /// What it is posted under; `context.revision` is the revision's hash.
    pub context: Context,
    /// What it is decided by.
    pub revision: Arc<Revision>,
    /// The change that is tried on it, as `context.trial` says.
    pub trial: Option<Arc<Revision>>,
}

impl std::fmt::Debug for Submission<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Submission").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Intake {
    /// Takes a file in, as an upload does; answers its id. [`Intake::run`] posts it.
    ///
    /// # Errors
    /// When the store of originals or the database fails.
    pub async fn submit(&self, caller: &Caller, submission: Submission<'_>) -> Result<Uuid, Error> {
        let Submission { name, purpose, bytes, context, revision, trial } = submission;
        let mut receiving = self.originals.receive().await?;
        let mut part = vec![0; 64 << 10];
        loop {
            match bytes.read(&mut part) {
                Ok(0) => break,
                Ok(read) => receiving.write(&part[..read]).await?,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return Err(originals::Error::CutShort.into()),
            }
        }
        let received = receiving.finish().await?;
        let header = RemittanceHeader {
            file_name: name.to_owned(),
            purpose: purpose.into(),
            ..RemittanceHeader::default()
        };
        let arrival = Arrival { header, received, context, revision, trial, approvers: Vec::new() };
        self.accept(caller, arrival).await.map(|accepted| accepted.file)
    }

    /// Makes the file durable and due. The same bytes answer the first file, and nothing happens;
    /// a file that was quarantined because nobody knew its payee is read again.
    pub(crate) async fn accept(
        &self,
        caller: &Caller,
        arrival: Arrival,
    ) -> Result<Accepted, Error> {
        let mut header = arrival.header.clone();
        header.sha256.clone_from(&arrival.received.sha256);
        let once = Once::of(&header.request_id, &header)?;
        let entry = self.entry(caller, arrival).await?;
        let answer: UploadRemittanceResponse = self
            .database
            .mutate::<_, Error, _>(caller, once, move |tx| {
                Box::pin(async move { entry.enter(tx).await })
            })
            .await?;
        let file = answer.remittance_file.as_ref().map(|file| file.id.as_str());
        let file = file.and_then(|id| Uuid::parse_str(id).ok());
        let file = file.ok_or(Fault::Broken("an accepted file has no id"))?;
        Ok(Accepted { file, before: answer.already_received })
    }

    /// Keeps the original of a file and makes its row, which is yet to be entered.
    pub(crate) async fn entry(&self, caller: &Caller, arrival: Arrival) -> Result<Entry, Error> {
        let Arrival { header, received, context, revision, trial, approvers } = arrival;
        let path = self.originals.keep(caller.tenant(), &received).await?;
        let size =
            i64::try_from(received.size).map_err(|_| originals::Error::TooLarge(received.size))?;
        let row = file::Model {
            tenant_id: Uuid::nil(),
            id: platform::ids::new(),
            sha256: received.sha256,
            name: header.file_name.clone(),
            purpose: ledger::files::purpose(header.purpose()).to_owned(),
            state: ledger::files::RECEIVED.to_owned(),
            size_bytes: size,
            object_path: path,
            received_at: self.database.clock().now(),
            finished_at: None,
            uploaded_by: caller.actor().to_owned(),
            revision: revision.hash().to_owned(),
            context: to_json(&context),
            report: to_json(&Report::default()),
            version: 1,
        };
        Ok(Entry { row, revision, trial, approvers })
    }
}

/// A file whose original is kept.
pub(crate) struct Entry {
    row: file::Model,
    revision: Arc<Revision>,
    trial: Option<Arc<Revision>>,
    approvers: Vec<Approvers>,
}

impl Entry {
    /// Makes it durable and due in the transaction of whoever takes it in.
    pub(crate) async fn enter(self, tx: &TenantTx) -> Result<UploadRemittanceResponse, Error> {
        if let Some(trial) = &self.trial {
            ledger::files::keep_revision(tx, trial.hash(), trial.canonical()).await?;
        }
        let answer = enter(tx, self.row, &self.revision).await?;
        for of in &self.approvers {
            ledger::files::note_approvers(tx, of).await?;
        }
        Ok(answer)
    }
}

async fn enter(
    tx: &TenantTx,
    row: file::Model,
    revision: &Revision,
) -> Result<UploadRemittanceResponse, Error> {
    let (id, sha256) = (row.id, row.sha256.clone());
    let due = row.received_at + TimeDelta::seconds(RESUME_AFTER_SECONDS);
    ledger::files::keep_revision(tx, revision.hash(), revision.canonical()).await?;
    queues::begin_to_look(tx).await?;
    crate::follow_appeals::begin_to_follow(tx).await?;
    payer_status::begin_to_listen(tx).await?;
    if tx.insert_if_absent(ledger::set::<file::ActiveModel>(row.clone())).await? {
        tx.schedule(JOB, id, due).await?;
        return Ok(answer(id, false));
    }
    let first = ledger::files::by_hash(tx, &sha256).await?.ok_or(Fault::Contended)?;
    if !ledger::files::report(&first)?.retriable {
        return Ok(answer(first.id, true));
    }
    let again = ledger::files::read_again(tx, &first, &row).await?;
    if again {
        tx.schedule(JOB, first.id, due).await?;
    }
    Ok(answer(first.id, !again))
}

fn answer(id: Uuid, before: bool) -> UploadRemittanceResponse {
    let file = RemittanceFile { id: id.to_string(), ..RemittanceFile::default() };
    UploadRemittanceResponse { remittance_file: Some(file), already_received: before }
}
