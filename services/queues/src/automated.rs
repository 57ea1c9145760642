//! Acts of automation rules on items that nobody has touched.
//!
//! They go through the rules that people's acts go through, with the rule in the place of a person:
//! the row, the timeline, the feed and the alarm are kept together, and an end can be undone.

use chrono::NaiveDate;
use contracts::routing::v1::ResolveWorkItemRequest;
use domain::money::Cents;
use domain_work::UserId;
use domain_work::checklist::EvidenceState;
use domain_work::hold::{EndedBy, Right, WaitingFor, Writer};
use domain_work::resolution::ResolutionKind;
use ledger::document::Evidence;
use ledger::reading::work_items::WorkItem;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use serde_json::json;
use uuid::Uuid;

use crate::resolve_work_item::{self, Ending};
use crate::taken::{Act, Taken};
use crate::{Error, rules};

/// An act of a rule.
#[derive(Clone, Debug)]
pub enum Automated {
    /// All that is at stake is written off under this code.
    WriteOff(String),
    /// It is closed without further work.
    Close,
    /// It waits for its documents until that day.
    AskForDocuments(NaiveDate),
    /// It waits for the payer until that day.
    Wait(NaiveDate),
    /// The billing system is asked to send its claim again, for which it waits until that day.
    AskForResubmission(NaiveDate),
}

/// What the feed calls a claim that shall be sent again: who bills hears it there.
const RESUBMISSION_REQUESTED: &str = "work_item.resubmission_requested";

/// Has rule `rule` act on an item whose row is locked, named `duty` on its timeline, for this
/// reason; what is given up stays below `write_off_limit`.
///
/// # Errors
/// When a person holds it, the act lacks something, or the database fails.
pub async fn automated(
    tx: &TenantTx,
    row: WorkItem,
    act: Automated,
    (rule, duty): (Uuid, &'static str),
    reason: String,
    write_off_limit: Cents,
) -> Result<(), Error> {
    let taken = Taken::of(row, tx)?.on_behalf_of(duty);
    let (kind, written_off, code) = match act {
        Automated::WriteOff(code) => {
            (ResolutionKind::Adjustment, Cents::new(taken.row.at_stake_cents), code)
        }
        Automated::Close => (ResolutionKind::Closed, Cents::ZERO, String::new()),
        Automated::AskForDocuments(day) => {
            return put_aside(tx, taken, (WaitingFor::Documents, day), rule, &reason).await;
        }
        Automated::Wait(day) => {
            return put_aside(tx, taken, (WaitingFor::Payer, day), rule, &reason).await;
        }
        Automated::AskForResubmission(day) => {
            return put_aside(tx, taken, (WaitingFor::Resubmission, day), rule, &reason).await;
        }
    };
    let step = taken.hold.resolve(EndedBy::Automation, taken.now)?;
    let ending = Ending {
        id: taken.row.id,
        fencing_number: 0,
        kind,
        recovered: Cents::ZERO,
        written_off,
        request: ResolveWorkItemRequest {
            write_off_code: code,
            reason,
            ..ResolveWorkItemRequest::default()
        },
        write_off_limit,
        automated: true,
    };
    resolve_work_item::end(tx, taken, step, &ending, UserId(rule)).await?;
    Ok(())
}

async fn put_aside(
    tx: &TenantTx,
    taken: Taken,
    (waiting_for, day): (WaitingFor, NaiveDate),
    rule: Uuid,
    reason: &str,
) -> Result<(), Error> {
    let writer = Writer { user: UserId(rule), right: Right::Unheld };
    let last_day = taken.last_day();
    let mut step = taken.hold.set_follow_up(writer, waiting_for, day, last_day, taken.now)?;
    // It is told with its reason and its documents instead.
    let happened = step.happened.pop().ok_or(Fault::Broken("nothing happened to an item"))?;
    let kind = match waiting_for {
        WaitingFor::Resubmission => RESUBMISSION_REQUESTED,
        WaitingFor::Payer | WaitingFor::Clarification | WaitingFor::Documents => {
            happened.event_type()
        }
    };
    let words = rules::words(&happened);
    let missing = |it: &Evidence| it.state == EvidenceState::Missing;
    let document = taken.document()?;
    let documents: Vec<String> = document
        .evidence
        .iter()
        .filter(|it| missing(it))
        .map(|it| it.wanted.standard.to_string())
        .collect();
    let asked = waiting_for == WaitingFor::Documents;
    let facts = json!({
        "by": "automation",
        "rule": rule,
        "waiting_for": waiting_for.as_str(),
        "follow_up_on": day,
        "next_action": taken.row.next_action,
        "documents": if asked { documents.as_slice() } else { &[] },
    });
    let act = Act { kind, words: format!("{words}: {reason}"), facts };
    taken.keep_and_tell(tx, step, Some(act)).await?;
    Ok(())
}
