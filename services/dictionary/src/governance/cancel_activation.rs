use contracts::dictionary::v1::{CancelActivationRequest, CancelActivationResponse};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Violations;

use super::{Matter, etag, id, log, prose, timers};
use crate::{Dictionary, Error};

impl Dictionary {
    /// Takes the time of an activation back; the change is approved as before.
    pub(crate) async fn cancel_activation(
        &self,
        caller: &Caller,
        request: CancelActivationRequest,
    ) -> Result<CancelActivationResponse, Error> {
        let mut violations = Violations::default();
        prose(&mut violations, "reason", &request.reason, 1_000);
        etag(&mut violations, &request.etag);
        violations.into_result()?;
        let once = Once::of(&request.request_id, &request)?;
        self.act(caller, once, request.validate_only, move |tx| {
            Box::pin(async move {
                let change = id(&request.change_request_id)?;
                let matter = Matter::read(tx, change, &request.etag).await?;
                let approved = log::quiet(matter.ballot.cancel_schedule()?);
                tx.done(timers::ACTIVATION, matter.row.id).await?;
                let act = "change_request.activation_cancelled";
                let matter = matter.keep(tx, approved, act).await?;
                matter.say(tx, request.reason).await?;
                Ok(CancelActivationResponse { change_request: Some(matter.shown(tx).await?) })
            })
        })
        .await
    }
}
