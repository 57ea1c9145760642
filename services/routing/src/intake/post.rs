//! The second pass: chunks of claims into the ledger, each once.

use std::collections::{BTreeMap, BTreeSet};

use evidence::Filed;
use payer_status::Adjudicated;
use platform::access::Caller;
use platform::events::Event;
use platform::rejection::Fault;
use platform::tenant_tx::{Database, TenantTx};
use remitted::Trial;
use serde::Serialize;
use serde_json::json;
use tokio::task::JoinSet;
use tracing::Instrument;
use uuid::Uuid;

use super::draft::Draft;
use super::source::Source;
use super::upstream::Upstream;
use super::weave::Rows;
use super::{Desk, Ended, FEED, JOB, merge, take_back, weave};
use crate::error::Error;
use domain_governance::preview::{Limits, Tally};
use ledger::document::to_json;
use ledger::previews::{self, Added};
use ledger::transactions::{self, Step};
use ledger::{adjudications, contended, files, timeline, verdicts};

/// Posts what is planned and not posted, and ends the file.
pub(super) async fn post(desk: &Desk<'_>) -> Result<Ended, Error> {
    let tx = desk.intake.database().read(desk.caller).await?;
    let plan = transactions::of_file(&tx, desk.file.id).await?;
    drop(tx);
    if !plan.is_empty() && !post_claims(desk, &plan).await? {
        return Ok(Ended::Elsewhere);
    }
    take_back::post(desk, &plan).await?;
    finish(desk).await
}

/// What a chunk is written under.
#[derive(Clone)]
struct Writer {
    database: Database,
    caller: Caller,
    file: Uuid,
    upstream: Upstream,
    trial: Option<Trial>,
    live: bool,
}

/// How a chunk was written.
enum Posted {
    /// Not at all: somebody else posts the file.
    Elsewhere,
    /// Whole. `suspended` says that the change on trial has passed a limit.
    Here { suspended: bool },
}

/// Reads and posts; false when somebody else is posting the same file.
///
/// While a task of its own writes one chunk the next one is read and decided here. When this is
/// dropped the task is too, and what it had not committed is undone.
async fn post_claims(
    desk: &Desk<'_>,
    plan: &BTreeMap<i64, transactions::Plan>,
) -> Result<bool, Error> {
    let writer = Writer {
        database: desk.intake.database().clone(),
        caller: desk.caller.clone(),
        file: desk.file.id,
        upstream: Upstream::of(desk),
        trial: desk.context.trial.clone(),
        live: desk.file.purpose == files::LIVE,
    };
    let mut source = Source::open(desk, plan).await?;
    let mut next = source.next().await?;
    let mut writing = JoinSet::new();
    while let Some(drafts) = next {
        writing.spawn(writer.clone().post_chunk(drafts).in_current_span());
        let following = source.next().await;
        let posted = writing.join_next().await.and_then(Result::ok);
        match posted.ok_or(Fault::Broken("the writer of a chunk panicked"))?? {
            Posted::Elsewhere => return Ok(false),
            Posted::Here { suspended: true } => source.suspend(),
            Posted::Here { suspended: false } => {}
        }
        next = following?;
    }
    Ok(true)
}

impl Writer {
    /// Posts one chunk in one transaction, unless the guard had moved.
    async fn post_chunk(self, mut drafts: Vec<Draft>) -> Result<Posted, Error> {
        let tx = self.database.begin(&self.caller).await?;
        for (transaction, step) in steps(&drafts) {
            if !transactions::step(&tx, transaction, step).await? {
                return Ok(Posted::Elsewhere);
            }
        }
        for draft in drafts.iter_mut().filter(|draft| draft.claim_id.is_none()) {
            draft.claim_id = adjudications::claim_at(&tx, self.file, draft.ordinal).await?;
        }
        let known = known(&tx, &drafts).await?;
        if !is_current(&drafts, &known) {
            return Err(Fault::Contended.into());
        }
        let mut rows = weave::weave(&tx, &mut drafts, &self.upstream, self.file).await?;
        if drafts.first().is_some_and(|draft| draft.later.is_some()) {
            merge::merge(&tx, &mut drafts[0]).await?;
            transactions::add_items(&tx, drafts[0].transaction, drafts[0].items.len()).await?;
        }
        for draft in &mut drafts {
            if let Some(item) = draft.underpaid.take() {
                draft.items.push(item);
                transactions::add_items(&tx, draft.transaction, 1).await?;
            }
        }
        fulfil(&tx, &mut drafts, &known).await?;
        let suspended = self.tried(&tx, &drafts, &mut rows.events).await?;
        let decided = self.decided(&drafts);
        rows.take(drafts);
        payer_status::adjudicated(&tx, &decided).await?;
        self.settle(&tx, &mut rows).await?;
        rows.tell_reversed();
        tx.insert_all(rows.cases).await.map_err(contended)?;
        tx.insert_all(rows.claims).await.map_err(contended)?;
        tx.insert_all(rows.parts).await.map_err(contended)?;
        tx.insert_all(rows.subjects).await?;
        tx.insert_all(rows.denials).await?;
        tx.insert_all(rows.items).await?;
        tx.emit(FEED, rows.events).await?;
        rows.counted.write(&tx).await?;
        history::fold(&tx, rows.denied).await?;
        tx.commit().await?;
        Ok(Posted::Here { suspended })
    }

    /// Claims that their payers have decided on.
    fn decided(&self, drafts: &[Draft]) -> Vec<Adjudicated> {
        let live = drafts.iter().filter(|draft| self.live && !draft.payer_id.is_nil());
        let rows = live.filter_map(|draft| Some((draft, draft.row.as_ref()?)));
        let decided = rows.filter(|(_, row)| !row.reversal).map(|(draft, row)| Adjudicated {
            payer: draft.payer_id,
            number: draft.patient_control_number.clone(),
            case: draft.case_id,
            on: row.remit_on,
        });
        decided.collect()
    }

    /// Writes what the chunk makes of earlier work: items before their denials, as people's acts
    /// lock them.
    async fn settle(&self, tx: &TenantTx, rows: &mut Rows) -> Result<(), Error> {
        let mut lines = Vec::new();
        let taken_back = adjudications::resolve(tx, &rows.reversed_claims).await?;
        for item in taken_back.iter().copied() {
            let by = json!({ "by": "reversal" });
            rows.events.push(event("work_item.resolved", item, &rows.revision, &by));
            let words = "done: the payer took its adjudication back".to_owned();
            lines.push(timeline::line(tx, item, "work_item.resolved", JOB, words));
        }
        timeline::tell(tx, lines).await?;
        queues::withdraw_questions(tx, &taken_back).await?;
        for (claim, by) in std::mem::take(&mut rows.doubts) {
            for item in adjudications::open_items_of(tx, claim).await? {
                let answer = rows.answers.entry(item);
                answer.or_insert_with(|| queues::Answer::of(item, by)).doubt();
            }
        }
        queues::answered(tx, &rows.answers, JOB).await?;
        rows.counted.and(verdicts::write(tx, &rows.verdicts).await?);
        Ok(())
    }

    /// Counts what the change on trial did; whether it has passed a limit.
    async fn tried(
        &self,
        tx: &TenantTx,
        drafts: &[Draft],
        events: &mut Vec<Event>,
    ) -> Result<bool, Error> {
        let tally = drafts.iter().fold(Tally::default(), |sum, draft| sum.and(draft.trial));
        let Some(trial) = self.trial.as_ref().filter(|_| tally.decided > 0) else {
            return Ok(false);
        };
        let [diverged, unmapped, short] = trial.limits;
        let limits = Limits { diverged, unmapped, short };
        match previews::add(tx, trial.id, tally, &limits).await? {
            Added::Running => return Ok(false),
            Added::Suspended => {}
            Added::Passed(words) => {
                let payload = json!({ "words": words });
                events.push(event("preview.suspended", trial.id, &trial.revision, &payload));
            }
        }
        Ok(true)
    }
}

/// What partner systems know of the drafts' claims.
type KnownContexts = BTreeMap<claim_context::Key, claim_context::Stored>;

fn key(draft: &Draft) -> claim_context::Key {
    (draft.payer_id, draft.patient_control_number.clone())
}

async fn known(tx: &TenantTx, drafts: &[Draft]) -> Result<KnownContexts, Error> {
    let keys: BTreeSet<claim_context::Key> =
        drafts.iter().map(key).filter(|(payer, _)| !payer.is_nil()).collect();
    let keys: Vec<claim_context::Key> = keys.into_iter().collect();
    Ok(claim_context::by_claims(tx, &keys).await?)
}

/// Whether the drafts were decided under what partner systems know now: a context that changed
/// since they were would not reach them, for they are no open work yet.
fn is_current(drafts: &[Draft], known: &KnownContexts) -> bool {
    let version = |draft: &Draft| known.get(&key(draft)).map_or(0, |known| known.version);
    drafts.iter().all(|draft| version(draft) == draft.context_version)
}

/// Compares the checklists of new items with what is on file for their claims already.
async fn fulfil(tx: &TenantTx, drafts: &mut [Draft], known: &KnownContexts) -> Result<(), Error> {
    let items = drafts.iter().flat_map(|draft| &draft.items);
    let wanting = items.filter(|item| !item.document.evidence.is_empty());
    let cases: BTreeSet<Uuid> = wanting.map(|item| item.row.case_id).collect();
    let cases: Vec<Uuid> = cases.into_iter().collect();
    let mut filed = Filed::of(tx, &cases, known).await?;
    if filed.is_empty() {
        return Ok(());
    }
    for row in drafts.iter().filter_map(|draft| draft.row.as_ref()) {
        filed.serviced(row.id, row.service_starts_on, row.service_ends_on);
    }
    for item in drafts.iter_mut().flat_map(|draft| &mut draft.items) {
        filed.fulfil_with(&mut item.row, &mut item.document)?;
    }
    Ok(())
}

/// How far the drafts move each transaction.
fn steps(drafts: &[Draft]) -> BTreeMap<Uuid, Step> {
    let mut steps: BTreeMap<Uuid, Step> = BTreeMap::new();
    for draft in drafts {
        let step = steps
            .entry(draft.transaction)
            .or_insert_with(|| Step { from: draft.number, ..Step::default() });
        step.to = draft.number + 1;
        step.denials += i64::try_from(draft.denials.len()).unwrap_or(i64::MAX);
        step.exceptions += draft.exceptions;
        // A later part's items may join those of its claim: they are counted once merged.
        if draft.later.is_none() {
            step.work_items += i64::try_from(draft.items.len()).unwrap_or(i64::MAX);
        }
    }
    steps
}

/// An event of the feed.
pub(crate) fn event(
    kind: &'static str,
    subject: Uuid,
    revision: &str,
    payload: &impl Serialize,
) -> Event {
    Event { kind, subject, revision: revision.to_owned(), payload: to_json(payload) }
}

async fn finish(desk: &Desk<'_>) -> Result<Ended, Error> {
    let tx = desk.intake.database().begin(desk.caller).await?;
    let mut report = files::report(desk.file)?;
    for row in transactions::of_file(&tx, desk.file.id).await?.values() {
        report.counts.denials += row.denials;
        report.counts.exceptions += row.exceptions;
        report.counts.work_items += row.work_items;
    }
    if !files::advance(&tx, desk.file, files::POSTED, &report).await? {
        return Ok(Ended::Finished);
    }
    transactions::close(&tx, desk.file.id).await?;
    tx.done(JOB, desk.file.id).await?;
    let counts = &report.counts;
    let payload = json!({
        "purpose": desk.file.purpose,
        "claims": counts.claims,
        "denials": counts.denials,
        "exceptions": counts.exceptions,
        "work_items": counts.work_items,
        "duplicate_transactions": counts.duplicate_transactions,
    });
    let posted = event("remittance.posted", desk.file.id, desk.revision.hash(), &payload);
    tx.emit(FEED, vec![posted]).await?;
    tx.commit().await?;
    Ok(Ended::Finished)
}
