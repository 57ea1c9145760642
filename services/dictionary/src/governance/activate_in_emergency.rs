use contracts::dictionary::v1::{ActivateInEmergencyRequest, ActivateInEmergencyResponse};
use domain_governance::ballot::EmergencyCall;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Violations;

use super::chamber::Chamber;
use super::{Matter, draft, etag, id, log, prose, timers, user};
use crate::{Dictionary, Error, grpc};

impl Dictionary {
    /// Activates a change without votes, for some hours.
    pub(crate) async fn activate_in_emergency(
        &self,
        caller: &Caller,
        request: ActivateInEmergencyRequest,
    ) -> Result<ActivateInEmergencyResponse, Error> {
        let mut violations = Violations::default();
        prose(&mut violations, "reason", &request.reason, 4_000);
        etag(&mut violations, &request.etag);
        if !(1..=72).contains(&request.hours) {
            violations.add("hours", "must be 1 to 72");
        }
        violations.into_result()?;
        let once = Once::of(&request.request_id, &request)?;
        let validate_only = request.validate_only;
        let done = self
            .act(caller, once, validate_only, move |tx| {
                Box::pin(async move {
                    let log = log::settled(tx).await?;
                    let change = id(&request.change_request_id)?;
                    let mut matter = Matter::read(tx, change, &request.etag).await?;
                    draft::decided(&matter.edits)?;
                    let chamber = Chamber::now(tx).await?;
                    let call = EmergencyCall {
                        by: user(tx.caller())?,
                        reason: request.reason,
                        hours: request.hours.unsigned_abs(),
                    };
                    let forced =
                        matter.ballot.activate_in_emergency(call, &log, &chamber.sitting())?;
                    // Whoever forces it loses the vote they cast, and their seat may speak again.
                    matter.row.content_version += 1;
                    let act = "change_request.activated_in_emergency";
                    let matter = matter.keep(tx, forced, act).await?;
                    let reverts_at = matter.ballot.emergency.as_ref().map(|it| it.reverts_at);
                    if let Some(reverts_at) = reverts_at {
                        tx.schedule(timers::REVERSION, matter.row.id, reverts_at).await?;
                    }
                    Ok(ActivateInEmergencyResponse {
                        change_request: Some(matter.shown(tx).await?),
                        reverts_at: reverts_at.map(grpc::timestamp),
                    })
                })
            })
            .await?;
        if !validate_only {
            self.follow(caller);
        }
        Ok(done)
    }
}
