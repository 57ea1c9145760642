//! Open work learns what partner systems know: what nobody has touched is decided again under the
//! revision that decided it, what people have in hand is ranked by what it is worth now, and
//! everything open is told.
//!
//! A job on duty, due with the change: what it is about are rows. What is posted at the same time
//! is decided under the change or starts again (`intake::post`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use claim_context::{CHANGED, Key, OnRecord, on_record};
use domain::deadline::RuleBook;
use domain::money::Cents;
use domain_work::WorkKind;
use domain_work::priority::Worth;
use evidence::Cause;
use ledger::document::{Tally, WorkDocument, to_json};
use ledger::entity::work_item;
use ledger::files::LIVE;
use ledger::redecided::{self, Stored, is_free};
use ledger::usual::Usual;
use ledger::{adjudications, cases, held, timeline};
use platform::access::Caller;
use platform::jobs::{Handler, Job};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::error::Error;
use crate::intake::{self, Desk, Intake};
use crate::redecisions;
use crate::revisions::Revision;

/// The job.
pub(crate) fn claim_context_changed(intake: Intake) -> Job {
    let handler: Handler = Arc::new(move |caller, context| {
        let intake = intake.clone();
        Box::pin(async move {
            let learned = learn(&intake, &caller, context).await;
            learned.map_err(|error| error.of_job("open work cannot be decided again"))
        })
    });
    Job::new(CHANGED, handler)
}

async fn learn(intake: &Intake, caller: &Caller, context: Uuid) -> Result<(), Error> {
    let tx = intake.database().read(caller).await?;
    let key = claim_context::key_of(&tx, context).await?;
    let stored = match &key {
        Some(key) => claims(&tx, key).await?,
        None => Vec::new(),
    };
    let files: Vec<Uuid> = stored.iter().map(|one| one.claim.file_id).collect();
    let mut hashes: BTreeSet<String> =
        stored.iter().filter_map(decided_by).map(str::to_owned).collect();
    for file in redecided::files(&tx, &files).await? {
        hashes.insert(intake::pinned(&file)?.revision);
    }
    drop(tx);
    let mut revisions = BTreeMap::new();
    for hash in &hashes {
        revisions.insert(hash.clone(), intake.revision(caller, hash).await?);
    }
    let tx = intake.database().begin(caller).await?;
    if let Some(key) = &key {
        decide(intake, caller, &tx, key, &revisions).await?;
    }
    tx.done(CHANGED, context).await?;
    Ok(tx.commit().await?)
}

/// What is in the ledger of a claim, without what was taken back.
async fn claims(tx: &TenantTx, key: &Key) -> Result<Vec<Stored>, Error> {
    let claims = redecided::claims_of(tx, key.0, &key.1).await?;
    Ok(redecided::stored(tx, &claims).await?)
}

/// The revision that decided a claim's free work; none where there is nothing free.
fn decided_by(stored: &Stored) -> Option<&str> {
    let free = stored.items.iter().find(|item| is_free(item));
    free.map(|item| item.revision.as_str())
}

async fn decide(
    intake: &Intake,
    caller: &Caller,
    tx: &TenantTx,
    key: &Key,
    revisions: &BTreeMap<String, Arc<Revision>>,
) -> Result<(), Error> {
    let Some(known) = claim_context::of_claim(tx, key).await? else { return Ok(()) };
    let now_on_record = on_record(&known.parts, None, [].into_iter());
    let words = words(&now_on_record);
    let known = BTreeMap::from([(key.clone(), known)]);
    let stored = claims(tx, key).await?;
    let cases: Vec<Uuid> = stored.iter().map(|one| one.claim.case_id).collect();
    cases::lock(tx, &cases).await?;
    let cause = Cause { actor: CHANGED.to_owned(), ..Cause::default() };
    evidence::refresh(tx, &cases, &cause).await?;
    // As it stands with that.
    let stored = claims(tx, key).await?;
    let priors = cases::denials(tx, &cases).await?;
    let files: Vec<Uuid> = stored.iter().map(|one| one.claim.file_id).collect();
    let files = redecided::files(tx, &files).await?;
    let filed = redecisions::filed(tx, &cases, &known, &stored).await?;
    let judged = intake::judged(tx, &stored, &known, &priors).await?;
    let usual = Usual::of(tx, &BTreeSet::from([key.0])).await?;
    let mut lines = Vec::new();
    for one in stored {
        let claim = one.claim.id;
        for item in adjudications::open_items_of(tx, claim).await? {
            lines.push(timeline::line(tx, item, "claim_context.changed", CHANGED, words.clone()));
        }
        let (charge, paid) = (Cents::new(one.claim.charge_cents), usual.paid(one.claim.payer_id));
        let worth = Worth::of_claim(now_on_record.expected_allowed, charge, &paid);
        value_anew(tx, &one, worth).await?;
        let hash = decided_by(&one).map(str::to_owned);
        let file = files.iter().find(|file| file.id == one.claim.file_id);
        let file = file.ok_or(Fault::Broken("a claim is of no file"))?;
        let free = hash.is_some();
        let of_money = now_on_record.expected_allowed.is_some() && file.purpose == LIVE;
        if !free && !of_money {
            continue;
        }
        let context = intake::pinned(file)?;
        // Decided by another revision since it was read: the next run knows that one.
        let hash = hash.as_ref().unwrap_or(&context.revision);
        let revision = revisions.get(hash).ok_or(Fault::Contended)?;
        let rules = RuleBook::new(&revision.compiled().bundle().deadline_rules);
        let context = &context;
        let desk =
            Desk { intake, caller, file, context, revision, rules, usual: &usual, trial: None };
        let (row, by) = (one.claim.clone(), judged.get(&claim).copied().unwrap_or_default());
        let redecided = intake::redecide(&desk, one, &priors, &known, by)?;
        let redecided = if free { redecided } else { redecided.of_money_alone(&row) };
        let mut tally = Tally::default();
        redecisions::write(tx, revision.hash(), claim, redecided, &filed, &mut tally).await?;
    }
    Ok(timeline::tell(tx, lines).await?)
}

/// Ranks what people have in hand by what it is worth now; what it is stays decided.
async fn value_anew(tx: &TenantTx, of: &Stored, worth: Worth) -> Result<(), Error> {
    let charged = |item: &&work_item::Model| {
        let over = [adjudications::ITEM_RESOLVED, adjudications::ITEM_SUPERSEDED];
        !over.contains(&item.state.as_str())
            && !is_free(item)
            && item.kind != WorkKind::Underpayment.as_str()
    };
    let touched: Vec<Uuid> = of.items.iter().filter(charged).map(|item| item.id).collect();
    for mut row in held::locked_all(tx, &touched).await? {
        let mut document = WorkDocument::of(&row)?;
        if document.worth == worth {
            continue;
        }
        document.worth = worth;
        let today = document.zone().day_of(tx.clock().now());
        document.rank_anew(&mut row, today)?;
        row.document = to_json(&document);
        held::write(tx, row, true).await?;
    }
    Ok(())
}

/// What is on record, for whoever works the item; numbers and notes are read with GetClaimContext.
fn words(known: &OnRecord) -> String {
    let said = [
        known.authorization.map(|status| format!("authorization {}", status.as_str())),
        known.eligibility.map(|status| format!("coverage {}", status.as_str())),
        known.filing_proof.map(|status| format!("filing {}", status.as_str())),
        known.expected_allowed.map(|allowed| format!("{allowed} expected under the contract")),
    ];
    let said: Vec<String> = said.into_iter().flatten().map(|one| one.replace('_', " ")).collect();
    if said.is_empty() {
        return "partner systems know more of the claim".to_owned();
    }
    format!("partner systems say: {}", said.join(", "))
}
