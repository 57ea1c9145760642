//! Takes the open denials of an existing system in, as a remittance that is written of them.

use contracts::jobs::v1::{Job, JobState};
use contracts::routing::v1::import_open_denials_request::Part;
use contracts::routing::v1::{
    ImportHeader, ImportOpenDenialsRequest, ImportOpenDenialsResponse, RefusedRow,
    RemittanceHeader, RemittancePurpose,
};
use open_denials::{CSV_MAX, Import, Unusable, name_by_id};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::jobs::End;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use sha2::{Digest, Sha256};
use tokio_stream::{Stream, StreamExt};
use tonic::Status;
use uuid::Uuid;

use crate::Routing;
use crate::error::Error;
use crate::intake::{Arrival, Entry};
use originals::hex;

/// The job of an import: it ends in the transaction that makes its remittance durable and due.
pub(crate) const KIND: &str = "routing.import_open_denials";
const UNIT: &str = "rows";
/// Refused rows that are listed.
const LISTED_MAX: usize = 1_000;
/// Mapped columns that are looked at.
const COLUMNS_MAX: usize = 200;

impl Routing {
    /// Reads the rows, takes their claims in and posts them; answers what was refused.
    pub(crate) async fn import_open_denials(
        &self,
        caller: &Caller,
        messages: impl Stream<Item = Result<ImportOpenDenialsRequest, Status>> + Send + Unpin,
    ) -> Result<ImportOpenDenialsResponse, Error> {
        let (header, csv) = receive(messages).await?;
        let once = once(&header, &csv)?;
        let (mut context, active) = self.peers.context(caller, &self.revisions).await?;
        name_by_id(&mut context);
        let today = self.database.clock().today_utc();
        let (columns, only_tried) = (header.columns, header.validate_only);
        let read = tokio::task::spawn_blocking(move || {
            open_denials::read(&csv, &columns, &context, today).map(|import| (import, context))
        });
        let read = read.await.map_err(|_| Fault::Broken("reading open denials panicked"))?;
        let (mut import, context) = read.map_err(unusable)?;
        let answer = answer(&import);
        if only_tried {
            return Ok(answer);
        }
        let remittance = std::mem::take(&mut import.remittance);
        let entry = if remittance.is_empty() {
            None
        } else {
            let mut receiving = self.intake.originals().receive().await?;
            receiving.write(&remittance).await?;
            let header = RemittanceHeader {
                file_name: header.file_name,
                purpose: RemittancePurpose::Live.into(),
                ..RemittanceHeader::default()
            };
            let arrival = Arrival {
                header,
                received: receiving.finish().await?,
                context,
                revision: active.revision,
                trial: active.trial.map(|(_, revision)| revision),
                approvers: active.approvers,
            };
            Some(self.intake.entry(caller, arrival).await?)
        };
        let answer = self
            .database
            .mutate::<_, Error, _>(caller, once, move |tx| {
                Box::pin(async move { take_in(tx, entry, answer).await })
            })
            .await?;
        let file = answer.job.as_ref().and_then(|job| Uuid::parse_str(&job.result_id).ok());
        if let Some(file) = file {
            self.post(caller, file).await?;
        }
        Ok(answer)
    }
}

/// Enters the remittance, if there is one, with the job that it ends.
async fn take_in(
    tx: &TenantTx,
    entry: Option<Entry>,
    answer: ImportOpenDenialsResponse,
) -> Result<ImportOpenDenialsResponse, Error> {
    let file = match entry {
        Some(entry) => {
            let file = entry.enter(tx).await?.remittance_file.unwrap_or_default();
            Some(Uuid::parse_str(&file.id).map_err(|_| Fault::Broken("a file has no id"))?)
        }
        None => None,
    };
    let (done, total) = answer.job.as_ref().map(|job| (job.done, job.total)).unwrap_or_default();
    let record = tx.open_job(KIND, UNIT).await?;
    tx.tell_job(record.id, done, total).await?;
    tx.end_job(&record, End::Succeeded(file)).await?;
    let ended = tx.job(&[KIND], record.id).await?.ok_or(Fault::Broken("a job is not there"))?;
    Ok(ImportOpenDenialsResponse { job: Some(ended.into()), ..answer })
}

/// What an import comes to; its job has no id before there is one.
fn answer(import: &Import) -> ImportOpenDenialsResponse {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let refused = import.refused.iter().take(LISTED_MAX).map(|refused| RefusedRow {
        row: count(refused.row),
        column: refused.column.clone(),
        reason: refused.reason.clone(),
    });
    let job = Job {
        kind: KIND.to_owned(),
        state: JobState::Succeeded.into(),
        done: count(import.rows - import.refused.len()),
        total: count(import.rows),
        unit: UNIT.to_owned(),
        ..Job::default()
    };
    ImportOpenDenialsResponse {
        job: Some(job),
        refused_rows: refused.collect(),
        refused_count: count(import.refused.len()),
    }
}

/// The header, checked, and the bytes.
async fn receive(
    mut messages: impl Stream<Item = Result<ImportOpenDenialsRequest, Status>> + Send + Unpin,
) -> Result<(ImportHeader, Vec<u8>), Error> {
    let first = messages.next().await.transpose().map_err(|_| originals::Error::CutShort)?;
    let Some(Part::Header(mut header)) = first.and_then(|first| first.part) else {
        return Err(originals::Error::HeaderMissing.into());
    };
    header.file_name = originals::file_name(&header.file_name);
    let mut violations = Violations::default();
    violations.text("header.file_name", &header.file_name, 255);
    originals::Expected::default().check(&header.request_id, &mut violations);
    if header.columns.len() > COLUMNS_MAX {
        violations.add("header.columns", format!("has more than {COLUMNS_MAX} fields"));
    }
    violations.into_result()?;
    let mut csv = Vec::new();
    while let Some(message) = messages.next().await {
        let Some(Part::Chunk(chunk)) = message.map_err(|_| originals::Error::CutShort)?.part else {
            return Err(originals::Error::HeaderMissing.into());
        };
        if csv.len() + chunk.len() > CSV_MAX {
            return Err(originals::Error::TooLarge(CSV_MAX as u64).into());
        }
        csv.extend_from_slice(&chunk);
    }
    if csv.is_empty() { Err(originals::Error::Empty.into()) } else { Ok((header, csv)) }
}

/// The identity of an import. A map has no order of its own, so that its header is hashed sorted.
fn once(header: &ImportHeader, csv: &[u8]) -> Result<Once, Fault> {
    let mut columns: Vec<(&String, &String)> = header.columns.iter().collect();
    columns.sort_unstable();
    let mut hasher = Sha256::new();
    for text in columns.into_iter().flat_map(|(field, heading)| [field, heading]) {
        hasher.update(text.len().to_be_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.update(csv);
    let hashed = RemittanceHeader {
        file_name: header.file_name.clone(),
        sha256: hex(&hasher.finalize()),
        ..RemittanceHeader::default()
    };
    Once::of(&header.request_id, &hashed)
}

fn unusable(Unusable(faults): Unusable) -> Error {
    let mut violations = Violations::default();
    for (field, words) in faults {
        violations.add(field, words);
    }
    violations
        .into_result()
        .err()
        .unwrap_or(Fault::Broken("a file that cannot be read says why"))
        .into()
}
