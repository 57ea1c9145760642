//! What the days do to work: its rank, the steps of its escalation path, and the end of its window.
//!
//! An hourly job of each tenant looks at the items whose day has come in the zone of their payer,
//! and at no other. A step that is told stands in the item's row from the same transaction on: it
//! is told once, after a crash and under a clock that moves back as well.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain_work::escalation::{History, Missed, Planned, missed};
use domain_work::priority::rank;
use ledger::document::{Telling, WorkDocument, to_json};
use ledger::reading::work_items::WorkItem;
use ledger::timeline::Line;
use ledger::{FEED, held, looked_at, timeline};
use platform::access::Caller;
use platform::events::Event;
use platform::jobs::{Handler, Job};
use platform::rejection::Fault;
use platform::tenant_tx::{Database, TenantTx};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tracing::Instrument;
use uuid::Uuid;

use crate::forecasts;

/// The job; its key is the tenant's id.
const KIND: &str = "routing.look_at_work";
/// How often a tenant's work is looked at.
const EVERY: TimeDelta = TimeDelta::hours(1);
/// Items of one transaction.
const CHUNK: u64 = 2_000;
/// How many transactions at a time: one decides, or waits for the disk, while the other writes.
const LANES: usize = 2;

/// The job that lets the days do their part.
#[must_use]
pub fn look(database: Database) -> Job {
    let handler: Handler = Arc::new(move |caller, tenant| {
        let database = database.clone();
        Box::pin(async move { pass(&database, &caller, tenant).await })
    });
    Job::new(KIND, handler).lease(std::time::Duration::from_secs(300))
}

/// Has a tenant's work looked at from now on.
///
/// # Errors
/// When the database fails.
pub async fn begin_to_look(tx: &TenantTx) -> Result<(), Fault> {
    tx.schedule(KIND, tx.caller().tenant().as_uuid(), tx.clock().now()).await
}

async fn pass(database: &Database, caller: &Caller, tenant: Uuid) -> Result<(), Fault> {
    let now = database.clock().now();
    let mut lanes = JoinSet::new();
    for _ in 0..LANES {
        let (database, caller) = (database.clone(), caller.clone());
        let lane = async move { lane(&database, &caller, now).await };
        lanes.spawn(lane.in_current_span());
    }
    while let Some(ended) = lanes.join_next().await {
        ended.map_err(|_| Fault::Broken("a look panicked"))??;
    }
    forecasts::renew(database, caller).await?;
    let tx = database.begin(caller).await?;
    tx.put_off(KIND, tenant, now + EVERY).await?;
    Ok(tx.commit().await?)
}

/// Looks at what is due and in no other lane's hands, chunk by chunk.
async fn lane(database: &Database, caller: &Caller, now: DateTime<Utc>) -> Result<(), Fault> {
    // It is this day already where days begin first; who is not so far is passed over.
    let day = (now + TimeDelta::hours(14)).date_naive();
    let mut after = None;
    loop {
        let tx = database.begin(caller).await?;
        let rows = looked_at::due(&tx, day, after, CHUNK).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some((last.look_on, last.id));
        let mut said = Said::default();
        let mut looked = Vec::with_capacity(rows.len());
        for row in rows {
            looked.extend(turned(&tx, row, now, &mut said)?);
        }
        looked_at::write(&tx, looked).await?;
        timeline::tell(&tx, said.lines).await?;
        tx.emit(FEED, said.events).await?;
        tx.commit().await?;
    }
}

/// What is said of items.
#[derive(Default)]
struct Said {
    lines: Vec<Line>,
    events: Vec<Event>,
}

/// An item as it stands now; `None` where its day has not come in its zone.
fn turned(
    tx: &TenantTx,
    mut row: WorkItem,
    now: DateTime<Utc>,
    said: &mut Said,
) -> Result<Option<WorkItem>, Fault> {
    let document = WorkDocument::of(&row)?;
    let today = document.zone().day_of(now);
    if row.look_on > today {
        return Ok(None);
    }
    let mut told = Telling::of(&row)?;
    let kept = document.appealed.is_some();
    for planned in document.plan().due(&told.steps, now) {
        if !kept && told.steps.note(planned.step) {
            said.step(tx, &row, &planned);
        }
    }
    if !kept && let Some(missed) = late(&row, &document, &told, now)? {
        told.missed = Some(missed.last_day);
        said.missed(tx, &row, &missed);
    }
    let fresh = rank(&document.stakes(&row), today);
    document.put_rank(&fresh, &told, &mut row);
    row.told = to_json(&told);
    Ok(Some(row))
}

/// The missed date of an item, unless it is on record.
fn late(
    row: &WorkItem,
    document: &WorkDocument,
    told: &Telling,
    now: DateTime<Utc>,
) -> Result<Option<Missed>, Fault> {
    let Some(deadline) = document.ranking() else { return Ok(None) };
    if told.missed == Some(deadline.last_day) {
        return Ok(None);
    }
    let history = History {
        state: held::hold(row)?.state,
        fencing_number: row.fencing_number,
        received_on: deadline.zone.day_of(row.created_at),
        evidence_missing: document.evidence_missing(),
    };
    Ok(missed(deadline, &history, now))
}

impl Said {
    fn step(&mut self, tx: &TenantTx, row: &WorkItem, planned: &Planned) {
        let (percent, tell) = (planned.step.at_percent, planned.step.tell.as_str());
        let words =
            format!("{percent} % of the window has passed: told to the {}", tell.replace('_', " "));
        let payload = json!({ "at_percent": percent, "tell": tell });
        self.add(tx, row, "work_item.escalated", words, payload);
    }

    fn missed(&mut self, tx: &TenantTx, row: &WorkItem, missed: &Missed) {
        let causes: Vec<&str> = missed.causes.iter().map(|cause| cause.as_str()).collect();
        let payload = json!({
            "rule": missed.rule,
            "last_day": missed.last_day,
            "causes": causes,
            "holder": missed.holder.map(|holder| holder.to_string()),
        });
        self.add(tx, row, "work_item.deadline_missed", missed.words.clone(), payload);
    }

    fn add(
        &mut self,
        tx: &TenantTx,
        row: &WorkItem,
        kind: &'static str,
        words: String,
        mut payload: Value,
    ) {
        payload["team"] = row.owner_team.as_str().into();
        payload["at_stake_cents"] = row.at_stake_cents.into();
        self.lines.push(timeline::line(tx, row.id, kind, KIND, words));
        self.events.push(Event {
            kind,
            subject: row.id,
            revision: row.revision.clone(),
            payload: payload.to_string().into_bytes(),
        });
    }
}
