//! The checklists of a claim's open work are compared anew, and told of.

use domain_work::checklist::EvidenceState;
use ledger::document::{Evidence, WorkDocument};
use ledger::reading::work_items::WorkItem;
use ledger::timeline::Line;
use ledger::{FEED, held, timeline};
use platform::events::Event;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use serde_json::json;
use uuid::Uuid;

use crate::Filed;

/// What the feed calls a change of what is on file.
const CHANGED: &str = "work_item.evidence_changed";

/// Why checklists are compared.
#[derive(Clone, Debug, Default)]
pub struct Cause {
    /// Who did something, as timelines name them.
    pub actor: String,
    /// What was done, in words; empty where the timeline has it already.
    pub words: String,
    /// Slugs of the standards it is about: items that ask for them are told even where nothing
    /// changes.
    pub standards: Vec<String>,
}

/// Compares the checklists of everything of these cases that is not done with what is on file. The
/// caller holds the cases.
///
/// # Errors
/// When the database fails.
pub async fn refresh(tx: &TenantTx, cases: &[Uuid], cause: &Cause) -> Result<(), Fault> {
    let rows = held::locked_undone(tx, cases).await?;
    let filed = Filed::of_items(tx, &rows).await?;
    let (mut lines, mut events): (Vec<Line>, Vec<Event>) = (Vec::new(), Vec::new());
    for before in rows {
        let mut row = before.clone();
        let changed = filed.fulfil(&mut row)?;
        let [was, is] = [WorkDocument::of(&before)?, WorkDocument::of(&row)?];
        let words = words(&was.evidence, &is.evidence, cause);
        if let Some(words) = words {
            lines.push(timeline::line(tx, row.id, CHANGED, &cause.actor, words));
        }
        if changed {
            let row = held::write(tx, row, true).await?;
            events.push(event(&row, &is));
        }
    }
    timeline::tell(tx, lines).await?;
    tx.emit(FEED, events).await
}

/// What happened to a checklist; nothing where nobody needs to hear of it.
fn words(was: &[Evidence], is: &[Evidence], cause: &Cause) -> Option<String> {
    let mut said = Vec::new();
    for (was, is) in was.iter().zip(is) {
        let asked = cause.standards.iter().any(|slug| slug == is.wanted.standard.as_str());
        if was == is && !asked {
            continue;
        }
        let title = &is.wanted.title;
        said.push(match is.state {
            EvidenceState::Present => format!("`{title}` is on file"),
            EvidenceState::Waived => format!("`{title}` is not needed"),
            EvidenceState::Missing => format!("`{title}` is missing: {}", is.missing_words),
        });
    }
    if said.is_empty() {
        return None;
    }
    let said = said.join("; ");
    Some(if cause.words.is_empty() { said } else { format!("{}: {said}", cause.words) })
}

fn event(row: &WorkItem, document: &WorkDocument) -> Event {
    let missing = document.evidence.iter().filter(|it| it.state == EvidenceState::Missing);
    let missing: Vec<&str> = missing.map(|it| it.wanted.standard.as_str()).collect();
    let payload = json!({
        "team": row.owner_team,
        "missing": missing,
        "priority": row.priority,
    });
    Event {
        kind: CHANGED,
        subject: row.id,
        revision: row.revision.clone(),
        payload: payload.to_string().into_bytes(),
    }
}
