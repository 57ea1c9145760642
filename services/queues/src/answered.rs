//! The payer answered: what a later remittance makes of items.

use std::collections::BTreeMap;

use domain_work::hold::{EndedBy, State, Step};
use ledger::adjudications::ITEM_RESOLVED;
use ledger::document::{WorkDocument, to_json};
use ledger::reading::work_items::WorkItem;
use ledger::timeline::{self, Line};
use ledger::{FEED, held};
use platform::events::Event;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use serde_json::json;
use uuid::Uuid;

use crate::taken::{self, Act, Taken};
use crate::{Error, alarm, questions};

/// Why an item is open again, to its hold; what is said in full goes to the timeline, which unlike
/// the reason of a person has no bound.
const REOPENS: &str = "the payer took back what had settled it";

/// What a remittance says of the denials of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The item.
    pub item: Uuid,
    /// What says it, by its name in the event.
    by: (&'static str, Uuid),
    /// How many denials of it are open then, and what they refuse in cents; `None` leaves the item
    /// as it is.
    pub open: Option<(usize, i64)>,
    /// What came back, in cents; below zero where it was taken back.
    pub recovered_cents: i64,
    /// Whether a denial is open again.
    pub reopened: bool,
    words: Vec<String>,
}

impl Answer {
    /// An answer of a claim occurrence that says nothing yet.
    #[must_use]
    pub fn of(item: Uuid, occurrence: Uuid) -> Self {
        Self::said_by(item, ("claim_occurrence", occurrence))
    }

    /// An answer at provider level that says nothing yet.
    #[must_use]
    pub fn of_take_back(item: Uuid, take_back: Uuid) -> Self {
        Self::said_by(item, ("take_back", take_back))
    }

    fn said_by(item: Uuid, by: (&'static str, Uuid)) -> Self {
        Self { item, by, open: None, recovered_cents: 0, reopened: false, words: Vec::new() }
    }

    /// That an occurrence may be of the item's claim, and that nobody but a person can tell.
    pub fn doubt(&mut self) {
        self.say(
            "a later remittance may be of this claim: member, day of service and charge agree, and \
             every number differs; look at it, and end the item by hand where it is",
        );
    }

    /// Adds what it says of one denial; twenty alike are said once.
    pub fn say(&mut self, words: &str) {
        if !words.is_empty() && !self.words.iter().any(|said| said == words) {
            self.words.push(words.to_owned());
        }
    }
}

/// Ends, reopens or lessens items, whoever holds them; `actor` stands on their timelines.
///
/// # Errors
/// When the database fails.
pub async fn answered(
    tx: &TenantTx,
    answers: &BTreeMap<Uuid, Answer>,
    actor: &str,
) -> Result<(), Fault> {
    let mut lines: Vec<Line> = Vec::new();
    let mut events: Vec<Event> = Vec::new();
    let (mut rows, mut over) = (Vec::with_capacity(answers.len()), Vec::new());
    let ids: Vec<Uuid> = answers.keys().copied().collect();
    for row in held::locked_all(tx, &ids).await? {
        let Some(answer) = answers.get(&row.id) else { continue };
        let taken = Taken::of(row, tx)?;
        let scheduled = taken.hold.next_change().is_some();
        let turned = turned(taken, answer);
        let (row, act) = turned.map_err(|error| error.of_job("a remittance may do anything"))?;
        if scheduled {
            tx.done(alarm::KIND, row.id).await?;
        }
        if row.state == ITEM_RESOLVED {
            over.push(row.id);
        }
        events.push(taken::event(&act, &row, None));
        lines.push(timeline::line(tx, row.id, act.kind, actor, act.words));
        rows.push(row);
    }
    held::write_all(tx, rows).await?;
    timeline::tell(tx, lines).await?;
    tx.emit(FEED, events).await?;
    questions::withdraw_questions(tx, &over).await
}

/// An item as it stands after an answer, and what is told of that.
fn turned(taken: Taken, answer: &Answer) -> Result<(WorkItem, Act), Error> {
    let said = answer.words.join("; ");
    let over = matches!(taken.hold.state, State::Resolved | State::Superseded);
    let none_open = answer.open.is_some_and(|(count, _)| count == 0);
    let open_cents = answer.open.filter(|(count, _)| *count > 0).map(|(_, cents)| cents);
    let (said_by, id) = answer.by;
    let facts = json!({
        "by": "remittance",
        said_by: id,
        "recovered_cents": answer.recovered_cents,
    });
    let today = taken.now.today;
    if none_open && !over {
        let Step { hold, .. } = taken.hold.resolve(EndedBy::Remittance, taken.now)?;
        let words = format!("done: {said}");
        return Ok((
            held::with(taken.row, &hold),
            Act { kind: "work_item.resolved", words, facts },
        ));
    }
    match open_cents {
        Some(cents) if answer.reopened && taken.hold.state == State::Resolved => {
            let Step { hold, .. } = taken.hold.reopen(REOPENS)?;
            let row = staked(held::with(taken.row, &hold), cents, today)?;
            let words = format!("open again: {said}");
            Ok((row, Act { kind: "work_item.reopened", words, facts }))
        }
        Some(cents) if !over => {
            let row = staked(taken.row, cents, today)?;
            Ok((row, Act { kind: "work_item.answered", words: said, facts }))
        }
        Some(_) | None => Ok((taken.row, Act { kind: "work_item.answered", words: said, facts })),
    }
}

/// The item with another amount at stake, ranked anew.
fn staked(mut row: WorkItem, cents: i64, today: chrono::NaiveDate) -> Result<WorkItem, Fault> {
    let mut document = WorkDocument::of(&row)?;
    row.at_stake_cents = cents;
    document.rank_anew(&mut row, today)?;
    row.document = to_json(&document);
    Ok(row)
}
