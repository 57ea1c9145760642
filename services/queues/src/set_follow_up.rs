use chrono::NaiveDate;
use contracts::routing::v1::{self as pb, SetFollowUpRequest, SetFollowUpResponse};
use domain_work::hold::WaitingFor;
use platform::access::Caller;
use platform::clock::day;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;
use views::{Views, id_in};

use crate::standing::Lanes;
use crate::taken::Taken;
use crate::{Error, Queues, worker};

impl Queues {
    /// Puts an item aside until a day, which is never after its ranking deadline.
    ///
    /// # Errors
    /// When the caller may not, the day is no good, or the database fails.
    pub async fn set_follow_up(
        &self,
        caller: &Caller,
        request: SetFollowUpRequest,
    ) -> Result<SetFollowUpResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("id", &request.id)?;
        let mut violations = Violations::default();
        violations.text("etag", &request.etag, 64);
        let waiting_for = waited(request.waiting_for());
        if waiting_for.is_none() {
            violations
                .add("waiting_for", "must be PAYER, CLARIFICATION, DOCUMENTS or RESUBMISSION");
        }
        let day = request.follow_up_on.and_then(day);
        if day.is_none() {
            violations.add("follow_up_on", "is required: a date");
        }
        violations.into_result()?;
        let (Some(waiting_for), Some(day)) = (waiting_for, day) else {
            return Err(Fault::Broken("a violation was lost").into());
        };
        let (views, etag) = (self.views.clone(), request.etag);
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { put_aside(tx, &views, (id, &etag), waiting_for, day).await })
            })
            .await
    }
}

async fn put_aside(
    tx: &TenantTx,
    views: &Views,
    (id, etag): (Uuid, &str),
    waiting_for: WaitingFor,
    day: NaiveDate,
) -> Result<SetFollowUpResponse, Error> {
    let taken = Taken::read(tx, id, etag).await?;
    let lanes = Lanes::of_team(tx, &taken.row.owner_team).await?;
    let writer = taken.writer(worker(tx.caller())?, lanes.standing(tx.caller(), &taken.row)?);
    let last_day = taken.last_day();
    let step = taken.hold.set_follow_up(writer, waiting_for, day, last_day, taken.now)?;
    let row = taken.keep(tx, step).await?;
    Ok(SetFollowUpResponse { work_item: Some(views.in_full(tx, row).await?) })
}

fn waited(sent: pb::WaitingFor) -> Option<WaitingFor> {
    WaitingFor::parse(sent.as_str_name().strip_prefix("WAITING_FOR_")?)
}
