use contracts::routing::v1::{HandOverWorkItemRequest, HandOverWorkItemResponse};
use domain::dictionary::Slug;
use domain_work::UserId;
use domain_work::hold::Recipient;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;
use views::{Views, id_in};

use crate::standing::Lanes;
use crate::taken::Taken;
use crate::{Error, Queues, face, worker};

/// To whom it goes.
#[derive(Debug)]
enum To {
    Person(UserId),
    Team(Slug),
}

impl Queues {
    /// Gives an item to a person, for whom it is kept for some days, or to another team.
    ///
    /// # Errors
    /// When the caller may not, the person may not work it, or the database fails.
    pub async fn hand_over_work_item(
        &self,
        caller: &Caller,
        request: HandOverWorkItemRequest,
    ) -> Result<HandOverWorkItemResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("id", &request.id)?;
        let mut violations = Violations::default();
        violations.text("reason", &request.reason, domain_work::hold::REASON_MAX);
        violations.text("etag", &request.etag, 64);
        let user = face::user_or_none("user_id", &request.user_id, &mut violations);
        let team = (!request.team.is_empty())
            .then(|| violations.check("team", Slug::new(request.team.clone())))
            .flatten();
        if request.user_id.is_empty() == request.team.is_empty() {
            violations.add("user_id", "it goes to a person or to a team: name one of both");
        }
        violations.into_result()?;
        let to = user.map(To::Person).or(team.map(To::Team));
        let to = to.ok_or(Fault::Broken("a violation was lost"))?;
        let views = self.views.clone();
        let HandOverWorkItemRequest { reason, etag, .. } = request;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { hand_over(tx, &views, (id, &etag), to, &reason).await })
            })
            .await
    }
}

async fn hand_over(
    tx: &TenantTx,
    views: &Views,
    (id, etag): (Uuid, &str),
    to: To,
    reason: &str,
) -> Result<HandOverWorkItemResponse, Error> {
    let mut taken = Taken::read(tx, id, etag).await?;
    let lanes = Lanes::of(tx).await?;
    let writer = taken.writer(worker(tx.caller())?, lanes.standing(tx.caller(), &taken.row)?);
    let recipient = match &to {
        To::Person(user) => {
            Recipient::Person { user: *user, standing: lanes.of_person(*user, &taken.row)? }
        }
        To::Team(team) => {
            lanes.with_team(&taken.row, team.as_str())?.ok_or(Error::NoQueueThere)?;
            Recipient::Team(team.clone())
        }
    };
    let step = taken.hold.hand_over(writer, recipient, reason, taken.now)?;
    if let To::Team(team) = to {
        taken.give_to_team(team.as_str())?;
    }
    let row = taken.keep(tx, step).await?;
    Ok(HandOverWorkItemResponse { work_item: Some(views.in_full(tx, row).await?) })
}
