//! What clarifications do to their item, and what is told of them.

use domain_work::clarification::ClarificationState;
use domain_work::hold::{State, WaitingFor};
use ledger::{FEED, timeline};
use platform::events::Event;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use serde_json::json;
use uuid::Uuid;

use crate::Error;
use crate::store::clarifications::{self, ClarificationRow};
use crate::taken::Taken;

/// Tells the item's timeline and the feed; what people wrote goes to the timeline alone.
pub(crate) async fn tell(
    tx: &TenantTx,
    row: &ClarificationRow,
    revision: &str,
    (kind, words): (&'static str, String),
) -> Result<(), Fault> {
    let payload = json!({
        "work_item": row.work_item_id,
        "case": row.case_id,
        "to_team": row.to_team,
        "state": row.state,
        "due_on": row.due_on,
    });
    let event = Event {
        kind,
        subject: row.id,
        revision: revision.to_owned(),
        payload: payload.to_string().into_bytes(),
    };
    let line = timeline::line(tx, row.work_item_id, kind, tx.caller().actor(), words);
    timeline::tell(tx, vec![line]).await?;
    tx.emit(FEED, vec![event]).await
}

/// Opens an item that waits for an answer, unless another is owed.
pub(crate) async fn wake(tx: &TenantTx, taken: Taken) -> Result<(), Error> {
    let waits = match taken.hold.state {
        State::Waiting(wait) => wait.waiting_for == WaitingFor::Clarification,
        State::Open(_) | State::Claimed(_) | State::Resolved | State::Superseded => false,
    };
    if !waits || !clarifications::owed(tx, &[taken.row.id]).await?.is_empty() {
        return Ok(());
    }
    let step = taken.hold.wake(taken.now)?;
    taken.keep(tx, step).await?;
    Ok(())
}

/// Withdraws what is still asked about items that are over: nobody works on an answer in vain.
///
/// # Errors
/// When the database fails.
pub async fn withdraw_questions(tx: &TenantTx, items: &[Uuid]) -> Result<(), Fault> {
    for row in clarifications::owed(tx, items).await? {
        let state = ClarificationState::Withdrawn.as_str().to_owned();
        let row = clarifications::write(tx, ClarificationRow { state, ..row }).await?;
        let words = format!("no answer of team `{}` is needed any more", row.to_team);
        tell(tx, &row, "", ("clarification.withdrawn", words)).await?;
    }
    Ok(())
}
