//! What payers give and take at provider level for single claims: the WO and FB pairs of PLB
//! segments, after all claims of a file are posted.
//!
//! The rule is `domain_work::take_back`. A pair is about the one case of its payer whose claims
//! have its number; what names none, or several, is kept without a case and looked for again after
//! every file of the payer. Each pair is a row by its place in its transaction, so that a run that
//! starts again adds what is not there yet. Of a case for which more was taken than given there is
//! one item; it is of no occurrence, so that no reversal ends it and no revision decides it anew.
//!
//! Limits: a balance that is carried for the provider as a whole names no claim and stays without a
//! case; whose work an item is follows the policy in force when it was opened.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::calendar::spoken;
use domain::dictionary::vocabulary::ExceptionKind;
use domain::money::Cents;
use domain_work::priority::Worth;
use domain_work::take_back::{Change, Item as About, ItemState, Reason, change, number, taken};
use futures::TryStreamExt;
use ledger::adjudications::ITEM_RESOLVED;
use ledger::claim_document::normalized;
use ledger::document::to_json;
use ledger::entity::work_item;
use ledger::files::LIVE;
use ledger::take_backs::{self, AMBIGUOUS, MATCHED, PastTakeBack, TakeBack, UNMATCHED};
use ledger::transactions::{self, Plan};
use ledger::{FEED, cases, contended, files, reading, set};
use platform::events::Event;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use remitted::cents;
use serde_json::json;
use uuid::Uuid;
use x12::Assembled;
use x12::model::ProviderAdjustmentValue;

use super::facts::{Governing, payer_key};
use super::work::by_policy;
use super::{Desk, JOB, event};
use crate::error::Error;

/// Pairs that one transaction of the database keeps, or places.
const AT_ONCE: usize = 500;

/// Keeps the pairs of a file, and places what was kept before where its claims are known now.
pub(super) async fn post(desk: &Desk<'_>, plan: &BTreeMap<i64, Plan>) -> Result<(), Error> {
    if !plan.is_empty() && files::report(desk.file)?.counts.provider_adjustments > 0 {
        read(desk, plan).await?;
    }
    place_again(desk).await
}

async fn read(desk: &Desk<'_>, plan: &BTreeMap<i64, Plan>) -> Result<(), Error> {
    let mut pairs = Pairs::new(desk, plan);
    let mut stream = desk.intake.originals().read(&desk.file.object_path).await?;
    let mut claims = x12::Claims::without_claims();
    while let Some(bytes) = stream.try_next().await? {
        claims.push(&bytes, &mut |assembled| pairs.take(assembled));
        while pairs.ready.len() >= AT_ONCE {
            keep(desk, pairs.ready.drain(..AT_ONCE).collect()).await?;
        }
    }
    claims.finish(&mut |assembled| pairs.take(assembled));
    while !pairs.ready.is_empty() {
        let some = pairs.ready.len().min(AT_ONCE);
        keep(desk, pairs.ready.drain(..some).collect()).await?;
    }
    Ok(())
}

/// Collects the pairs of planned transactions.
struct Pairs<'a> {
    desk: &'a Desk<'a>,
    plan: &'a BTreeMap<i64, Plan>,
    /// Place of the open transaction in the file; -1 before the first.
    transaction: i64,
    /// Pairs of it seen so far.
    pairs: i64,
    governing: Option<(Arc<Governing>, String)>,
    ready: Vec<TakeBack>,
}

impl<'a> Pairs<'a> {
    fn new(desk: &'a Desk<'a>, plan: &'a BTreeMap<i64, Plan>) -> Self {
        Self { desk, plan, transaction: -1, pairs: 0, governing: None, ready: Vec::new() }
    }

    fn take(&mut self, assembled: Assembled<'_>) {
        match assembled {
            Assembled::Opened { .. } => {
                self.transaction += 1;
                self.pairs = 0;
                self.governing = None;
            }
            Assembled::Header(header) if self.plan.contains_key(&self.transaction) => {
                let received_on = self.desk.file.received_at.date_naive();
                let governing = Governing::of(self.desk.context, &header, received_on);
                self.governing = Some((governing, header.trace.clone()));
            }
            Assembled::ProviderAdjustment(pair) => {
                self.pairs += 1;
                self.pair(&pair);
            }
            Assembled::Header(_)
            | Assembled::Claim(_)
            | Assembled::Segment(_)
            | Assembled::Status(_)
            | Assembled::Orphan(_)
            | Assembled::Closed(_)
            | Assembled::Finding(_) => {}
        }
    }

    fn pair(&mut self, pair: &ProviderAdjustmentValue) {
        let amount = cents(&pair.amount);
        let plan = self.plan.get(&self.transaction);
        let Some((plan, (governing, trace))) = plan.zip(self.governing.as_ref()) else { return };
        if Reason::parse(&pair.reason).is_none() || amount == Cents::ZERO {
            return;
        }
        self.ready.push(TakeBack {
            tenant_id: Uuid::nil(),
            id: platform::ids::new(),
            file_id: self.desk.file.id,
            transaction_id: plan.id,
            ordinal: self.pairs - 1,
            byte_offset: i64::try_from(pair.offset).unwrap_or(i64::MAX),
            reason: pair.reason.clone(),
            claim_number: normalized(number(pair.reference.reveal())),
            amount_cents: amount.as_i64(),
            payer_id: governing.payer_id(),
            payer_key: governing.payer_key.clone(),
            payer_name: governing.payer_name.clone(),
            trace: trace.clone(),
            remit_on: governing.remit_on,
            case_id: Uuid::nil(),
            state: UNMATCHED.to_owned(),
            posted_at: self.desk.now(),
        });
    }
}

async fn keep(desk: &Desk<'_>, mut rows: Vec<TakeBack>) -> Result<(), Error> {
    let tx = desk.intake.database().begin(desk.caller).await?;
    let of: BTreeSet<Uuid> = rows.iter().map(|row| row.transaction_id).collect();
    let kept = take_backs::kept(&tx, &of).await?;
    rows.retain(|row| !kept.contains(&(row.transaction_id, row.ordinal)));
    place(&tx, &mut rows).await?;
    take_backs::keep(&tx, &rows).await.map_err(contended)?;
    let told = |row: &TakeBack| told(desk, "take_back.recorded", row);
    tx.emit(FEED, rows.iter().map(told).collect()).await?;
    answer(desk, &tx, &rows).await?;
    Ok(tx.commit().await?)
}

/// Looks for the claims of what has no case yet, of the payers of a file.
async fn place_again(desk: &Desk<'_>) -> Result<(), Error> {
    let tx = desk.intake.database().read(desk.caller).await?;
    let payers = transactions::payer_names(&tx, desk.file.id).await?;
    drop(tx);
    let limit = u64::try_from(AT_ONCE).unwrap_or(u64::MAX);
    for (slug, sent) in payers {
        let key = payer_key(&slug, &sent);
        let mut after = Uuid::nil();
        loop {
            let tx = desk.intake.database().read(desk.caller).await?;
            let mut rows = take_backs::without_case(&tx, &key, after, limit).await?;
            let Some(last) = rows.last() else { break };
            after = last.id;
            place(&tx, &mut rows).await?;
            drop(tx);
            rows.retain(|row| row.state == MATCHED);
            if !rows.is_empty() {
                found(desk, rows).await?;
            }
        }
    }
    Ok(())
}

/// Writes which cases rows are about that had none.
async fn found(desk: &Desk<'_>, rows: Vec<TakeBack>) -> Result<(), Error> {
    let tx = desk.intake.database().begin(desk.caller).await?;
    let mut placed = Vec::with_capacity(rows.len());
    for row in rows {
        if take_backs::place(&tx, &row).await? {
            placed.push(row);
        }
    }
    let told = |row: &TakeBack| told(desk, "take_back.matched", row);
    tx.emit(FEED, placed.iter().map(told).collect()).await?;
    answer(desk, &tx, &placed).await?;
    Ok(tx.commit().await?)
}

/// Names the case of each row that is about one.
async fn place(tx: &TenantTx, rows: &mut [TakeBack]) -> Result<(), Error> {
    let named = rows.iter().filter(|row| !row.claim_number.is_empty());
    let numbers: BTreeSet<String> = named.map(|row| row.claim_number.clone()).collect();
    let cases = take_backs::cases_named(tx, &numbers).await?;
    for row in rows {
        let found = cases.get(&(row.payer_key.clone(), row.claim_number.clone()));
        let found: Vec<Uuid> = found.into_iter().flatten().copied().collect();
        let (state, case) = match found.as_slice() {
            [] => (UNMATCHED, Uuid::nil()),
            [case] => (MATCHED, *case),
            _ => (AMBIGUOUS, Uuid::nil()),
        };
        (row.state, row.case_id) = (state.to_owned(), case);
    }
    Ok(())
}

fn told(desk: &Desk<'_>, kind: &'static str, row: &TakeBack) -> Event {
    let payload = json!({
        "remittance_file": row.file_id,
        "case": (row.state == MATCHED).then_some(row.case_id),
        "payer": row.payer_key,
        "reason": row.reason,
        "amount_cents": row.amount_cents,
        "state": row.state,
    });
    event(kind, row.id, desk.revision.hash(), &payload)
}

/// Opens, lessens, ends and reopens the items of the cases that rows are about.
async fn answer(desk: &Desk<'_>, tx: &TenantTx, rows: &[TakeBack]) -> Result<(), Error> {
    // The latest of each case says it.
    let matched = rows.iter().filter(|row| row.state == MATCHED);
    let by_case: BTreeMap<Uuid, &TakeBack> = matched.map(|row| (row.case_id, row)).collect();
    if desk.file.purpose != LIVE || by_case.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = by_case.keys().copied().collect();
    cases::lock(tx, &ids).await?;
    let amounts = take_backs::amounts(tx, &ids).await?;
    let items = take_backs::items(tx, &ids).await?;
    let done = items.iter().filter(|item| item.state == ITEM_RESOLVED);
    let done: Vec<Uuid> = done.map(|item| item.id).collect();
    let by_people = queues::ended_by_people(tx, &done).await?;
    let (mut answers, mut fresh) = (BTreeMap::new(), Vec::new());
    for (case, row) in by_case {
        let own: Vec<&PastTakeBack> = items.iter().filter(|item| item.case_id == case).collect();
        let stand: Vec<About> = own.iter().map(|item| about(item, &by_people)).collect();
        let over = taken(amounts.get(&case).into_iter().flatten().copied());
        match change(over, &stand) {
            Change::Nothing => {}
            Change::Open(left) => fresh.push(opened(desk, tx, row, left).await?),
            other => {
                let answer = answered(&own, other, row);
                answers.extend(answer.map(|answer| (answer.item, answer)));
            }
        }
    }
    for (row, transaction) in &fresh {
        transactions::add_items(tx, *transaction, 1).await?;
        tx.emit(FEED, vec![ledger::opening::opened(row)]).await?;
    }
    let fresh = fresh.into_iter().map(|(row, _)| set::<work_item::ActiveModel>(row)).collect();
    tx.insert_all(fresh).await?;
    Ok(queues::answered(tx, &answers, JOB).await?)
}

fn about(item: &PastTakeBack, by_people: &[Uuid]) -> About {
    let state = match (item.state.as_str(), by_people.contains(&item.id)) {
        (ITEM_RESOLVED, true) => ItemState::Settled,
        (ITEM_RESOLVED, false) => ItemState::Answered,
        _ => ItemState::Open,
    };
    About { at_stake: Cents::new(item.at_stake_cents), state }
}

/// What one item is told.
fn answered(own: &[&PastTakeBack], change: Change, row: &TakeBack) -> Option<queues::Answer> {
    let (at, left, reopened) = match change {
        Change::About(at, left) => (at, left, false),
        Change::Reopen(at, left) => (at, left, true),
        Change::End(at) => (at, Cents::ZERO, false),
        Change::Nothing | Change::Open(_) => return None,
    };
    let item = own.get(at)?;
    let held = if reopened { 0 } else { item.at_stake_cents };
    let mut answer = queues::Answer::of_take_back(item.id, row.id);
    answer.open = Some((usize::from(left != Cents::ZERO), left.as_i64()));
    answer.recovered_cents = held - left.as_i64();
    answer.reopened = reopened;
    answer.say(&match left {
        Cents::ZERO => "what the payer took back it has given again".to_owned(),
        left => format!("{left} are taken back beyond what was given, by {}", source(row)),
    });
    Some(answer)
}

/// An item about what was taken for a case, and the transaction that counts it.
async fn opened(
    desk: &Desk<'_>,
    tx: &TenantTx,
    by: &TakeBack,
    left: Cents,
) -> Result<(work_item::Model, Uuid), Error> {
    let claims = reading::claims::newest_of(tx, by.case_id, 1).await?;
    let claim = claims.into_iter().next().ok_or(Fault::Broken("a case has no claim"))?;
    let payers = &desk.context.payers;
    let payer = payers.iter().find(|payer| payer.id == claim.payer_id);
    let zone = Governing::stored(desk.context, &claim).zone;
    let (kind, today) = (ExceptionKind::TakeBack, zone.day_of(desk.now()));
    let stakes = (left.as_i64(), Worth::Owed);
    let mut item = by_policy(desk, kind, Vec::new(), stakes, today);
    let policy = std::mem::take(&mut item.document.action_words);
    item.document.action_words = format!(
        "{policy}. {left} of this claim were taken back by {}, and no reversal says why",
        source(by)
    );
    let row = work_item::Model {
        case_id: by.case_id,
        patient_control_number: claim.patient_control_number,
        payer_claim_number: claim.payer_claim_number,
        payer_id: claim.payer_id,
        payer_slug: payer.map_or(claim.payer_slug, |payer| payer.slug.clone()),
        payer_name: claim.payer_name,
        facility_id: claim.facility_id,
        facility_slug: claim.facility_slug,
        facility_name: claim.facility_name,
        service_on: claim.service_starts_on,
        document: to_json(&item.document),
        ..item.row
    };
    Ok((row, by.transaction_id))
}

/// Where it was said, in words.
fn source(row: &TakeBack) -> String {
    let reason = match Reason::parse(&row.reason) {
        Some(Reason::Overpayment) => "overpayment recovery (PLB WO)",
        Some(Reason::Balance) | None => "a forwarding balance (PLB FB)",
    };
    format!("{reason} in remittance {} of {}", row.trace, spoken(row.remit_on))
}
