//! Puts drafts into the ledger's context: their cases, what they repeat, what they take back.

use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

use history::Denied;
use platform::events::Event;
use platform::tenant_tx::TenantTx;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::draft::Draft;
use super::judge::{Past, judge};
use super::post::event;
use super::recognize::recognize;
use super::upstream::Upstream;
use crate::error::Error;
use ledger::document::to_json;
use ledger::entity::{case, claim, claim_part, denial, subject, work_item};
use ledger::usual::Counted;
use ledger::verdicts::Verdict;
use ledger::{cases, set};

/// Rows of one chunk, ready to be written.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// The file they are of.
    pub(super) file: Uuid,
    /// The revision that decided them.
    pub(super) revision: String,
    /// When occurrences of its cases were paid; with the file, where they are of it.
    pub(super) paid_on: BTreeMap<Uuid, (NaiveDate, Option<Uuid>)>,
    pub(super) cases: Vec<case::ActiveModel>,
    pub(super) claims: Vec<claim::ActiveModel>,
    pub(super) parts: Vec<claim_part::ActiveModel>,
    pub(super) subjects: Vec<subject::ActiveModel>,
    pub(super) denials: Vec<denial::ActiveModel>,
    pub(super) denied: Vec<Denied>,
    pub(super) items: Vec<work_item::ActiveModel>,
    pub(super) events: Vec<Event>,
    /// Occurrences in the ledger that a reversal of this chunk takes back.
    pub(super) reversed_claims: Vec<Uuid>,
    /// What becomes of denials in the ledger.
    pub(super) verdicts: Vec<Verdict>,
    /// What that says of their items.
    pub(super) answers: BTreeMap<Uuid, queues::Answer>,
    /// What the feed is told of denials that are settled, after they were recorded.
    pub(super) settled: Vec<Event>,
    /// Every denial that is taken back: of the ledger, and of this chunk itself.
    pub(super) told: BTreeSet<Uuid>,
    /// Occurrences of the ledger that an occurrence of this chunk may be of.
    pub(super) doubts: Vec<(Uuid, Uuid)>,
    /// What the chunk adds to what is usual with payers.
    pub(super) counted: Counted,
}

/// Gives each draft its case, its lineage, and what became of it already.
pub(super) async fn weave(
    tx: &TenantTx,
    drafts: &mut [Draft],
    upstream: &Upstream,
    file: Uuid,
) -> Result<Rows, Error> {
    let mut rows = Rows { file, revision: upstream.revision().to_owned(), ..Rows::default() };
    let stored = open_cases(tx, drafts, &mut rows).await?;
    let past = Past::of(tx, &stored).await?;
    judge(past, drafts, upstream, &mut rows)?;
    Ok(rows)
}

/// Finds or opens the cases and names them in the drafts; answers those that were there before.
async fn open_cases(
    tx: &TenantTx,
    drafts: &mut [Draft],
    rows: &mut Rows,
) -> Result<BTreeSet<Uuid>, Error> {
    let numbers: BTreeSet<&str> =
        drafts.iter().map(|draft| draft.patient_control_number.as_str()).collect();
    let numbers = numbers.into_iter().map(str::to_owned).collect();
    let mut known: BTreeMap<(String, String), Uuid> = BTreeMap::new();
    for case in cases::named(tx, numbers).await? {
        known.insert((case.patient_control_number, case.payer_key), case.id);
    }
    let mut stored: BTreeSet<Uuid> = known.values().copied().collect();
    let key = |draft: &Draft| (draft.patient_control_number.clone(), draft.payer_key.clone());
    let strangers: Vec<usize> =
        (0..drafts.len()).filter(|at| !known.contains_key(&key(&drafts[*at]))).collect();
    let recognized = recognize(tx, drafts, &strangers).await?;
    rows.doubts = recognized.doubts;
    stored.extend(recognized.cases.values());
    let mut met = BTreeSet::new();
    for (at, draft) in drafts.iter_mut().enumerate() {
        let joined = recognized.cases.get(&at).copied();
        let id = joined.unwrap_or_else(|| {
            *known.entry(key(draft)).or_insert_with_key(|(number, payer_key)| {
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
            })
        });
        if stored.contains(&id) {
            met.insert(id);
        }
        draft.belong(id);
    }
    Ok(met)
}

impl Draft {
    fn belong(&mut self, case: Uuid) {
        self.case_id = case;
        let claim = self.claim_id.unwrap_or_default();
        if let Some(row) = &mut self.row {
            row.case_id = case;
        }
        for denial in &mut self.denials {
            (denial.case_id, denial.claim_id) = (case, claim);
        }
        for item in self.items.iter_mut().chain(&mut self.underpaid) {
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
                self.counted.posted(&row);
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
                let code = (denial.payer_id, denial.group_code.as_str(), denial.carc.as_str());
                self.counted.moved(code, "", &denial.state);
                self.events.push(recorded(&denial));
                self.denials.push(set(denial));
            }
            for mut item in draft.items {
                item.row.document = to_json(&item.document);
                opened.push(ledger::opening::opened(&item.row));
                self.items.push(set(item.row));
            }
        }
        self.events.append(&mut opened);
        self.events.append(&mut self.settled);
    }

    /// Tells the feed of the denials that are taken back, in this chunk and before it.
    pub(super) fn tell_reversed(&mut self) {
        let payload = json!({ "remittance_file": self.file });
        let revision = &self.revision;
        let told = self.told.iter().map(|id| event("denial.reversed", *id, revision, &payload));
        self.events.extend(told);
    }
}

/// Tells the feed of a denial.
pub(crate) fn recorded(denial: &denial::Model) -> Event {
    event("denial.recorded", denial.id, &denial.revision, &Recorded::of(denial))
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
    repeats: i64,
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
            repeats: denial.repeats,
            denied_cents: denial.denied_cents,
            purpose: &denial.purpose,
        }
    }
}
