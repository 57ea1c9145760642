//! Like denials, appealed at once: one payer, one group and reason code; an appeal a claim.
//!
//! The job asks peers in the caller's name, so it lasts at most as long as the caller's token. Each
//! chunk of claims is one transaction with its progress: what was opened stands when the job is
//! cancelled or its process dies, and asking again opens the rest. What cannot be appealed is kept
//! with why.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contracts::appeals::v1::{CreateAppealBatchRequest, CreateAppealBatchResponse};
use contracts::routing::v1 as routing;
use domain::deadline::Path;
use platform::access::Caller;
use platform::events::Event;
use platform::idempotency::Once;
use platform::jobs::{End, Record, Watched};
use platform::rejection::{Fault, Rejection, Violations};
use routing::DenialState;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use tonic::{Code, Status};
use tonic_types::StatusExt;
use uuid::Uuid;

use crate::create_appeal::{Asked, keep};
use crate::dossier::{DENIALS_MAX, code};
use crate::peers::side_by_side;
use crate::store::{self, Batch, RefusedClaim};
use crate::{Appeals, Error, FEED, face};

/// The job; its id is the batch's.
pub(crate) const KIND: &str = "appeals.create_appeal_batch";
/// The most denials of a batch.
const BATCH_MAX: usize = 10_000;
/// Claims opened in one transaction.
const CHUNK: usize = 100;

/// What a batch is of.
#[derive(Clone, Debug)]
struct Wanted {
    filter: String,
    level: Option<Path>,
    payer: String,
    facilities: BTreeSet<String>,
    /// Denials by claim.
    claims: BTreeMap<String, Vec<Uuid>>,
    denials: usize,
}

impl Appeals {
    /// Opens drafts for like denials as a job.
    ///
    /// # Errors
    /// When a field is no good, the denials are not alike or too many, none is open, or a peer or
    /// the database fails.
    pub(crate) async fn create_appeal_batch(
        &self,
        caller: &Caller,
        request: CreateAppealBatchRequest,
    ) -> Result<CreateAppealBatchResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let mut violations = Violations::default();
        if request.filter.trim().is_empty() {
            violations.add("filter", "is required: everything there is is not alike");
        }
        let level = face::level(request.path, &mut violations);
        violations.into_result()?;
        let denials = self.peers.denials_where(caller, &request.filter, BATCH_MAX + 1).await;
        let denials = denials.map_err(unfiltered)?;
        let wanted = wanted(request.filter, level, &denials)?;
        let denial_count = i64::try_from(wanted.denials).unwrap_or(i64::MAX);
        if request.validate_only {
            return Ok(CreateAppealBatchResponse { denial_count, ..Default::default() });
        }
        let this = self.clone();
        let answer = move |record: Record| CreateAppealBatchResponse {
            batch_id: record.id.to_string(),
            denial_count,
            job: Some(record.into()),
        };
        Watched { kind: KIND, unit: "claims" }
            .start(
                (&self.database, &self.tasks),
                caller,
                once,
                answer,
                move |caller, job, stop| async move {
                    this.open_batch(&caller, job, &wanted, &stop).await
                },
            )
            .await
    }

    async fn open_batch(
        &self,
        caller: &Caller,
        job: Record,
        wanted: &Wanted,
        stop: &CancellationToken,
    ) -> Option<End> {
        match self.open_all(caller, &job, wanted, stop).await {
            Ok(true) => Some(End::Succeeded(Some(job.id))),
            Ok(false) if stop.is_cancelled() => Some(End::interrupted()),
            Ok(false) => None,
            Err(error) => Some(End::failed(&error)),
        }
    }

    /// Opens all claims; false when it was stopped.
    async fn open_all(
        &self,
        caller: &Caller,
        job: &Record,
        wanted: &Wanted,
        stop: &CancellationToken,
    ) -> Result<bool, Error> {
        let tx = self.database.begin(caller).await?;
        store::keep_batch(&tx, Batch::new(job.id, &wanted.filter, wanted.level, &tx)).await?;
        tx.commit().await?;
        let payer = Uuid::try_parse(&wanted.payer).map_err(|_| Error::PayerUnknown)?;
        let shared = Arc::new(self.shared(caller, payer, wanted.facilities.clone()).await?);
        let claims: Vec<Vec<Uuid>> = wanted.claims.values().cloned().collect();
        let total = i64::try_from(claims.len()).unwrap_or(i64::MAX);
        let mut done = 0;
        for chunk in claims.chunks(CHUNK) {
            if stop.is_cancelled() {
                return Ok(false);
            }
            let ask = |ids: &Vec<Uuid>| {
                let (this, caller, ids) = (self.clone(), caller.clone(), ids.clone());
                let shared = shared.clone();
                async move { Box::pin(this.dossier_within(&caller, &ids, &shared)).await }
            };
            let dossiers = side_by_side(chunk.iter().map(ask).collect()).await?;
            let tx = self.database.begin(caller).await?;
            let (mut opened, mut refused) = (0, Vec::new());
            let order = Asked { level: wanted.level, batch: Some(job.id), ..Asked::default() };
            for (ids, dossier) in chunk.iter().zip(dossiers) {
                let kept = match dossier {
                    Ok(dossier) => keep(&tx, &dossier, &order).await.map(|_| ()),
                    Err(error) => Err(error),
                };
                match kept {
                    Ok(()) => opened += 1,
                    Err(Error::Fault(fault)) => return Err(fault.into()),
                    Err(error) => refused.push(RefusedClaim {
                        denial: ids.first().copied().unwrap_or_default(),
                        reason: error.reason().to_owned(),
                        words: error.to_string(),
                    }),
                }
            }
            done += i64::try_from(chunk.len()).unwrap_or(i64::MAX);
            if !tx.tell_job(job.id, done, total).await? {
                return Ok(false);
            }
            store::add_to_batch(&tx, job.id, opened, refused).await?;
            tx.commit().await?;
        }
        let tx = self.database.begin(caller).await?;
        let batch = store::batch(&tx, job.id).await?.ok_or(Fault::NotFound)?;
        tx.emit(FEED, vec![told(&batch)]).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// A filter that routing does not read is the caller's.
fn unfiltered(status: Status) -> Error {
    if status.code() != Code::InvalidArgument {
        return status.into();
    }
    let mut violations = Violations::default();
    let found = status.get_details_bad_request().map(|bad| bad.field_violations);
    for violation in found.unwrap_or_default() {
        violations.add("filter", violation.description);
    }
    violations.into_result().map_or_else(Error::from, |()| status.into())
}

/// What is open of these denials, by claim; refuses what is not alike.
fn wanted(
    filter: String,
    level: Option<Path>,
    denials: &[routing::Denial],
) -> Result<Wanted, Error> {
    if denials.len() > BATCH_MAX {
        return Err(Error::BatchTooLarge(BATCH_MAX));
    }
    let open = [DenialState::Open, DenialState::PartiallyOverturned];
    let open: Vec<&routing::Denial> =
        denials.iter().filter(|denial| open.contains(&denial.state())).collect();
    let alike = |denial: &routing::Denial| {
        (denial.payer_id.clone(), code(&denial.group), code(&denial.reason))
    };
    let kinds: BTreeSet<_> = open.iter().map(|denial| alike(denial)).collect();
    match kinds.len() {
        0 => return Err(Error::NothingOpen),
        1 => {}
        count => return Err(Error::NotAlike(count)),
    }
    let mut claims: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
    for denial in &open {
        let id = Uuid::try_parse(&denial.id);
        let id = id.map_err(|_| Fault::Broken("a peer answered an id that is none"))?;
        let of_claim = claims.entry(denial.case_id.clone()).or_default();
        if of_claim.len() < DENIALS_MAX {
            of_claim.push(id);
        }
    }
    let payer = open.first().map(|denial| denial.payer_id.clone()).unwrap_or_default();
    let facilities = open.iter().map(|denial| denial.facility_id.clone()).collect();
    Ok(Wanted { filter, level, payer, facilities, claims, denials: open.len() })
}

fn told(batch: &Batch) -> Event {
    let payload = json!({ "opened": batch.opened, "refused": batch.refused });
    Event {
        kind: "appeal_batch.opened",
        subject: batch.id,
        revision: String::new(),
        payload: payload.to_string().into_bytes(),
    }
}
