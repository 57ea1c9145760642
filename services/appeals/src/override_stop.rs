use contracts::appeals::v1::{OverrideStopRequest, OverrideStopResponse};
use domain::codes::Rarc;
use platform::access::Caller;
use platform::events::Event;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use serde_json::json;
use uuid::Uuid;

use crate::dossier::stops_of;
use crate::face::{self, id_in};
use crate::{Appeals, Error, FEED, store};

impl Appeals {
    /// Lifts a remark code that stops appeals, for one claim.
    ///
    /// # Errors
    /// When a field is no good, routing knows no such case, the code stops nothing there, or the
    /// database fails.
    pub(crate) async fn override_stop(
        &self,
        caller: &Caller,
        request: OverrideStopRequest,
    ) -> Result<OverrideStopResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let case = id_in("case_id", &request.case_id)?;
        let mut violations = Violations::default();
        let rarc = Rarc::new(&request.rarc).map_err(|_| "is no remark code");
        let rarc = violations.check("rarc", rarc);
        face::reason("reason", &request.reason, &mut violations);
        violations.into_result()?;
        let rarc = rarc.ok_or(Fault::Broken("a violation was lost"))?;
        let denials = self.peers.denials_of_case(caller, case).await?;
        if denials.is_empty() {
            return Err(Fault::NotFound.into());
        }
        let compiled = self.peers.active(caller).await?;
        let mut stopped = false;
        for denial in &denials {
            let stops = stops_of(denial, &denials, &compiled)?;
            stopped |= stops.iter().any(|stop| stop.is_lifted(&[rarc]));
        }
        if !stopped {
            return Err(Error::NothingStops(rarc.to_string()));
        }
        let reason = request.reason;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move {
                    store::hold_claim(tx, case).await?;
                    let id = lift(tx, case, rarc, &reason).await?;
                    Ok(OverrideStopResponse { override_id: id.to_string() })
                })
            })
            .await
    }
}

/// Lifts a remark code of a claim whose row is held, and tells of it; why stays out of the feed.
pub(crate) async fn lift(
    tx: &TenantTx,
    case: Uuid,
    rarc: Rarc,
    reason: &str,
) -> Result<Uuid, Fault> {
    let id = store::lift(tx, case, rarc, reason.trim()).await?;
    let payload = json!({ "case": case, "rarc": rarc.as_str() }).to_string().into_bytes();
    let event =
        Event { kind: "appeal_stop.overridden", subject: id, revision: String::new(), payload };
    tx.emit(FEED, vec![event]).await?;
    Ok(id)
}
