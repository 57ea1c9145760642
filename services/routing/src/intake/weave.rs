//! Puts drafts into the ledger's context: their cases, what they repeat, what they take back.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use history::Denied;
use platform::events::Event;
use platform::tenant_tx::TenantTx;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::draft::{Draft, Reversal};
use super::post::event;
use crate::error::Error;
use ledger::document::to_json;
use ledger::entity::{case, claim, claim_part, denial, subject, work_item};
use ledger::held::known_day;
use ledger::{adjudications, set};

/// Rows of one chunk, ready to be written.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) cases: Vec<case::ActiveModel>,
    pub(super) claims: Vec<claim::ActiveModel>,
    pub(super) parts: Vec<claim_part::ActiveModel>,
    pub(super) subjects: Vec<subject::ActiveModel>,
    pub(super) denials: Vec<denial::ActiveModel>,
    pub(super) denied: Vec<Denied>,
    pub(super) items: Vec<work_item::ActiveModel>,
    pub(super) events: Vec<Event>,
    /// Denials in the ledger that a reversal of this chunk takes back.
    pub(super) reversed: Vec<Uuid>,
    /// Their occurrences.
    pub(super) reversed_claims: Vec<Uuid>,
    /// Every denial that is taken back: those, and those of this chunk itself.
    told: BTreeSet<Uuid>,
}

/// What came before on one case.
#[derive(Default)]
struct Past {
    claims: Vec<PastClaim>,
    denials: Vec<PastDenial>,
}

/// An occurrence that came before.
struct PastClaim {
    id: Uuid,
    /// CLP07; empty when the payer gave none.
    payer_claim_number: String,
    remit_on: NaiveDate,
    /// Its draft in this chunk; `None` when it is in the ledger.
    draft: Option<usize>,
}

/// A denial that came before.
struct PastDenial {
    id: Uuid,
    claim_id: Uuid,
    line_key: String,
    carc: String,
    stands: bool,
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
        if let Some(reversal) = &draft.reversal {
            take_back(reversal, draft.remit_on, past, before, &mut rows);
            continue;
        }
        for denial in &mut draft.denials {
            let same = past.denials.iter().rev().find(|past| {
                past.line_key == denial.line_key
                    && past.carc == denial.carc
                    && past.claim_id != denial.claim_id
            });
            if let Some(same) = same {
                "REPEAT".clone_into(&mut denial.lineage);
                denial.repeat_of = same.id;
            }
        }
        past.remember(at, draft);
    }
    Ok(rows)
}

impl Past {
    fn remember(&mut self, at: usize, draft: &Draft) {
        self.claims.extend(draft.row.as_ref().map(|row| PastClaim {
            id: row.id,
            payer_claim_number: draft.payer_claim_number.clone(),
            remit_on: draft.remit_on,
            draft: Some(at),
        }));
        self.denials.extend(draft.denials.iter().map(|denial| PastDenial {
            id: denial.id,
            claim_id: denial.claim_id,
            line_key: denial.line_key.clone(),
            carc: denial.carc.clone(),
            stands: true,
            draft: Some(at),
        }));
    }

    /// The occurrences up to `on` that a reversal means.
    ///
    /// One account may be several claims of the payer (split claims, reused numbers), so its
    /// numbers decide where both sides state one. Where they name nothing here, the reversal means
    /// what is there only when that is one claim: the wrong one taken back would be lost silently.
    fn meant_by(&self, reversal: &Reversal, on: NaiveDate) -> BTreeSet<Uuid> {
        let until: Vec<&PastClaim> =
            self.claims.iter().filter(|claim| claim.remit_on <= on).collect();
        let named = |claim: &&&PastClaim| reversal.names.contains(&claim.payer_claim_number);
        let ids: BTreeSet<Uuid> = until.iter().filter(named).map(|claim| claim.id).collect();
        let numbers: BTreeSet<&str> =
            until.iter().map(|claim| claim.payer_claim_number.as_str()).collect();
        if ids.is_empty() && numbers.len() == 1 {
            return until.iter().map(|claim| claim.id).collect();
        }
        ids
    }
}

/// Finds or opens the cases, names them in the drafts, and reads what was denied on them before.
async fn open_cases(
    tx: &TenantTx,
    drafts: &mut [Draft],
    rows: &mut Rows,
) -> Result<BTreeMap<Uuid, Past>, Error> {
    let numbers: BTreeSet<&str> =
        drafts.iter().map(|draft| draft.patient_control_number.as_str()).collect();
    let numbers = numbers.into_iter().map(str::to_owned).collect();
    let mut cases: BTreeMap<(String, String), Uuid> = BTreeMap::new();
    let known = adjudications::cases(tx, numbers).await?;
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
    stored_pasts(tx, met.into_iter().collect(), own).await
}

/// What the ledger has of these cases, other than the claim that is being posted in parts.
async fn stored_pasts(
    tx: &TenantTx,
    cases: Vec<Uuid>,
    own: Option<Uuid>,
) -> Result<BTreeMap<Uuid, Past>, Error> {
    let mut pasts: BTreeMap<Uuid, Past> = BTreeMap::new();
    for prior in adjudications::occurrences(tx, cases.clone(), own).await? {
        pasts.entry(prior.case_id).or_default().claims.push(PastClaim {
            id: prior.id,
            payer_claim_number: prior.payer_claim_number,
            remit_on: prior.remit_on,
            draft: None,
        });
    }
    for prior in adjudications::priors(tx, cases, own).await? {
        pasts.entry(prior.case_id).or_default().denials.push(PastDenial {
            id: prior.id,
            claim_id: prior.claim_id,
            line_key: prior.line_key,
            carc: prior.carc,
            // What somebody settled stands too: a reversal nets it whatever was done about it.
            stands: ![adjudications::DENIAL_REVERSED, adjudications::DENIAL_SUPERSEDED]
                .contains(&prior.state.as_str()),
            draft: None,
        });
    }
    Ok(pasts)
}

/// A reversal takes back every occurrence it means, as a whole: its denials that stand, and
/// whatever else somebody was to look at. A corrected adjudication follows.
fn take_back(
    reversal: &Reversal,
    on: NaiveDate,
    past: &mut Past,
    before: &mut [Draft],
    rows: &mut Rows,
) {
    let meant = past.meant_by(reversal, on);
    for claim in past.claims.iter().filter(|claim| meant.contains(&claim.id)) {
        match claim.draft.and_then(|at| before.get_mut(at)) {
            Some(draft) => {
                for item in &mut draft.items {
                    adjudications::ITEM_RESOLVED.clone_into(&mut item.row.state);
                }
            }
            None => rows.reversed_claims.push(claim.id),
        }
    }
    let taken = |denial: &&mut PastDenial| denial.stands && meant.contains(&denial.claim_id);
    for denial in past.denials.iter_mut().filter(taken) {
        denial.stands = false;
        rows.told.insert(denial.id);
        let Some(draft) = denial.draft.and_then(|at| before.get_mut(at)) else {
            rows.reversed.push(denial.id);
            continue;
        };
        for row in draft.denials.iter_mut().filter(|row| row.id == denial.id) {
            adjudications::DENIAL_REVERSED.clone_into(&mut row.state);
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
    /// Turns drafts into rows and into what the feed is told of them.
    pub(super) fn take(&mut self, drafts: Vec<Draft>) {
        self.reversed_claims.sort_unstable();
        self.reversed_claims.dedup();
        let mut opened = Vec::new();
        for draft in drafts {
            if let Some(mut row) = draft.row {
                row.document = draft.document;
                self.claims.push(set(row));
            } else if let Some(later) = draft.later {
                self.parts.push(set(claim_part::Model {
                    tenant_id: Uuid::nil(),
                    claim_id: draft.claim_id.unwrap_or_default(),
                    part: later.part,
                    document: draft.document,
                }));
            }
            self.subjects.extend(draft.subject.map(set::<subject::ActiveModel>));
            self.denied.extend(draft.denied);
            for denial in draft.denials {
                self.events.push(recorded(&denial));
                self.denials.push(set(denial));
            }
            for mut item in draft.items {
                item.row.document = to_json(&item.document);
                opened.push(self::opened(&item.row));
                self.items.push(set(item.row));
            }
        }
        self.events.append(&mut opened);
    }

    /// Tells the feed of the denials that are taken back, in this chunk and before it.
    pub(super) fn tell_reversed(&mut self, file: Uuid, revision: &str) {
        let payload = json!({ "remittance_file": file });
        let told = self.told.iter().map(|id| event("denial.reversed", *id, revision, &payload));
        self.events.extend(told);
    }
}

/// Tells the feed of a denial.
pub(crate) fn recorded(denial: &denial::Model) -> Event {
    event("denial.recorded", denial.id, &denial.revision, &Recorded::of(denial))
}

/// Tells the feed of an item.
pub(crate) fn opened(item: &work_item::Model) -> Event {
    event("work_item.opened", item.id, &item.revision, &Opened::of(item))
}

/// Payload of `denial.recorded`.
#[derive(Serialize)]
struct Recorded<'a> {
    claim_occurrence: Uuid,
    case: Uuid,
    payer: &'a str,
    group: &'a str,
    carc: &'a str,
    category: &'a str,
    lineage: &'a str,
    denied_cents: i64,
    purpose: &'a str,
}

impl<'a> Recorded<'a> {
    fn of(denial: &'a denial::Model) -> Self {
        Self {
            claim_occurrence: denial.claim_id,
            case: denial.case_id,
            payer: &denial.payer_slug,
            group: &denial.group_code,
            carc: &denial.carc,
            category: &denial.category,
            lineage: &denial.lineage,
            denied_cents: denial.denied_cents,
            purpose: &denial.purpose,
        }
    }
}

/// Payload of `work_item.opened`.
#[derive(Serialize)]
struct Opened<'a> {
    claim_occurrence: Uuid,
    case: Uuid,
    kind: &'a str,
    payer: &'a str,
    team: &'a str,
    next_action: &'a str,
    due_on: Option<NaiveDate>,
    at_stake_cents: i64,
    priority: i64,
}

impl<'a> Opened<'a> {
    fn of(item: &'a work_item::Model) -> Self {
        Self {
            claim_occurrence: item.claim_id,
            case: item.case_id,
            kind: &item.kind,
            payer: &item.payer_slug,
            team: &item.owner_team,
            next_action: &item.next_action,
            due_on: known_day(item.due_on),
            at_stake_cents: item.at_stake_cents,
            priority: item.priority,
        }
    }
}
