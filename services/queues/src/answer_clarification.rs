use contracts::routing::v1::{AnswerClarificationRequest, AnswerClarificationResponse};
use domain_work::clarification::{self, ClarificationState};
use domain_work::queue::Standing;
use platform::access::{Caller, Role};
use platform::idempotency::Once;
use platform::rejection::Violations;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;
use views::id_in;

use crate::standing::Lanes;
use crate::store::clarifications::{self, ClarificationRow};
use crate::taken::Taken;
use crate::{Error, Queues, face, questions, worker};

impl Queues {
    /// Answers a question that the caller's team was asked; its item is open again, kept for
    /// whoever asked.
    ///
    /// # Errors
    /// When the team is not the caller's, no answer is owed, the text is no good, or the database
    /// fails.
    pub async fn answer_clarification(
        &self,
        caller: &Caller,
        request: AnswerClarificationRequest,
    ) -> Result<AnswerClarificationResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("id", &request.id)?;
        let mut violations = Violations::default();
        violations.text("etag", &request.etag, 64);
        let text = request.answer.trim().to_owned();
        if let Err(found) = clarification::text("answer", &text) {
            violations.add(found.field, found.words);
        }
        violations.into_result()?;
        let etag = request.etag;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { answer(tx, (id, &etag), text).await })
            })
            .await
    }
}

async fn answer(
    tx: &TenantTx,
    (id, etag): (Uuid, &str),
    text: String,
) -> Result<AnswerClarificationResponse, Error> {
    let item = clarifications::item_of(tx, id).await?;
    // The item first, as every act locks it.
    let taken = Taken::find(tx, item).await?;
    let row = clarifications::read(tx, id, etag).await?;
    let standing = of_team(tx, &row.to_team).await?;
    clarification::answer(clarifications::state(&row)?, standing, &row.to_team)?;
    let row = ClarificationRow {
        state: ClarificationState::Answered.as_str().to_owned(),
        answered_by: worker(tx.caller())?.to_string(),
        answered_at: Some(taken.now.at),
        answer: text,
        ..row
    };
    let words = format!("answered for team `{}`: {}", row.to_team, row.answer);
    questions::tell(tx, &row, &taken.row.revision, ("clarification.answered", words)).await?;
    let row = clarifications::write(tx, row).await?;
    questions::wake(tx, taken).await?;
    Ok(AnswerClarificationResponse { clarification: Some(face::clarification(row)) })
}

/// What the caller is to a team: a lead leads all of them.
async fn of_team(tx: &TenantTx, team: &str) -> Result<Option<Standing>, Error> {
    if tx.caller().has_role(Role::TeamLead) {
        return Ok(Some(Standing::Lead));
    }
    let user = worker(tx.caller())?;
    let works = Lanes::of_team(tx, team).await?.worked_by(user).next().is_some();
    Ok(works.then_some(Standing::Member))
}
