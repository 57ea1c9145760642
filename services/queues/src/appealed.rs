//! What becomes of work whose denials are appealed.
//!
//! While an appeal of all that is open of an item is with the payer, the item waits for it, and its
//! window is kept; a decision against us opens it again under the window of the next level, one for
//! us ends it. An item of which something else is open is told of it and stays as it is.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use contracts::routing::v1::ResolveWorkItemRequest;
use domain::calendar::spoken;
use domain::deadline::Deadline;
use domain::money::Cents;

use domain_work::UserId;
use domain_work::hold::{EndedBy, State, Step};
use domain_work::resolution::ResolutionKind;
use ledger::adjudications::DENIAL_OPEN;
use ledger::document::{OnAppeal, WorkDocument, to_json};
use ledger::held::{self, NEVER};
use ledger::reading::denials;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::Error;
use crate::resolve_work_item::{self, Ending};
use crate::taken::{Act, Taken};

/// How long a payer is waited for where the dictionary does not say how long it takes.
const ANSWER_DAYS: u32 = 30;

/// Something that happened to an appeal.
#[derive(Clone, Debug)]
pub struct Appealed {
    /// Which appeal.
    pub appeal: Uuid,
    /// Its level, in words.
    pub level: String,
    /// What is appealed.
    pub denials: Vec<Uuid>,
    /// Who did it.
    pub by: String,
    /// What happened.
    pub what: What,
}

/// What happened to an appeal.
#[derive(Clone, Debug)]
pub enum What {
    /// It is told, and changes nothing.
    Told(String),
    /// It was filed, first on that day.
    Filed(NaiveDate),
    /// The payer sent it back; what is sent again keeps the first day.
    Returned,
    /// It was taken back.
    Withdrawn,
    /// The payer said on a day that it will pay: its remittance is awaited.
    Promised(NaiveDate),
    /// The payer decided.
    Decided(Decided),
}

/// A payer's decision that somebody stated or confirmed.
#[derive(Clone, Debug)]
pub struct Decided {
    /// Whether all of it is paid.
    pub overturned: bool,
    /// What came back, in cents.
    pub recovered_cents: i64,
    /// How it was decided, in words.
    pub words: String,
    /// The window of the next level, where there is one.
    pub next: Option<Box<Deadline>>,
}

/// Has what happened to an appeal do its part to the work of its denials, named `duty` on their
/// timelines.
///
/// # Errors
/// When the database fails.
pub async fn appealed(
    tx: &TenantTx,
    told: &Appealed,
    duty: &'static str,
    write_off_limit: Cents,
) -> Result<(), Fault> {
    let appealed = denials::with_ids(tx, &told.denials).await?;
    let items: BTreeSet<Uuid> = appealed.iter().map(|denial| denial.work_item_id).collect();
    let items: Vec<Uuid> = items.into_iter().filter(|item| !item.is_nil()).collect();
    let mut money = match &told.what {
        What::Decided(decided) => decided.recovered_cents,
        _ => 0,
    };
    for row in held::locked_all(tx, &items).await? {
        let share = money.min(row.at_stake_cents.max(0));
        money -= share;
        let all = denials::of_item(tx, row.claim_id, row.id).await?;
        let open = all.iter().filter(|denial| denial.state == DENIAL_OPEN);
        let whole = open.map(|denial| denial.id).all(|id| told.denials.contains(&id));
        let taken = Taken::of(row, tx)?.on_behalf_of(duty);
        let turned = turned(tx, taken, told, (whole, Cents::new(share)), write_off_limit).await;
        let what = "an appeal asks of an item what it cannot do";
        turned.map_err(|error| error.of_job(what))?;
    }
    Ok(())
}

async fn turned(
    tx: &TenantTx,
    mut taken: Taken,
    told: &Appealed,
    (whole, share): (bool, Cents),
    write_off_limit: Cents,
) -> Result<(), Error> {
    let over = matches!(taken.hold.state, State::Resolved | State::Superseded);
    let mut document = taken.document()?;
    let ours = document.appealed.is_some_and(|on| on.appeal == told.appeal);
    let step = match &told.what {
        _ if over => as_it_is(&taken),
        What::Filed(filed_on) if whole => {
            document.appealed = Some(OnAppeal { appeal: told.appeal, filed_on: *filed_on });
            taken.hold.await_decision(answer_on(&document, *filed_on), taken.now)?
        }
        What::Promised(on) if whole => {
            taken.hold.await_decision(answer_on(&document, *on), taken.now)?
        }
        What::Returned if ours => opened(&taken)?,
        What::Withdrawn if ours => {
            document.appealed = None;
            opened(&taken)?
        }
        What::Decided(decided) if decided.overturned && whole => {
            return end(tx, taken, told, decided, share, write_off_limit).await;
        }
        What::Decided(decided) if ours => {
            (document.appealed, document.passed) = (None, std::mem::take(&mut document.deadlines));
            document.deadlines = decided.next.iter().map(|next| Deadline::clone(next)).collect();
            taken.row.due_on = decided.next.as_ref().map_or(NEVER, |next| next.last_day);
            taken.row.at_stake_cents = (taken.row.at_stake_cents - share.as_i64()).max(0);
            opened(&taken)?
        }
        _ => as_it_is(&taken),
    };
    document.rank_anew(&mut taken.row, taken.now.today)?;
    taken.row.document = to_json(&document);
    let act = Act { kind: "work_item.appealed", words: words(told), facts: facts(told, share) };
    taken.keep_and_tell(tx, step, Some(act)).await?;
    Ok(())
}

/// The item as it is, but for what time did.
fn as_it_is(taken: &Taken) -> Step {
    taken.hold.at(taken.now)
}

/// Open where it waited; who holds it keeps it.
fn opened(taken: &Taken) -> Result<Step, Error> {
    match taken.hold.state {
        State::Waiting(_) => {
            let mut step = taken.hold.wake(taken.now)?;
            step.happened.clear();
            Ok(step)
        }
        _ => Ok(as_it_is(taken)),
    }
}

/// When a payer is expected to have answered.
fn answer_on(document: &WorkDocument, filed_on: NaiveDate) -> NaiveDate {
    let days = Some(document.expected_days).filter(|days| *days > 0).unwrap_or(ANSWER_DAYS);
    filed_on.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX)
}

/// Ends an item that was won, whoever holds it.
async fn end(
    tx: &TenantTx,
    mut taken: Taken,
    told: &Appealed,
    decided: &Decided,
    share: Cents,
    write_off_limit: Cents,
) -> Result<(), Error> {
    let step = taken.hold.resolve(EndedBy::Decision, taken.now)?;
    let mut document = taken.document()?;
    if document.appealed.is_none() {
        // It is on record that it was appealed, also where its filing was not followed.
        let filed_on = taken.now.today;
        document.appealed = Some(OnAppeal { appeal: told.appeal, filed_on });
        taken.row.document = to_json(&document);
    }
    let ending = Ending {
        id: taken.row.id,
        fencing_number: 0,
        kind: ResolutionKind::Appeal,
        recovered: share,
        written_off: Cents::ZERO,
        request: ResolveWorkItemRequest {
            reason: format!("{} was decided: {}", told.level, decided.words),
            ..ResolveWorkItemRequest::default()
        },
        write_off_limit,
        automated: false,
    };
    let user = Uuid::try_parse(&told.by).unwrap_or(told.appeal);
    resolve_work_item::end(tx, taken, step, &ending, UserId(user)).await?;
    Ok(())
}

fn words(told: &Appealed) -> String {
    let level = &told.level;
    match &told.what {
        What::Told(words) => format!("{level}: {words}"),
        What::Filed(filed_on) => {
            format!("{level} was filed on {}; the payer has it", spoken(*filed_on))
        }
        What::Promised(on) => {
            format!("{level}: the payer said on {} that it will pay", spoken(*on))
        }
        What::Returned => format!("the payer sent {level} back; send it again"),
        What::Withdrawn => format!("{level} was taken back"),
        What::Decided(decided) => {
            let next = decided.next.as_ref().map_or_else(String::new, |next| {
                format!("; the next level is open until {}", spoken(next.last_day))
            });
            format!("{level} was decided: {}{next}", decided.words)
        }
    }
}

fn facts(told: &Appealed, share: Cents) -> Value {
    json!({ "appeal": told.appeal, "recovered_cents": share.as_i64() })
}
