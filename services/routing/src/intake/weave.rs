//! Puts drafts into the ledger's context: their cases, what they repeat, what they take back.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use platform::events::Event;
use platform::tenant_tx::TenantTx;
use serde_json::json;
use uuid::Uuid;

use super::Desk;
use super::draft::Draft;
use super::post::event;
use crate::document::to_json;
use crate::error::Error;
use crate::store::entity::{case, claim, claim_part, denial, subject, work_item};
use crate::store::{ledger, set};

/// Rows of one chunk, ready to be written.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) cases: Vec<case::ActiveModel>,
    pub(super) claims: Vec<claim::ActiveModel>,
    pub(super) parts: Vec<claim_part::ActiveModel>,
    pub(super) subjects: Vec<subject::ActiveModel>,
    pub(super) denials: Vec<denial::ActiveModel>,
    pub(super) items: Vec<work_item::ActiveModel>,
    pub(super) events: Vec<Event>,
    /// Denials in the ledger that a reversal of this chunk takes back.
    pub(super) reversed: Vec<Uuid>,
    /// Their occurrences.
    pub(super) reversed_claims: Vec<Uuid>,
    told: Told,
}

/// What the feed is told of, gathered while the rows are made.
#[derive(Debug, Default)]
struct Told {
    reversed: BTreeSet<Uuid>,
    denials: Vec<(Uuid, serde_json::Value)>,
    items: Vec<(Uuid, serde_json::Value)>,
}

/// A denial that came before.
struct Past {
    id: Uuid,
    claim_id: Uuid,
    line_key: String,
    carc: String,
    remit_on: NaiveDate,
    open: bool,
    /// Its draft in this chunk; `None` when it is in the ledger.
    draft: Option<usize>,
}

/// Gives each draft its case and lineage.
pub(super) async fn weave(tx: &TenantTx, drafts: &mut [Draft]) -> Result<Rows, Error> {
    let mut rows = Rows::default();
    let mut pasts = open_cases(tx, drafts, &mut rows).await?;
    for at in 0..drafts.len() {
        let (before, rest) = drafts.split_at_mut(at);
        let draft = &mut rest[0];
        let case = draft.row.as_ref().map(|row| row.case_id);
        let case = case.or_else(|| draft.denials.first().map(|denial| denial.case_id));
        let past = pasts.entry(case.unwrap_or_default()).or_default();
        if draft.reversal {
            take_back(draft.remit_on, past, before, &mut rows);
            continue;
        }
        for denial in &mut draft.denials {
            let same = past.iter().rev().find(|past| {
                past.line_key == denial.line_key
                    && past.carc == denial.carc
                    && past.claim_id != denial.claim_id
            });
            if let Some(same) = same {
                "REPEAT".clone_into(&mut denial.lineage);
                denial.repeat_of = same.id;
            }
        }
        past.extend(draft.denials.iter().map(|denial| Past {
            id: denial.id,
            claim_id: denial.claim_id,
            line_key: denial.line_key.clone(),
            carc: denial.carc.clone(),
            remit_on: denial.remit_on,
            open: true,
            draft: Some(at),
        }));
    }
    Ok(rows)
}

/// Finds or opens the cases, names them in the drafts, and reads what was denied on them before.
async fn open_cases(
    tx: &TenantTx,
    drafts: &mut [Draft],
    rows: &mut Rows,
) -> Result<BTreeMap<Uuid, Vec<Past>>, Error> {
    let numbers: BTreeSet<&str> =
        drafts.iter().map(|draft| draft.patient_control_number.as_str()).collect();
    let numbers = numbers.into_iter().map(str::to_owned).collect();
    let mut cases: BTreeMap<(String, String), Uuid> = BTreeMap::new();
    let known = ledger::cases(tx, numbers).await?;
    for case in known {
        cases.insert((case.patient_control_number, case.payer_key), case.id);
    }
    let stored: BTreeSet<Uuid> = cases.values().copied().collect();
    let mut met = BTreeSet::new();
    for draft in drafts.iter_mut() {
        let key = (draft.patient_control_number.clone(), draft.payer_key.clone());
        let id = *cases.entry(key).or_insert_with_key(|(number, payer_key)| {
            let id = platform::ids::new();
            rows.cases.push(set(case::Model {
                tenant_id: Uuid::nil(),
                id,
                payer_key: payer_key.clone(),
                patient_control_number: number.clone(),
                payer_id: draft.payer_id,
                opened_at: tx.clock().now(),
            }));
            id
        });
        if stored.contains(&id) {
            met.insert(id);
        }
        draft.belong(id);
    }
    let own = drafts.first().filter(|draft| draft.later.is_some());
    let own = own.and_then(|draft| draft.claim_id);
    let mut pasts: BTreeMap<Uuid, Vec<Past>> = BTreeMap::new();
    for prior in ledger::priors(tx, met.into_iter().collect(), own).await? {
        pasts.entry(prior.case_id).or_default().push(Past {
            id: prior.id,
            claim_id: prior.claim_id,
            line_key: prior.line_key,
            carc: prior.carc,
            remit_on: prior.remit_on,
            open: prior.state == ledger::DENIAL_OPEN,
            draft: None,
        });
    }
    Ok(pasts)
}

/// A reversal takes back every open denial of the case up to its day: the payer's adjudication is
/// undone as a whole, and a corrected one follows.
fn take_back(on: NaiveDate, past: &mut [Past], before: &mut [Draft], rows: &mut Rows) {
    for past in past.iter_mut().filter(|past| past.open && past.remit_on <= on) {
        past.open = false;
        rows.told.reversed.insert(past.id);
        let Some(draft) = past.draft.and_then(|at| before.get_mut(at)) else {
            rows.reversed.push(past.id);
            rows.reversed_claims.push(past.claim_id);
            continue;
        };
        for denial in draft.denials.iter_mut().filter(|denial| denial.id == past.id) {
            ledger::DENIAL_REVERSED.clone_into(&mut denial.state);
        }
        for item in &mut draft.items {
            ledger::ITEM_RESOLVED.clone_into(&mut item.row.state);
        }
    }
}

impl Draft {
    fn belong(&mut self, case: Uuid) {
        let claim = self.claim_id.unwrap_or_default();
        if let Some(row) = &mut self.row {
            row.case_id = case;
        }
        for denial in &mut self.denials {
            (denial.case_id, denial.claim_id) = (case, claim);
        }
        for item in &mut self.items {
            (item.row.case_id, item.row.claim_id) = (case, claim);
        }
    }
}

impl Rows {
    /// Turns drafts into rows.
    pub(super) fn take(&mut self, drafts: Vec<Draft>) {
        self.reversed_claims.sort_unstable();
        self.reversed_claims.dedup();
        for draft in drafts {
            for denial in &draft.denials {
                let payload = json!({
                    "claim_occurrence": denial.claim_id,
                    "case": denial.case_id,
                    "payer": denial.payer_slug,
                    "group": denial.group_code,
                    "carc": denial.carc,
                    "category": denial.category,
                    "lineage": denial.lineage,
                    "denied_cents": denial.denied_cents,
                    "purpose": denial.purpose,
                });
                self.told.denials.push((denial.id, payload));
            }
            if let Some(later) = draft.later {
                self.parts.push(set(claim_part::Model {
                    tenant_id: Uuid::nil(),
                    claim_id: draft.claim_id.unwrap_or_default(),
                    part: later.part,
                    document: later.document,
                }));
            }
            self.claims.extend(draft.row.map(set::<claim::ActiveModel>));
            self.subjects.extend(draft.subject.map(set::<subject::ActiveModel>));
            self.denials.extend(draft.denials.into_iter().map(set::<denial::ActiveModel>));
            for mut item in draft.items {
                item.row.document = to_json(&item.document);
                let row = &item.row;
                let payload = json!({
                    "claim_occurrence": row.claim_id,
                    "case": row.case_id,
                    "kind": row.kind,
                    "payer": row.payer_slug,
                    "team": row.owner_team,
                    "next_action": row.next_action,
                    "due_on": (row.due_on != super::work::never()).then_some(row.due_on),
                    "at_stake_cents": row.at_stake_cents,
                    "priority": row.priority,
                });
                self.told.items.push((row.id, payload));
                self.items.push(set(item.row));
            }
        }
    }

    /// Writes the events of everything taken.
    pub(super) fn tell(&mut self, desk: &Desk<'_>) {
        let told = std::mem::take(&mut self.told);
        let denials = told.denials.into_iter();
        self.events.extend(denials.map(|(id, text)| event("denial.recorded", id, desk, text)));
        let items = told.items.into_iter();
        self.events.extend(items.map(|(id, text)| event("work_item.opened", id, desk, text)));
        let reversed = told.reversed.into_iter();
        self.events.extend(reversed.map(|id| {
            event("denial.reversed", id, desk, json!({ "remittance_file": desk.file.id }))
        }));
    }
}
