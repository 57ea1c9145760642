//! Records outcomes: kept once, counted, judged.

use std::collections::BTreeMap;

use contracts::dictionary::v1::RecordEntryOutcomesResponse;
use domain::dictionary::Entry;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::evidence::{Evidence, shown, stated};
use crate::{Outcome, store};

/// What recording did.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Outcomes that were new.
    pub new: usize,
    /// Outcomes that were there.
    pub repeated: usize,
    /// What they speak of as it stands now, by slug.
    pub evidence: Vec<Evidence>,
}

impl Recorded {
    /// It as its caller is told.
    #[must_use]
    pub fn shown(&self) -> RecordEntryOutcomesResponse {
        let count = |outcomes: usize| i32::try_from(outcomes).unwrap_or(i32::MAX);
        RecordEntryOutcomesResponse {
            recorded_count: count(self.new),
            repeated_count: count(self.repeated),
            entry_evidence: self.evidence.iter().map(shown).collect(),
        }
    }
}

/// Those of some outcomes that were not recorded, whatever was said of the others.
///
/// # Errors
/// When the database fails.
pub async fn fresh(
    tx: &TenantTx,
    outcomes: Vec<(Outcome, Entry)>,
) -> Result<Vec<(Outcome, Entry)>, Fault> {
    let there = store::outcomes(tx, outcomes.iter().map(|(one, _)| one.id).collect()).await?;
    Ok(outcomes.into_iter().filter(|(one, _)| !there.contains_key(&one.id)).collect())
}

/// Records outcomes with the entries that decided them, in the transaction of the call; those that
/// were recorded count no further.
///
/// # Errors
/// [`Fault::Invalid`] when an id was recorded with another content; or the database fails.
pub async fn record(tx: &TenantTx, outcomes: Vec<(Outcome, Entry)>) -> Result<Recorded, Fault> {
    let mut by_statement: BTreeMap<(String, i32, i32), Entry> = BTreeMap::new();
    for (outcome, entry) in &outcomes {
        let (overturn, days) = stated(entry);
        let statement = (outcome.entry.to_string(), overturn, days);
        by_statement.entry(statement).or_insert_with(|| entry.clone());
    }
    // Held in one order until the commit: who records the same at once waits, and finds it there.
    let mut held = BTreeMap::new();
    for statement in by_statement.keys() {
        held.insert(statement.clone(), Evidence::of(store::hold(tx, statement).await?));
    }
    let ids = outcomes.iter().map(|(outcome, _)| outcome.id).collect();
    let mut there: BTreeMap<Uuid, Outcome> = store::outcomes(tx, ids).await?;
    let (mut new, mut violations) = (Vec::new(), Violations::default());
    let all = outcomes.len();
    for (at, (outcome, entry)) in outcomes.into_iter().enumerate() {
        match there.get(&outcome.id) {
            Some(before) if *before == outcome => continue,
            Some(_) => {
                let field = format!("outcomes[{at}].id");
                violations.add(field, "is that of another outcome, which says something else");
                continue;
            }
            None => {}
        }
        let (overturn, days) = stated(&entry);
        if let Some(evidence) = held.get_mut(&(outcome.entry.to_string(), overturn, days)) {
            evidence.count(&outcome);
        }
        there.insert(outcome.id, outcome.clone());
        new.push(outcome);
    }
    violations.into_result()?;
    let recorded = new.len();
    store::keep(tx, new).await?;
    let evidence = judge(held, by_statement).await?;
    let now = tx.clock().now();
    let mut kept = Vec::with_capacity(evidence.len());
    for mut evidence in evidence {
        if evidence.turned {
            evidence.row.suspect_since = Some(now);
        }
        store::write(tx, &evidence.row).await?;
        kept.push(evidence);
    }
    Ok(Recorded { new: recorded, repeated: all - recorded, evidence: kept })
}

/// Judges what was counted where it holds up nobody.
async fn judge(
    held: BTreeMap<(String, i32, i32), Evidence>,
    entries: BTreeMap<(String, i32, i32), Entry>,
) -> Result<Vec<Evidence>, Fault> {
    let judging = move || {
        let judged = held.into_values().zip(entries.values());
        judged.map(|(evidence, entry)| evidence.judged(entry)).collect()
    };
    let judged = tokio::task::spawn_blocking(judging).await;
    judged.unwrap_or(Err(Fault::Broken("judging outcomes panicked")))
}
