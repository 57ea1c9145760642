//! Payers that are silent past their usual time: a check for each claim whose item waits for one,
//! and where a check brought nothing, work that follows its account up.
//!
//! A daily job of each tenant. Silence begins with the last change of the waiting item, the last
//! status of its claim, or the end of the last check, whichever is latest.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::dictionary::Compiled;
use domain::dictionary::vocabulary::NextAction;
use domain::money::Cents;
use domain_work::WorkKind;
use domain_work::hold::{State, WaitingFor};
use domain_work::payer_status::{Opens, after_silence, is_silent, usual_days};
use futures::future::BoxFuture;
use ledger::document::WorkDocument;
use ledger::reading::work_items::{self, WorkItem};
use ledger::{adjudications, cases, held};
use platform::access::Caller;
use platform::jobs::{Handler, Job};
use platform::rejection::Fault;
use platform::tenant_tx::{Database, TenantTx};
use uuid::Uuid;

use crate::opening::{self, Owner, Stake, Subject};
use crate::store;

/// The job; its key is the tenant's id.
const KIND: &str = "routing.listen_to_payers";
/// How often a tenant's payers are listened to.
const EVERY: TimeDelta = TimeDelta::days(1);
/// The shortest usual time.
const LEAST: TimeDelta = TimeDelta::days(1);
/// Items of one transaction.
const CHUNK: u64 = 500;

/// Reads a revision by its content hash; nothing where the tenant keeps none.
#[derive(Clone)]
pub struct Compiling(Arc<Read>);

type Read = dyn Fn(Caller, String) -> BoxFuture<'static, Result<Option<Arc<Compiled>>, Fault>>
    + Send
    + Sync;

impl fmt::Debug for Compiling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Compiling")
    }
}

impl Compiling {
    /// From what reads it.
    #[must_use]
    pub fn new<F>(read: F) -> Self
    where
        F: Fn(Caller, String) -> BoxFuture<'static, Result<Option<Arc<Compiled>>, Fault>>
            + Send
            + Sync
            + 'static,
    {
        Self(Arc::new(read))
    }
}

/// The job that opens checks.
#[must_use]
pub fn silent(database: Database, compiling: Compiling) -> Job {
    let handler: Handler = Arc::new(move |caller, tenant| {
        let (database, compiling) = (database.clone(), compiling.clone());
        Box::pin(async move { pass(&database, &compiling, &caller, tenant).await })
    });
    Job::new(KIND, handler).lease(std::time::Duration::from_secs(300))
}

/// Has a tenant's payers listened to from now on.
///
/// # Errors
/// When the database fails.
pub async fn begin_to_listen(tx: &TenantTx) -> Result<(), Fault> {
    tx.schedule(KIND, tx.caller().tenant().as_uuid(), tx.clock().now()).await
}

async fn pass(
    database: &Database,
    compiling: &Compiling,
    caller: &Caller,
    tenant: Uuid,
) -> Result<(), Fault> {
    let now = database.clock().now();
    let mut after = None;
    loop {
        let tx = database.read(caller).await?;
        let rows = store::waiting_since(&tx, now - LEAST, after, CHUNK).await?;
        drop(tx);
        let Some(last) = rows.last().map(|row| row.id) else { break };
        after = Some(last);
        let mut quiet = Vec::new();
        for row in rows {
            if is_quiet(&row, row.updated_at, now)? {
                quiet.push(row);
            }
        }
        if quiet.is_empty() {
            continue;
        }
        let mut revisions = BTreeMap::new();
        for hash in quiet.iter().map(|row| row.revision.clone()).collect::<BTreeSet<_>>() {
            let compiled = (compiling.0)(caller.clone(), hash.clone()).await?;
            revisions.extend(compiled.map(|compiled| (hash, compiled)));
        }
        let tx = database.begin(caller).await?;
        for row in quiet {
            check(&tx, &row, &revisions, now).await?;
        }
        tx.commit().await?;
    }
    let tx = database.begin(caller).await?;
    tx.put_off(KIND, tenant, now + EVERY).await?;
    Ok(tx.commit().await?)
}

/// Whether an item waits for its payer longer than that usually takes, `since` then.
fn is_quiet(row: &WorkItem, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<bool, Fault> {
    let for_payer = match held::hold(row)?.state {
        State::Waiting(wait) => wait.waiting_for == WaitingFor::Payer,
        State::Open(_) | State::Claimed(_) | State::Resolved | State::Superseded => false,
    };
    let of_a_claim = !row.payer_id.is_nil() && !row.patient_control_number.is_empty();
    let expected = WorkDocument::of(row)?.expected_days;
    Ok(for_payer && of_a_claim && is_silent(since, expected, now))
}

/// Whether an item asked the payer where a claim stands, or followed it up.
fn asks(item: &WorkItem) -> bool {
    let kinds = [WorkKind::ClaimStatus, WorkKind::ArFollowUp].map(WorkKind::as_str);
    kinds.contains(&item.kind.as_str()) && item.next_action == NextAction::PayerInquiry.as_str()
}

/// Opens a check of the claim of an item, or what follows one that brought nothing, unless one is
/// open or something was heard meanwhile.
async fn check(
    tx: &TenantTx,
    row: &WorkItem,
    revisions: &BTreeMap<String, Arc<Compiled>>,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let case = cases::with_id(tx, row.case_id).await?;
    let (payer, number) = match &case {
        Some(case) if !case.payer_id.is_nil() => (case.payer_id, &case.patient_control_number),
        _ => (row.payer_id, &row.patient_control_number),
    };
    let mut heard = store::heard(tx, payer, number).await?;
    // Whoever took the item up since it was read knows more than its silence.
    let Some(row) = held::locked(tx, row.id).await? else { return Ok(()) };
    let mut since = row.updated_at.max(heard.stated_at);
    let mut asked_at = None;
    if let Some(last) = heard.status_item {
        let last = work_items::with_id(tx, last).await?;
        let over = [adjudications::ITEM_RESOLVED, adjudications::ITEM_SUPERSEDED];
        match last {
            Some(last) if !over.contains(&last.state.as_str()) => return Ok(()),
            Some(last) => {
                since = since.max(last.updated_at);
                asked_at = asks(&last).then_some(last.created_at);
            }
            None => {}
        }
    }
    if !is_quiet(&row, since, now)? {
        return Ok(());
    }
    let heard_at = match asked_at {
        Some(_) => {
            let case = case.as_ref().map(|case| case.id);
            store::last_recorded(tx, (payer, number), case).await?
        }
        None => None,
    };
    let opens = after_silence(asked_at, heard_at);
    let document = WorkDocument::of(&row)?;
    let teams = BTreeMap::new();
    let owner = match revisions.get(&row.revision) {
        Some(compiled) => Owner::Dictionary(compiled, &teams),
        None => Owner::Team(&row.owner_team, &document.team_name, &row.revision),
    };
    let subject = Subject {
        case: row.case_id,
        number,
        payer_number: &row.payer_claim_number,
        payer: (row.payer_id, &row.payer_slug, &row.payer_name),
        facility: (row.facility_id, &row.facility_slug, &row.facility_name),
        service_on: row.service_on,
        stake: match opens {
            // It is the account's money that waits; who asks where a claim stands is not about it.
            Opens::FollowUp => {
                Stake { at_stake: Cents::new(row.at_stake_cents), worth: document.worth }
            }
            Opens::Rejection | Opens::Documents | Opens::Inquiry | Opens::Meaning => {
                Stake::default()
            }
        },
    };
    let words = format!(
        "nothing was heard of the payer for {} days, and it usually answers within {}",
        (now - since).num_days(),
        usual_days(document.expected_days)
    );
    let told = ("payer.silent", KIND, words.clone());
    heard.status_item = Some(opening::open(tx, opens, &subject, &owner, told).await?);
    store::write(tx, &heard).await?;
    let line = ledger::timeline::line(tx, row.id, "payer.silent", KIND, words);
    ledger::timeline::tell(tx, vec![line]).await
}
