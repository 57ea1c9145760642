//! What is missing of a claim that more than one adjudication speaks of.
//!
//! Everything that was paid counts, and what the newest adjudication says of the rest. An item that
//! is not done keeps its place, whatever adjudication opened it, and says what is missing now; it
//! ends when nothing is. One that a remittance ended opens again when that is taken back.
//!
//! Limit: what is expected is what a partner states of the number under which the newest remittance
//! names the claim; where nobody states it any more, an item is left as it stands.

use std::collections::BTreeMap;

use domain::money::Cents;
use domain_work::settlement::{EarlierState, Folded};
use domain_work::underpayment::{Adjudication, Claim, Underpaid, underpaid};
use ledger::adjudicated::Adjudicated;
use ledger::adjudications::{ITEM_RESOLVED, ITEM_SUPERSEDED};
use ledger::cases::{PastDenial, PastUnderpayment};
use ledger::held::known_day;
use uuid::Uuid;

use super::super::draft::Draft;
use super::super::weave::Rows;
use super::super::work::Item;
use super::{Money, valued};

/// A case and what was said of it.
pub(crate) struct Heard<'a> {
    /// What that comes to.
    pub(crate) folded: &'a Folded,
    /// Its occurrences.
    pub(crate) adjudicated: &'a BTreeMap<Uuid, Adjudicated>,
    /// What was refused on it before.
    pub(crate) denials: &'a [PastDenial],
    /// Its items about missing money, by id.
    pub(crate) items: Vec<&'a PastUnderpayment>,
}

impl Heard<'_> {
    /// The adjudications that stand, the newest last; none where one is not of a primary payer.
    pub(crate) fn standing(&self) -> Vec<&Adjudicated> {
        let taken = |id: &Uuid| self.folded.taken_back.iter().any(|(_, taken)| taken == id);
        let stands = self.adjudicated.iter().filter(|(id, one)| !one.is_reversal() && !taken(id));
        let mut stands: Vec<&Adjudicated> = stands.map(|(_, one)| one).collect();
        stands.sort_by_key(|one| one.said());
        if stands.iter().all(|one| one.is_primary()) { stands } else { Vec::new() }
    }

    /// What is missing of it, where its newest adjudication says so much of the money.
    pub(crate) fn missing(
        &self,
        newest: &Money,
        refused: &BTreeMap<Uuid, i64>,
    ) -> Option<Underpaid> {
        let stands = self.standing();
        let charge = stands.last()?.charge();
        let mut standing: Vec<Adjudication> = stands.iter().map(|one| one.money()).collect();
        if let Some(last) = standing.last_mut() {
            last.downgraded = newest.downgraded;
        }
        let open = self
            .folded
            .standings
            .iter()
            .filter(|denial| denial.state == EarlierState::Open && !denial.taken_back);
        let open = open.filter_map(|denial| refused.get(&denial.id));
        let elsewhere = open.fold(newest.open.as_i64(), |sum, cents| sum.saturating_add(*cents));
        let elsewhere = Cents::new(elsewhere);
        underpaid(&Claim { charge, expected: newest.expected, elsewhere, standing: &standing })
    }

    /// The adjudication that an item about it belongs to: of the one there is, else the newest.
    pub(crate) fn about(&self) -> Option<Uuid> {
        let standing: Vec<Uuid> = self.standing().iter().map(|one| one.said().1).collect();
        let of = |item: &&&PastUnderpayment| standing.contains(&item.claim_id);
        self.items.iter().find(of).map(|item| item.claim_id).or(standing.last().copied())
    }

    /// What was refused by each denial of it, in cents.
    pub(crate) fn refused(&self) -> BTreeMap<Uuid, i64> {
        self.denials.iter().map(|denial| (denial.id, denial.denied_cents)).collect()
    }
}

/// Ends, lessens, reopens or opens the item about a case that drafts of a chunk add to.
pub(crate) fn apply(heard: &Heard<'_>, here: &[usize], drafts: &mut [Draft], rows: &mut Rows) {
    let mut candidates: BTreeMap<Uuid, (usize, Item)> = BTreeMap::new();
    for at in here {
        let Some(draft) = drafts.get_mut(*at) else { continue };
        if let (Some(item), Some(claim)) = (draft.underpaid.take(), draft.claim_id) {
            candidates.insert(claim, (*at, item));
        }
    }
    let standing: Vec<Uuid> = heard.standing().iter().map(|one| one.said().1).collect();
    let items: Vec<&PastUnderpayment> =
        heard.items.iter().copied().filter(|item| standing.contains(&item.claim_id)).collect();
    let Some(newest) = standing.last() else { return };
    if candidates.is_empty() && items.is_empty() {
        return;
    }
    let of_case = |at: &usize| drafts.get(*at);
    let mut refused = heard.refused();
    let fresh = here.iter().filter_map(of_case).flat_map(|draft| &draft.denials);
    refused.extend(fresh.map(|denial| (denial.id, denial.denied_cents)));
    let own = here.iter().filter_map(of_case).find(|draft| draft.claim_id == Some(*newest));
    let said = here.iter().filter_map(of_case).find_map(|draft| draft.money.expected);
    let money = Money { expected: said, ..own.map(|draft| draft.money).unwrap_or_default() };
    if money.expected.is_none() && own.is_none() {
        return;
    }
    let by = own.or_else(|| here.iter().rev().find_map(of_case)).and_then(|draft| draft.claim_id);
    let found = heard.missing(&money, &refused);
    let done = answer(&items, found, by.unwrap_or(*newest), rows);
    if let (false, Some(found), Some((at, item))) = (done, found, candidates.remove(newest)) {
        let today = item.document.zone().day_of(item.row.created_at);
        debug_assert!(known_day(item.row.due_on).is_some(), "such work has a day");
        drafts[at].underpaid = Some(valued(item, found, today));
    }
}

/// Tells the items of a case what is missing now; whether one of them is about it.
fn answer(
    items: &[&PastUnderpayment],
    found: Option<Underpaid>,
    by: Uuid,
    rows: &mut Rows,
) -> bool {
    let over = [ITEM_RESOLVED, ITEM_SUPERSEDED];
    let undone = items.iter().find(|item| !over.contains(&item.state.as_str()));
    let ended = items.iter().find(|item| item.state == ITEM_RESOLVED);
    let missing = found.map_or(0, |found| found.at_stake().as_i64());
    match (undone, ended, found) {
        (Some(item), _, None) => {
            let answer = rows.answer(item.id, by);
            answer.open = Some((0, 0));
            answer.recovered_cents += item.at_stake_cents;
            answer.say("nothing is missing of the claim any more");
            true
        }
        (Some(item), _, Some(_)) => {
            if item.at_stake_cents != missing {
                let answer = rows.answer(item.id, by);
                answer.open = Some((1, missing));
                answer.recovered_cents += item.at_stake_cents - missing;
                answer.say(&format!("{} are missing of the claim now", Cents::new(missing)));
            }
            true
        }
        (None, Some(item), Some(_)) => {
            if !item.by_person {
                let answer = rows.answer(item.id, by);
                answer.open = Some((1, missing));
                answer.reopened = true;
                answer.recovered_cents -= missing;
                answer.say(&format!("{} are missing of the claim again", Cents::new(missing)));
            }
            true
        }
        (None, _, _) => false,
    }
}
