//! What the remittances of a chunk make of earlier denials, and earlier ones of theirs.
//!
//! The rules are `domain_work::settlement`: a case is folded from all that was ever said of it, and
//! what differs from the rows is written. So a file that arrives late settles what it would have
//! settled in its time. What a person settled is kept, unless the payer paid it or took it back.

use std::collections::{BTreeMap, BTreeSet};

use domain::money::Cents;
use domain_work::settlement::{EarlierState, Folded, GoesTo, Standing, fold};
use ledger::adjudicated::{Adjudicated, Columns};
use ledger::adjudications::{
    DENIAL_CLOSED, DENIAL_CORRECTED, DENIAL_OPEN, DENIAL_OVERTURNED, DENIAL_PARTIALLY_OVERTURNED,
    DENIAL_REVERSED, DENIAL_SUPERSEDED, ITEM_RESOLVED,
};
use ledger::cases::{self, PastClaim, PastDenial, PastUnderpayment};
use ledger::verdicts::{self, Verdict};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use serde_json::json;
use uuid::Uuid;

use super::draft::Draft;
use super::post::event;
use super::underpaid::{self, case::Heard};
use super::upstream::Upstream;
use super::weave::Rows;
use crate::error::Error;

/// What the ledger has of the cases of a chunk.
#[derive(Default)]
pub(super) struct Past {
    claims: Vec<PastClaim>,
    parts: Vec<ledger::entity::claim_part::Model>,
    denials: Vec<PastDenial>,
    underpayments: Vec<PastUnderpayment>,
}

impl Past {
    /// Of these cases, which are kept from other writers from now on.
    pub(super) async fn of(tx: &TenantTx, stored: &BTreeSet<Uuid>) -> Result<Self, Error> {
        if stored.is_empty() {
            return Ok(Self::default());
        }
        let stored: Vec<Uuid> = stored.iter().copied().collect();
        cases::lock(tx, &stored).await?;
        let claims = cases::claims(tx, &stored).await?;
        let ids: Vec<Uuid> = claims.iter().map(|claim| claim.id).collect();
        let parts = cases::parts(tx, &ids).await?;
        let denials = cases::denials(tx, &stored).await?;
        let mut underpayments = cases::underpayments(tx, &stored).await?;
        let done = underpayments.iter().filter(|item| item.state == ITEM_RESOLVED);
        let done: Vec<Uuid> = done.map(|item| item.id).collect();
        for item in queues::ended_by_people(tx, &done).await? {
            let ended = underpayments.iter_mut().filter(|one| one.id == item);
            ended.for_each(|one| one.by_person = true);
        }
        Ok(Self { claims, parts, denials, underpayments })
    }
}

/// Judges the cases that something was said of before, or more than once in this chunk.
pub(super) fn judge(
    past: Past,
    drafts: &mut [Draft],
    upstream: &Upstream,
    rows: &mut Rows,
) -> Result<(), Error> {
    let mut before: BTreeMap<Uuid, (Vec<PastClaim>, Vec<PastDenial>)> = BTreeMap::new();
    for claim in past.claims {
        before.entry(claim.case_id).or_default().0.push(claim);
    }
    for denial in past.denials {
        before.entry(denial.case_id).or_default().1.push(denial);
    }
    let mut places: BTreeMap<Uuid, Vec<usize>> = BTreeMap::new();
    for (at, draft) in drafts.iter().enumerate() {
        places.entry(draft.case_id).or_default().push(at);
    }
    for (id, here) in places {
        let (claims, denials) = before.remove(&id).unwrap_or_default();
        if claims.is_empty() && here.len() == 1 {
            continue;
        }
        let case = Case { claims, denials, here };
        let (folded, adjudicated) = case.fold(&past.parts, drafts)?;
        case.apply(&folded, drafts, upstream, rows);
        let items = past.underpayments.iter().filter(|item| item.case_id == id).collect();
        let heard =
            Heard { folded: &folded, adjudicated: &adjudicated, denials: &case.denials, items };
        underpaid::case::apply(&heard, &case.here, drafts, rows);
    }
    Ok(())
}

/// A case with what the ledger has of it, and the places of the drafts that add to it.
#[derive(Default)]
pub(super) struct Case {
    pub(super) claims: Vec<PastClaim>,
    pub(super) denials: Vec<PastDenial>,
    pub(super) here: Vec<usize>,
}

impl Case {
    /// What all that was said of it comes to, and its occurrences.
    pub(super) fn fold(
        &self,
        parts: &[ledger::entity::claim_part::Model],
        drafts: &[Draft],
    ) -> Result<(Folded, BTreeMap<Uuid, Adjudicated>), Fault> {
        let mut all: BTreeMap<Uuid, (Columns<'_>, Vec<&[u8]>)> = BTreeMap::new();
        for claim in &self.claims {
            let columns = Columns {
                id: claim.id,
                payer_claim_number: &claim.payer_claim_number,
                remittance: claim.transaction_id,
                remit_on: claim.remit_on,
                reversal: claim.reversal,
                status: &claim.status,
                charge: Cents::new(claim.charge_cents),
                paid: Cents::new(claim.paid_cents),
            };
            let later = parts.iter().filter(|part| part.claim_id == claim.id);
            let documents = std::iter::once(&claim.document);
            let documents = documents.chain(later.map(|part| &part.document)).map(Vec::as_slice);
            all.insert(claim.id, (columns, documents.collect()));
        }
        for draft in self.drafts(drafts) {
            if let Some(row) = &draft.row {
                let columns = Columns {
                    id: row.id,
                    payer_claim_number: &draft.payer_claim_number,
                    remittance: draft.transaction,
                    remit_on: draft.remit_on,
                    reversal: row.reversal,
                    status: &row.status,
                    charge: Cents::new(row.charge_cents),
                    paid: Cents::new(row.paid_cents),
                };
                all.insert(row.id, (columns, vec![&draft.document]));
            } else if let Some((_, documents)) =
                draft.claim_id.and_then(|claim| all.get_mut(&claim))
            {
                documents.push(&draft.document);
            }
        }
        let mut adjudicated = BTreeMap::new();
        for (id, (columns, documents)) in all {
            adjudicated.insert(id, Adjudicated::of(columns, documents)?);
        }
        let mut refuse = |claim: Uuid, line, id, codes: (&str, &str), cents| {
            if let Some(one) = adjudicated.get_mut(&claim) {
                one.refuse(line, id, codes, Cents::new(cents));
            }
        };
        for one in self.denials.iter().filter(|one| one.state != DENIAL_SUPERSEDED) {
            let codes = (one.group_code.as_str(), one.carc.as_str());
            refuse(one.claim_id, one.line, one.id, codes, one.denied_cents);
        }
        for one in self.drafts(drafts).flat_map(|draft| &draft.denials) {
            let codes = (one.group_code.as_str(), one.carc.as_str());
            refuse(one.claim_id, one.line, one.id, codes, one.denied_cents);
        }
        let folded = fold(adjudicated.values().map(Adjudicated::occurrence).collect());
        Ok((folded, adjudicated))
    }

    fn drafts<'d>(&'d self, drafts: &'d [Draft]) -> impl Iterator<Item = &'d Draft> {
        self.here.iter().filter_map(|at| drafts.get(*at))
    }

    fn apply(&self, folded: &Folded, drafts: &mut [Draft], upstream: &Upstream, rows: &mut Rows) {
        let fresh: BTreeSet<Uuid> =
            self.drafts(drafts).filter_map(|draft| draft.claim_id).collect();
        for (reversal, taken) in &folded.taken_back {
            if fresh.contains(reversal) && !fresh.contains(taken) {
                rows.reversed_claims.push(*taken);
            }
        }
        let standings: BTreeMap<Uuid, &Standing> =
            folded.standings.iter().map(|one| (one.id, one)).collect();
        let before = self.claims.iter().map(|claim| (claim.id, (claim.remit_on, None)));
        rows.paid_on.extend(before);
        for draft in self.drafts(drafts) {
            let paid_on = draft.claim_id.map(|claim| (claim, (draft.remit_on, Some(rows.file))));
            rows.paid_on.extend(paid_on);
        }
        for at in &self.here {
            if let Some(draft) = drafts.get_mut(*at) {
                let taken =
                    folded.taken_back.iter().any(|(_, taken)| Some(*taken) == draft.claim_id);
                draft.stand(&standings, taken, upstream, rows);
            }
        }
        for denial in &self.denials {
            if let Some(standing) = standings.get(&denial.id) {
                rows.stands(denial, standing);
            }
        }
        self.count(rows);
        for doubt in folded.doubts.iter().filter(|doubt| fresh.contains(&doubt.occurrence)) {
            let denial = self.denials.iter().find(|denial| denial.id == doubt.id);
            if let Some(denial) = denial.filter(|denial| !denial.work_item_id.is_nil()) {
                rows.answer(denial.work_item_id, doubt.occurrence).say(&doubt.words);
            }
        }
    }

    /// Tells each item that is answered how many of its denials are open.
    fn count(&self, rows: &mut Rows) {
        let now: BTreeMap<Uuid, &str> =
            rows.verdicts.iter().map(|one| (one.id, one.state.as_str())).collect();
        let mut open: BTreeMap<Uuid, (usize, i64)> = BTreeMap::new();
        for denial in &self.denials {
            let state = now.get(&denial.id).copied().unwrap_or(&denial.state);
            if state == DENIAL_OPEN {
                let (count, cents) = open.entry(denial.work_item_id).or_default();
                *count += 1;
                *cents += denial.denied_cents;
            }
        }
        let items: BTreeSet<Uuid> = self.denials.iter().map(|one| one.work_item_id).collect();
        for item in items {
            if let Some(answer) = rows.answers.get_mut(&item) {
                answer.open = Some(open.get(&item).copied().unwrap_or_default());
            }
        }
    }
}

/// Whether the payer paid it after all.
fn is_paid(state: &str) -> bool {
    [DENIAL_OVERTURNED, DENIAL_CORRECTED, DENIAL_PARTIALLY_OVERTURNED].contains(&state)
}

/// Whether a person settled it, and no remittance.
fn is_a_persons(denial: &PastDenial) -> bool {
    denial.settled_by.is_none() && (is_paid(&denial.state) || denial.state == DENIAL_CLOSED)
}

impl Rows {
    /// Notes what became of a denial of the ledger.
    fn stands(&mut self, denial: &PastDenial, standing: &Standing) {
        let mut verdict = Verdict::of(denial.id, &denial.state, standing);
        let overrules = is_paid(&verdict.state) || verdict.state == DENIAL_REVERSED;
        if is_a_persons(denial) && !overrules {
            verdict.state.clone_from(&denial.state);
            (verdict.settled_by, verdict.recovered_cents) = (None, denial.recovered_cents);
        }
        let settled = (verdict.state.as_str(), verdict.settled_by, verdict.recovered_cents);
        let was = (denial.state.as_str(), denial.settled_by, denial.recovered_cents);
        let lineage = (verdict.repeat_of, verdict.repeats);
        if settled == was && lineage == (denial.repeat_of, denial.repeats) {
            return;
        }
        if settled != was {
            self.tell(&verdict, denial.work_item_id);
            // An adjudication that is taken back ends all its items, with words of its own.
            let taken_back = self.reversed_claims.contains(&denial.claim_id);
            if !denial.work_item_id.is_nil() && !taken_back {
                let by = standing.settled_by.or(denial.settled_by).unwrap_or_default();
                let answer = self.answer(denial.work_item_id, by);
                let reopens = verdict.state == DENIAL_OPEN;
                answer.recovered_cents += verdict.recovered_cents - denial.recovered_cents;
                answer.reopened |= reopens;
                let reopened = "the payer took back the adjudication that had settled it";
                answer.say(if reopens { reopened } else { &standing.words });
            }
        }
        self.verdicts.push(verdict);
    }

    /// Tells the feed what became of a denial.
    fn tell(&mut self, verdict: &Verdict, item: Uuid) {
        let kind = match verdict.state.as_str() {
            DENIAL_REVERSED => {
                self.told.insert(verdict.id);
                return;
            }
            DENIAL_OPEN => "denial.reopened",
            _ => "denial.settled",
        };
        let paid = verdict.settled_by.and_then(|occurrence| self.paid_on.get(&occurrence));
        let payload = json!({
            "state": verdict.state,
            "remitted_on": paid.map(|(on, _)| on),
            "remittance_file": paid.and_then(|(_, file)| *file),
            "recovered_cents": verdict.recovered_cents,
            "claim_occurrence": verdict.settled_by,
            "work_item": item,
        });
        let revision = self.revision.clone();
        self.settled.push(event(kind, verdict.id, &revision, &payload));
    }

    pub(super) fn answer(&mut self, item: Uuid, by: Uuid) -> &mut queues::Answer {
        self.answers.entry(item).or_insert_with(|| queues::Answer::of(item, by))
    }
}

impl Draft {
    /// Notes what the case makes of a draft's own denials: what they repeat, and what became of
    /// them already.
    fn stand(
        &mut self,
        standings: &BTreeMap<Uuid, &Standing>,
        taken_back: bool,
        upstream: &Upstream,
        rows: &mut Rows,
    ) {
        for denial in &mut self.denials {
            let Some(standing) = standings.get(&denial.id) else { continue };
            let verdict = Verdict::of(denial.id, DENIAL_OPEN, standing);
            if verdict.state != DENIAL_OPEN {
                rows.tell(&verdict, denial.work_item_id);
            }
            verdicts::lineage(verdict.repeat_of).clone_into(&mut denial.lineage);
            (denial.repeat_of, denial.repeats) = (verdict.repeat_of, verdict.repeats);
            denial.settled_by = verdict.settled_by;
            denial.recovered_cents = verdict.recovered_cents;
            denial.state = verdict.state;
            let again = standing.goes_to == GoesTo::ProcessOwner;
            if again && standing.state == EarlierState::Open {
                let item = self.items.iter_mut().find(|item| item.row.id == denial.work_item_id);
                if let Some(item) = item {
                    upstream.send(item, denial);
                }
            }
        }
        for item in &mut self.items {
            let mut own =
                self.denials.iter().filter(|denial| denial.work_item_id == item.row.id).peekable();
            let done = own.peek().is_some() && own.all(|denial| denial.state != DENIAL_OPEN);
            if taken_back || done {
                ITEM_RESOLVED.clone_into(&mut item.row.state);
            }
        }
    }
}
