use contracts::dictionary::v1::{WithdrawChangeRequestRequest, WithdrawChangeRequestResponse};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Violations;

use super::{Matter, etag, id, log, prose, timers, user};
use crate::{Dictionary, Error};

impl Dictionary {
    /// Takes a change back for good.
    pub(crate) async fn withdraw_change(
        &self,
        caller: &Caller,
        request: WithdrawChangeRequestRequest,
    ) -> Result<WithdrawChangeRequestResponse, Error> {
        let mut violations = Violations::default();
        prose(&mut violations, "reason", &request.reason, 1_000);
        etag(&mut violations, &request.etag);
        violations.into_result()?;
        let once = Once::of(&request.request_id, &request)?;
        self.act(caller, once, request.validate_only, move |tx| {
            Box::pin(async move {
                let matter = Matter::read(tx, id(&request.id)?, &request.etag).await?;
                let withdrawn = matter.ballot.withdraw(user(tx.caller())?, &request.reason)?;
                tx.done(timers::ACTIVATION, matter.row.id).await?;
                let kept = log::quiet(withdrawn);
                let matter = matter.keep(tx, kept, "change_request.withdrawn").await?;
                matter.say(tx, request.reason).await?;
                Ok(WithdrawChangeRequestResponse { change_request: Some(matter.shown(tx).await?) })
            })
        })
        .await
    }
}
