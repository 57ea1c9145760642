//! A claim of the ledger under another revision: what its free work and denials are then.
//!
//! The claim is decided as intake decides it, out of the document its row keeps and under the facts
//! its file was posted under. What a person has touched keeps its decision, with its denials. A
//! denial keeps its id and its lineage; an item keeps its id while it is the same task, or takes
//! over the denials of the one before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use claim_context::OnRecord;
use domain::denial::{Denial, detect};
use domain::dictionary::vocabulary::ExceptionKind;
use domain_work::WorkKind;
use domain_work::settlement::PROCESS_OWNER_FROM;
use history::Denied;
use ledger::adjudications::{DENIAL_OPEN, DENIAL_SUPERSEDED, ITEM_OPEN, ITEM_SUPERSEDED};
use ledger::cases::PastDenial;
use ledger::document::{Proof, to_json};
use ledger::entity::{claim, denial, work_item};
use ledger::redecided::{Stored, is_free};
use platform::rejection::Fault;
use remitted::{occurrence, rarcs};
use uuid::Uuid;
use x12::model::ClaimPart;

use super::collect::{Head, Ready, standard};
use super::draft::Known;
use super::facts::Governing;
use super::underpaid::{self, Judged};
use super::upstream::Upstream;
use super::work::Item;
use super::{Desk, denial_row, merge, work};
use ledger::stored_claim;

/// What becomes of a claim's free work.
#[derive(Debug, Default)]
pub(crate) struct Redecided {
    /// Denials that were there, as they were and as they are now.
    pub(crate) denials: Vec<(denial::Model, denial::Model)>,
    /// Denials that no revision before called one.
    pub(crate) fresh_denials: Vec<denial::Model>,
    /// What history keeps of them.
    pub(crate) denied: Vec<Denied>,
    /// Free items that were there, as they were and as they are now.
    pub(crate) items: Vec<(work_item::Model, work_item::Model)>,
    /// Items that are new.
    pub(crate) fresh_items: Vec<work_item::Model>,
    /// Refused on the claim as a whole, in cents.
    pub(crate) denied_cents: i64,
    /// Taken by the contract, in cents.
    pub(crate) contractual_cents: i64,
}

/// Where on a claim a denial stands.
type Place = (i64, String, String);

/// What of a claim keeps its decision.
#[derive(Default)]
struct Settled {
    denials: BTreeSet<Place>,
    exceptions: BTreeSet<String>,
    /// Whether a person or a remittance has to do with what is missing of it.
    underpaid: bool,
}

/// What the parts of a claim lead to.
#[derive(Default)]
struct Anew {
    denials: Vec<denial::Model>,
    denied: Vec<Denied>,
    items: Vec<Item>,
    sums: [i64; 2],
}

/// Decides the free work of a claim again. `priors` are denials of its case, the oldest first;
/// `known` is what partner systems know of claims; `judged` is by what its money is.
///
/// # Errors
/// When a stored document does not decode.
pub(crate) fn redecide(
    desk: &Desk<'_>,
    stored: Stored,
    priors: &[PastDenial],
    known: &BTreeMap<claim_context::Key, claim_context::Stored>,
    judged: Judged,
) -> Result<Redecided, Fault> {
    let known = known.get(&(stored.claim.payer_id, stored.claim.patient_control_number.clone()));
    let free: BTreeSet<Uuid> =
        stored.items.iter().filter(|item| is_free(item)).map(|item| item.id).collect();
    let settled = Settled::of(&stored, &free);
    let mut anew = Anew::default();
    let mut head = Arc::<Head>::default();
    for part in stored_claim::parts(&stored.claim, &stored.parts) {
        let governing = Governing::stored(desk.context, &stored.claim);
        let (part, sent) = standard(desk.context, &governing, part?);
        if part.part == 0 {
            let service_on = stored.claim.service_starts_on;
            head = Arc::new(Head { remarks: rarcs(&part.remarks), service_on });
        }
        let mut ready = Ready {
            transaction: stored.claim.transaction_id,
            number: 0,
            governing,
            head: head.clone(),
            ordinal: stored.claim.ordinal,
            claim_id: Some(stored.claim.id),
            part,
            sent,
            on_record: OnRecord::default(),
        };
        if let Some(known) = known {
            ready.put_on_record(known);
        }
        anew.take(desk, &ready, &settled, judged);
    }
    reconcile(desk, stored, &free, anew, priors)
}

impl Settled {
    fn of(stored: &Stored, free: &BTreeSet<Uuid>) -> Self {
        let kept = |row: &&denial::Model| !is_free_denial(row, free);
        let touched = || stored.items.iter().filter(|item| !free.contains(&item.id));
        let exceptions = touched();
        Self {
            underpaid: touched().any(|item| item.kind == WorkKind::Underpayment.as_str()),
            denials: stored.denials.iter().filter(kept).map(place_of_row).collect(),
            exceptions: exceptions
                .map(|item| item.exception.clone())
                .filter(|kind| !kind.is_empty())
                .collect(),
        }
    }

    fn keeps(&self, part: &ClaimPart, denial: &Denial<'_>) -> bool {
        self.denials.contains(&place(part, denial))
    }

    fn ends(&self, kind: ExceptionKind) -> bool {
        self.exceptions.contains(kind.as_str())
    }
}

fn is_free_denial(row: &denial::Model, free: &BTreeSet<Uuid>) -> bool {
    let untouched = [DENIAL_OPEN, DENIAL_SUPERSEDED].contains(&row.state.as_str());
    untouched && (row.work_item_id.is_nil() || free.contains(&row.work_item_id))
}

fn place_of_row(row: &denial::Model) -> Place {
    (row.line, row.group_code.clone(), row.carc.clone())
}

fn place(part: &ClaimPart, denial: &Denial<'_>) -> Place {
    (
        denial_row::place(part, denial),
        denial.group.as_str().to_owned(),
        denial.carc.as_str().to_owned(),
    )
}

impl Anew {
    /// Decides a part as intake does, but for what keeps its decision.
    fn take(&mut self, desk: &Desk<'_>, ready: &Ready, settled: &Settled, judged: Judged) {
        let known = Known::of(desk, &ready.part, &ready.governing, &ready.head, &ready.on_record);
        let occurrence =
            occurrence(&ready.part, &ready.head.remarks, known.facts, &known.service_lines);
        let mut findings = detect(&occurrence, desk.revision.compiled());
        let sums = [findings.roll_up.denied, findings.roll_up.contractual];
        for (sum, more) in self.sums.iter_mut().zip(sums) {
            *sum = sum.saturating_add(more.as_i64());
        }
        if !settled.underpaid {
            self.items.extend(underpaid::item(desk, ready, &known, &findings, judged));
        }
        findings.denials.retain(|denial| !settled.keeps(&ready.part, denial));
        findings.exceptions.retain(|exception| !settled.ends(exception.kind));
        let (mut denials, denied) = denial_row::rows(desk, ready, &known, &findings.denials);
        for item in work::items(desk, ready, &known, &findings, &mut denials) {
            let same = self.items.iter().position(|held| merge::is_same_task(&held.row, &item.row));
            let Some(at) = same else {
                self.items.push(item);
                continue;
            };
            let held = self.items.swap_remove(at);
            for denial in denials.iter_mut().filter(|row| row.work_item_id == item.row.id) {
                denial.work_item_id = held.row.id;
            }
            self.items.push(merge::join(held, &item));
        }
        self.denials.append(&mut denials);
        self.denied.extend(denied);
    }
}

fn reconcile(
    desk: &Desk<'_>,
    stored: Stored,
    free: &BTreeSet<Uuid>,
    mut anew: Anew,
    priors: &[PastDenial],
) -> Result<Redecided, Fault> {
    let [denied_cents, contractual_cents] = anew.sums;
    let mut redecided = Redecided { denied_cents, contractual_cents, ..Redecided::default() };
    let mut held: BTreeMap<Place, Vec<denial::Model>> = BTreeMap::new();
    for row in stored.denials.into_iter().filter(|row| is_free_denial(row, free)) {
        held.entry(place_of_row(&row)).or_default().push(row);
    }
    for (mut now, denied) in std::mem::take(&mut anew.denials).into_iter().zip(anew.denied) {
        let before = held.get_mut(&place_of_row(&now)).and_then(Vec::pop);
        let Some(before) = before else {
            now.case_id = stored.claim.case_id;
            now.purpose = "LIVE".to_owned();
            descend(&mut now, priors);
            redecided.fresh_denials.push(now);
            redecided.denied.push(denied);
            continue;
        };
        let now = denial::Model { state: DENIAL_OPEN.to_owned(), ..carried(&before, now) };
        redecided.denials.push((before, now));
    }
    for before in held.into_values().flatten() {
        let now = no_denial(desk, &before)?;
        redecided.denials.push((before, now));
    }
    redecided.send_upstream(desk, &mut anew.items);
    let items = stored.items.into_iter().filter(|item| free.contains(&item.id)).collect();
    redecided.match_items(desk, items, anew.items, stored.claim.case_id);
    Ok(redecided)
}

/// The row with what a fresh row says of it.
fn carried(before: &denial::Model, now: denial::Model) -> denial::Model {
    denial::Model {
        record_class: now.record_class,
        category: now.category,
        owner_function: now.owner_function,
        owner_team: now.owner_team,
        next_action: now.next_action,
        entry: now.entry,
        revision: now.revision,
        receipt: now.receipt,
        work_item_id: now.work_item_id,
        ..before.clone()
    }
}

/// A denial that the revision calls none: it stays in the ledger, with the proof of that.
fn no_denial(desk: &Desk<'_>, before: &denial::Model) -> Result<denial::Model, Fault> {
    let proof: Proof = serde_json::from_slice(&before.receipt)
        .map_err(|_| Fault::Broken("a stored receipt does not decode"))?;
    let facts = proof.facts.facts();
    let decision = desk.revision.compiled().decide(&facts);
    let row = denial::Model { state: DENIAL_SUPERSEDED.to_owned(), ..before.clone() };
    Ok(denial_row::decided(desk, &decision, &facts, row))
}

/// Says what a fresh denial repeats: of its case, what was posted before its claim.
fn descend(row: &mut denial::Model, priors: &[PastDenial]) {
    let same = |prior: &&PastDenial| {
        (prior.case_id, &prior.line_key, &prior.carc) == (row.case_id, &row.line_key, &row.carc)
            && prior.claim_id < row.claim_id
    };
    if let Some(prior) = priors.iter().rev().find(same) {
        "REPEAT".clone_into(&mut row.lineage);
        (row.repeat_of, row.repeats) = (prior.id, prior.repeats + 1);
    }
}

impl Redecided {
    /// Leaves out all but the item about what is missing of a claim that was decided before: of one
    /// with nothing free.
    pub(crate) fn of_money_alone(self, claim: &claim::Model) -> Self {
        let mut fresh_items = self.fresh_items;
        fresh_items.retain(|item| item.kind == WorkKind::Underpayment.as_str());
        Self {
            fresh_items,
            denied_cents: claim.denied_cents,
            contractual_cents: claim.contractual_cents,
            ..Self::default()
        }
    }

    /// Gives the items of denials that come again and again to the owners of their processes, as
    /// intake does.
    fn send_upstream(&self, desk: &Desk<'_>, items: &mut [Item]) {
        let upstream = Upstream::of(desk);
        let known = self.denials.iter().map(|(_, now)| now).chain(&self.fresh_denials);
        for denial in known.filter(|one| one.repeats + 1 >= i64::from(PROCESS_OWNER_FROM)) {
            let item = items.iter_mut().find(|item| item.row.id == denial.work_item_id);
            if let Some(item) = item {
                upstream.send(item, denial);
            }
        }
    }

    /// Gives each item the id of the one it continues, and takes out of its queue what is left.
    fn match_items(
        &mut self,
        desk: &Desk<'_>,
        mut held: Vec<work_item::Model>,
        fresh: Vec<Item>,
        case: Uuid,
    ) {
        // What waits comes before what was taken out.
        held.sort_by_key(|item| (item.state != ITEM_OPEN, item.id));
        let mut rest = Vec::new();
        for item in fresh {
            match held.iter().position(|held| merge::is_same_task(held, &item.row)) {
                Some(at) => self.go_on(held.remove(at), item),
                None => rest.push(item),
            }
        }
        for item in rest {
            match self.before(&item.row, &held) {
                Some(at) => self.go_on(held.remove(at), item),
                None => {
                    let mut row = item.row;
                    (row.case_id, row.document) = (case, to_json(&item.document));
                    self.fresh_items.push(row);
                }
            }
        }
        for before in held {
            let mut now = before.clone();
            ITEM_SUPERSEDED.clone_into(&mut now.state);
            desk.revision.hash().clone_into(&mut now.revision);
            self.items.push((before, now));
        }
    }

    /// Which of the items an item takes over: the exception of its kind, or the one that had most
    /// of its money.
    fn before(&self, item: &work_item::Model, held: &[work_item::Model]) -> Option<usize> {
        if item.kind == "EXCEPTION" {
            return held.iter().position(|held| held.exception == item.exception);
        }
        let mut money: BTreeMap<Uuid, i64> = BTreeMap::new();
        for (before, now) in &self.denials {
            if now.work_item_id == item.id {
                *money.entry(before.work_item_id).or_default() += before.denied_cents.max(1);
            }
        }
        let of = |held: &work_item::Model| {
            money.get(&held.id).copied().filter(|_| held.kind == item.kind)
        };
        let most = held.iter().enumerate().filter_map(|(at, held)| Some((of(held)?, at)));
        most.max_by_key(|(money, at)| (*money, std::cmp::Reverse(*at))).map(|(_, at)| at)
    }

    fn go_on(&mut self, before: work_item::Model, item: Item) {
        let (fresh, id) = (item.row.id, before.id);
        let rows = self.denials.iter_mut().map(|(_, now)| now).chain(&mut self.fresh_denials);
        for row in rows.filter(|row| row.work_item_id == fresh) {
            row.work_item_id = id;
        }
        let now = work_item::Model {
            tenant_id: before.tenant_id,
            id,
            case_id: before.case_id,
            version: before.version,
            created_at: before.created_at,
            document: to_json(&item.document),
            ..item.row
        };
        self.items.push((before, now));
    }
}
