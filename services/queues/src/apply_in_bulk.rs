use std::time::Duration;

use chrono::NaiveDate;
use contracts::routing::v1::{
    ApplyInBulkRequest, ApplyInBulkResponse, BulkAction, BulkRefusal, ResolveWorkItemRequest,
};
use domain::money::Cents;
use domain_work::UserId;
use domain_work::hold::{EndedBy, REASON_MAX, Recipient, Step, WaitingFor};
use domain_work::resolution::ResolutionKind;
use ledger::held;
use ledger::reading::work_items::WorkItem;
use platform::access::Caller;
use platform::clock::day;
use platform::idempotency::Once;
use platform::jobs::{End, Record, Watched};
use platform::rejection::{Fault, Rejection, Violations};
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::Condition;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use views::{money, narrowed};

use crate::resolve_work_item::{self, Ending};
use crate::standing::Lanes;
use crate::taken::Taken;
use crate::{Error, Queues, face, store, worker};

/// The job.
pub const BULK: &str = "routing.apply_in_bulk";
/// The most items of one call: what fits into the life of its token.
const ITEMS_MAX: usize = 10_000;
/// Refusals that are shown.
const SHOWN: usize = 20;
/// How often an item that somebody else writes at that moment is tried.
const TRIES: u32 = 3;

/// What is done to each item.
#[derive(Clone, Debug)]
enum What {
    Assign(UserId),
    Snooze(NaiveDate),
    Resolve(ResolutionKind),
}

/// A call that has been read.
#[derive(Clone, Debug)]
struct Bulk {
    what: What,
    reason: String,
    write_off_limit: Cents,
}

impl Queues {
    /// Does the same to many items, each as its own call would: what a rule refuses stays as it is.
    /// With `validate_only` every rule is asked and nothing is changed.
    ///
    /// # Errors
    /// When a field is no good, too many items fit, or the database fails.
    pub async fn apply_in_bulk(
        &self,
        caller: &Caller,
        request: ApplyInBulkRequest,
    ) -> Result<ApplyInBulkResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let bulk = read(&request, self.write_off_limit)?;
        let wanted = narrowed(&request.filter)?;
        let items = self.fitting(caller, wanted).await?;
        let cents = items.iter().fold(0_i64, |sum, (_, cents)| sum.saturating_add(*cents));
        let shown = ApplyInBulkResponse {
            item_count: i64::try_from(items.len()).unwrap_or(i64::MAX),
            at_stake: Some(money(cents)),
            ..ApplyInBulkResponse::default()
        };
        let ids: Vec<Uuid> = items.into_iter().map(|(id, _)| id).collect();
        if request.validate_only {
            return self.tried(caller, &bulk, &ids, shown).await;
        }
        let this = self.clone();
        let answer = |record: Record| ApplyInBulkResponse {
            job: Some(record.into()),
            ..ApplyInBulkResponse::default()
        };
        let work = move |caller, record, cancel| async move {
            this.apply_all(&caller, &record, &bulk, &ids, &cancel).await
        };
        let started: ApplyInBulkResponse = Watched { kind: BULK, unit: "items" }
            .start::<_, Error, _, _, _>((&self.database, &self.tasks), caller, once, answer, work)
            .await?;
        Ok(ApplyInBulkResponse { job: started.job, ..shown })
    }

    /// Ids and money of the items that fit, by id.
    async fn fitting(&self, caller: &Caller, wanted: Condition) -> Result<Vec<(Uuid, i64)>, Error> {
        let tx = self.database.read(caller).await?;
        let items = store::fitting(&tx, wanted, ITEMS_MAX + 1).await?;
        if items.len() > ITEMS_MAX {
            let mut violations = Violations::default();
            violations.add("filter", format!("fits more than {ITEMS_MAX} items: narrow it"));
            violations.into_result()?;
        }
        Ok(items)
    }

    /// What would be refused.
    async fn tried(
        &self,
        caller: &Caller,
        bulk: &Bulk,
        ids: &[Uuid],
        shown: ApplyInBulkResponse,
    ) -> Result<ApplyInBulkResponse, Error> {
        let tx = self.database.read(caller).await?;
        let lanes = Lanes::of(&tx).await?;
        let (mut refused_count, mut refusals) = (0, Vec::new());
        for some in ids.chunks(500) {
            for row in store::items(&tx, some).await? {
                let id = row.id;
                let Err(refusal) = bulk.check(&tx, &lanes, &Taken::of(row, &tx)?).await else {
                    continue;
                };
                refused_count += 1;
                if refusals.len() < SHOWN {
                    refusals.push(told(id, refusal)?);
                }
            }
        }
        Ok(ApplyInBulkResponse { refused_count, refusals, ..shown })
    }

    async fn apply_all(
        &self,
        caller: &Caller,
        record: &Record,
        bulk: &Bulk,
        ids: &[Uuid],
        cancel: &CancellationToken,
    ) -> Option<End> {
        let total = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        let mut done = 0;
        for id in ids {
            if cancel.is_cancelled() {
                return Some(End::interrupted());
            }
            match self.apply_one(caller, record.id, bulk, *id, (done + 1, total)).await {
                Ok(Applied::Done) => done += 1,
                Ok(Applied::Refused) => {}
                // Its job was cancelled: what was done stands.
                Ok(Applied::Ended) => return None,
                Err(error) => {
                    let (job, reason) = (record.id, error.reason());
                    tracing::error!(job.id = %job, reason, "bulk work failed");
                    return Some(End::failed(&error));
                }
            }
        }
        Some(End::Succeeded(None))
    }

    async fn apply_one(
        &self,
        caller: &Caller,
        job: Uuid,
        bulk: &Bulk,
        id: Uuid,
        (done, total): (i64, i64),
    ) -> Result<Applied, Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            let bulk = bulk.clone();
            let once = Once::of("", &ApplyInBulkRequest::default())?;
            let applied = self.database.mutate::<_, Stopped, _>(caller, once, move |tx| {
                Box::pin(async move {
                    bulk.apply(tx, id).await?;
                    if !tx.tell_job(job, done, total).await? {
                        return Err(Stopped::Ended);
                    }
                    Ok(ApplyInBulkResponse::default())
                })
            });
            match applied.await {
                Ok(_) => return Ok(Applied::Done),
                Err(Stopped::Ended) => return Ok(Applied::Ended),
                Err(Stopped::Refused(Error::Fault(Fault::Contended))) if tries < TRIES => {
                    tokio::time::sleep(Duration::from_millis(10 << tries)).await;
                }
                Err(Stopped::Refused(Error::Fault(fault))) if is_broken(&fault) => {
                    return Err(fault.into());
                }
                Err(Stopped::Refused(_)) => return Ok(Applied::Refused),
            }
        }
    }
}

/// What became of one item.
enum Applied {
    Done,
    Refused,
    /// The job had ended; nothing was done.
    Ended,
}

/// Why one item is left.
#[derive(Debug)]
enum Stopped {
    Ended,
    Refused(Error),
}

impl<E: Into<Error>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

/// Whether a fault is ours, and no rule's.
fn is_broken(fault: &Fault) -> bool {
    !matches!(fault, Fault::Invalid(_) | Fault::NotFound | Fault::Contended)
}

/// A refusal that is told; a fault of ours is none.
fn told(id: Uuid, refusal: Error) -> Result<BulkRefusal, Error> {
    match refusal {
        Error::Fault(fault) if is_broken(&fault) => Err(fault.into()),
        refusal => Ok(BulkRefusal {
            work_item_id: id.to_string(),
            reason: refusal.reason().to_owned(),
            words: refusal.to_string(),
        }),
    }
}

impl Bulk {
    /// What an item becomes, by the rules of the call that does it to one.
    async fn check(&self, tx: &TenantTx, lanes: &Lanes, taken: &Taken) -> Result<Step, Error> {
        let user = worker(tx.caller())?;
        let writer = taken.writer(user, lanes.standing(tx.caller(), &taken.row)?);
        Ok(match &self.what {
            What::Assign(to) => {
                let standing = lanes.of_person(*to, &taken.row)?;
                let recipient = Recipient::Person { user: *to, standing };
                taken.hold.hand_over(writer, recipient, &self.reason, taken.now)?
            }
            What::Snooze(day) => {
                let (last_day, payer) = (taken.last_day(), WaitingFor::Payer);
                taken.hold.set_follow_up(writer, payer, *day, last_day, taken.now)?
            }
            What::Resolve(kind) => {
                resolve_work_item::check(tx, taken, &self.ending(*kind), user).await?;
                taken.hold.resolve(EndedBy::Writer(writer), taken.now)?
            }
        })
    }

    async fn apply(&self, tx: &TenantTx, id: Uuid) -> Result<WorkItem, Error> {
        let row = held::locked(tx, id).await?.ok_or(Fault::NotFound)?;
        let taken = Taken::of(row, tx)?;
        let lanes = Lanes::of_team(tx, &taken.row.owner_team).await?;
        let step = self.check(tx, &lanes, &taken).await?;
        match self.what {
            What::Resolve(kind) => {
                let user = worker(tx.caller())?;
                let ended =
                    resolve_work_item::end(tx, taken, step, &self.ending(kind), user).await?;
                Ok(ended.0)
            }
            What::Assign(_) | What::Snooze(_) => taken.keep(tx, step).await,
        }
    }

    /// An end without money: what came back is of each item alone.
    fn ending(&self, kind: ResolutionKind) -> Ending {
        Ending {
            id: Uuid::nil(),
            fencing_number: 0,
            kind,
            recovered: Cents::ZERO,
            written_off: Cents::ZERO,
            request: ResolveWorkItemRequest {
                reason: self.reason.clone(),
                ..ResolveWorkItemRequest::default()
            },
            write_off_limit: self.write_off_limit,
            automated: false,
        }
    }
}

fn read(request: &ApplyInBulkRequest, write_off_limit: Cents) -> Result<Bulk, Error> {
    let mut violations = Violations::default();
    let reason = request.reason.trim().to_owned();
    violations.text("reason", &reason, REASON_MAX);
    if request.filter.trim().is_empty() {
        violations.add("filter", "is required: everything there is is not meant by chance");
    }
    let what = match request.action() {
        BulkAction::Unspecified => {
            violations.add("action", "must be ASSIGN, SNOOZE or RESOLVE");
            None
        }
        BulkAction::Assign => {
            let user = Uuid::try_parse(&request.user_id).map_err(|_| "is not a UUID");
            violations.check("user_id", user).map(|user| What::Assign(UserId(user)))
        }
        BulkAction::Snooze => {
            let until = request.follow_up_on.and_then(day);
            if until.is_none() {
                violations.add("follow_up_on", "is required: a date");
            }
            until.map(What::Snooze)
        }
        BulkAction::Resolve => {
            let mut found = Violations::default();
            let kind = face::resolution_kind(request.resolution(), &mut found);
            if kind.is_none() {
                violations.add("resolution", "is required: how the work ended");
            }
            kind.map(What::Resolve)
        }
    };
    violations.into_result()?;
    let what = what.ok_or(Fault::Broken("a violation was lost"))?;
    Ok(Bulk { what, reason, write_off_limit })
}
