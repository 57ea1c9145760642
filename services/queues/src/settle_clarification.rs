use contracts::routing::v1::{self as pb, SettleClarificationRequest, SettleClarificationResponse};
use domain_work::clarification::{self, ClarificationState};
use domain_work::hold::WaitingFor;
use platform::access::{Caller, Role};
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;
use views::id_in;

use crate::standing::Lanes;
use crate::store::clarifications;
use crate::taken::Taken;
use crate::{Error, Queues, face, questions, rules, worker};

impl Queues {
    /// Accepts an answer, returns it, or withdraws the question.
    ///
    /// # Errors
    /// When somebody else asked, its state does not allow it, a reason is missing, or the database
    /// fails.
    pub async fn settle_clarification(
        &self,
        caller: &Caller,
        request: SettleClarificationRequest,
    ) -> Result<SettleClarificationResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("id", &request.id)?;
        let mut violations = Violations::default();
        violations.text("etag", &request.etag, 64);
        let to = settled(request.state());
        if to.is_none() {
            violations.add("state", "must be ACCEPTED, RETURNED or WITHDRAWN");
        }
        violations.into_result()?;
        let to = to.ok_or(Fault::Broken("a violation was lost"))?;
        let (etag, reason) = (request.etag, request.reason.trim().to_owned());
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { settle(tx, (id, &etag), to, &reason).await })
            })
            .await
    }
}

fn settled(sent: pb::ClarificationState) -> Option<ClarificationState> {
    let word = sent.as_str_name().strip_prefix("CLARIFICATION_STATE_")?;
    let asked = [ClarificationState::Asked, ClarificationState::Answered];
    ClarificationState::parse(word).filter(|state| !asked.contains(state))
}

async fn settle(
    tx: &TenantTx,
    (id, etag): (Uuid, &str),
    to: ClarificationState,
    reason: &str,
) -> Result<SettleClarificationResponse, Error> {
    let item = clarifications::item_of(tx, id).await?;
    let taken = Taken::find(tx, item).await?;
    let mut row = clarifications::read(tx, id, etag).await?;
    let user = worker(tx.caller())?;
    let asked_by = ledger::held::person(&row.asked_by);
    let asked_by = asked_by.ok_or(Fault::Broken("a question is nobody's"))?;
    let lead = tx.caller().has_role(Role::TeamLead);
    clarification::settle(clarifications::state(&row)?, to, (asked_by, user, lead), reason)?;
    to.as_str().clone_into(&mut row.state);
    let mut waits = None;
    if to == ClarificationState::Returned {
        let clock = clarification::clock(None, taken.last_day(), taken.now.today);
        let clock = clock.map_err(|_| Fault::Broken("the day by default is no good"))?;
        row.due_on = clock.due_on;
        let standing =
            Lanes::of_team(tx, &taken.row.owner_team).await?.standing(tx.caller(), &taken.row)?;
        let writer = taken.writer(user, standing);
        taken.hold.may_write(writer, taken.now)?;
        waits = clock.puts_aside.then_some(writer);
    }
    let told = rules::settled(to, &row.to_team, row.due_on, reason);
    questions::tell(tx, &row, &taken.row.revision, told).await?;
    let row = clarifications::write(tx, row).await?;
    match waits {
        Some(writer) => {
            let (last_day, now, due_on) = (taken.last_day(), taken.now, row.due_on);
            let what = WaitingFor::Clarification;
            let step = taken.hold.set_follow_up(writer, what, due_on, last_day, now)?;
            taken.keep(tx, step).await?;
        }
        None => questions::wake(tx, taken).await?,
    }
    Ok(SettleClarificationResponse { clarification: Some(face::clarification(row)) })
}
