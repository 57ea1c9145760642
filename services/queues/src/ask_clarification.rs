use chrono::NaiveDate;
use contracts::routing::v1::{AskClarificationRequest, AskClarificationResponse};
use domain::dictionary::Slug;
use domain_work::clarification::{self, ClarificationState};
use domain_work::hold::WaitingFor;
use platform::access::Caller;
use platform::clock::day;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;
use views::id_in;

use crate::standing::Lanes;
use crate::store::clarifications::{self, ClarificationRow};
use crate::taken::Taken;
use crate::{Error, Queues, face, questions, rules, worker};

/// A question that is to be asked.
#[derive(Debug)]
struct Asking {
    item: Uuid,
    to_team: Slug,
    question: String,
    due_on: Option<NaiveDate>,
}

impl Queues {
    /// Asks another department; the item waits for the answer until the day on which it is due.
    ///
    /// # Errors
    /// When the caller may not write the item, nobody works for that team, the day is no good, or
    /// the database fails.
    pub async fn ask_clarification(
        &self,
        caller: &Caller,
        request: AskClarificationRequest,
    ) -> Result<AskClarificationResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let item = id_in("work_item_id", &request.work_item_id)?;
        let mut violations = Violations::default();
        let to_team = violations.check("to_team", Slug::new(request.to_team.clone()));
        let due_on = request.due_on.and_then(day);
        if request.due_on.is_some() && due_on.is_none() {
            violations.add("due_on", "is no date");
        }
        let question = request.question.trim().to_owned();
        if let Err(found) = clarification::text("question", &question) {
            violations.add(found.field, found.words);
        }
        violations.into_result()?;
        let to_team = to_team.ok_or(Fault::Broken("a violation was lost"))?;
        let asking = Asking { item, to_team, question, due_on };
        self.database
            .mutate(caller, once, move |tx| Box::pin(async move { ask(tx, asking).await }))
            .await
    }
}

async fn ask(tx: &TenantTx, asking: Asking) -> Result<AskClarificationResponse, Error> {
    let taken = Taken::find(tx, asking.item).await?;
    let lanes = Lanes::of(tx).await?;
    let user = worker(tx.caller())?;
    let writer = taken.writer(user, lanes.standing(tx.caller(), &taken.row)?);
    taken.hold.may_write(writer, taken.now)?;
    let mut violations = Violations::default();
    if !lanes.all().iter().any(|queue| queue.scope.team == asking.to_team) {
        violations.add("to_team", "has no queue, so that nobody would find the question");
    }
    let clock = clarification::clock(asking.due_on, taken.last_day(), taken.now.today);
    if let Err(found) = &clock {
        violations.add(found.field, found.words.clone());
    }
    violations.into_result()?;
    let clock = clock.map_err(|_| Fault::Broken("a violation was lost"))?;
    let document = taken.document()?;
    let row = ClarificationRow {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        work_item_id: taken.row.id,
        case_id: taken.row.case_id,
        to_team: asking.to_team.to_string(),
        question: asking.question,
        answer: String::new(),
        state: ClarificationState::Asked.as_str().to_owned(),
        due_on: clock.due_on,
        asked_by: user.to_string(),
        answered_by: String::new(),
        answered_at: None,
        payer_id: taken.row.payer_id,
        codes: clarifications::codes(document.codes.iter().map(|code| code.carc.as_str())),
        version: 1,
        created_at: taken.now.at,
        updated_at: taken.now.at,
    };
    let words = rules::asked(&row.to_team, row.due_on, &row.question);
    questions::tell(tx, &row, &taken.row.revision, ("clarification.asked", words)).await?;
    let row = clarifications::ask(tx, row).await?;
    if clock.puts_aside {
        let (last_day, now) = (taken.last_day(), taken.now);
        let waiting_for = WaitingFor::Clarification;
        let step = taken.hold.set_follow_up(writer, waiting_for, clock.due_on, last_day, now)?;
        taken.keep(tx, step).await?;
    }
    Ok(AskClarificationResponse { clarification: Some(face::clarification(row)) })
}
