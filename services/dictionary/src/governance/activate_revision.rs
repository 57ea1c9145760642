use chrono::{DateTime, Datelike, LocalResult, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use contracts::dictionary::v1::{ActivateRevisionRequest, ActivateRevisionResponse};
use domain_governance::ballot::Activations;
use platform::access::Caller;
use platform::clock::instant;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;

use super::chamber::Chamber;
use super::{Matter, etag, id, log, timers};
use crate::{Dictionary, Error, grpc};

/// When a change shall become active.
#[derive(Clone, Copy, Debug)]
enum When {
    Now,
    At(DateTime<Utc>),
    /// With the first instant of a day where the tenant is.
    On(NaiveDate),
}

impl Dictionary {
    /// Activates an approved change, now or at its time; suspends it when what was approved is no
    /// longer what would become active.
    pub(crate) async fn activate(
        &self,
        caller: &Caller,
        request: ActivateRevisionRequest,
    ) -> Result<ActivateRevisionResponse, Error> {
        let mut violations = Violations::default();
        etag(&mut violations, &request.etag);
        let when = when(&request, &mut violations);
        violations.into_result()?;
        let once = Once::of(&request.request_id, &request)?;
        let validate_only = request.validate_only;
        let done = self
            .act(caller, once, validate_only, move |tx| {
                Box::pin(async move {
                    let change = id(&request.change_request_id)?;
                    let log = log::settled(tx).await?;
                    let matter = Matter::read(tx, change, &request.etag).await?;
                    let matter = activate(tx, matter, &log, when).await?;
                    Ok(ActivateRevisionResponse { change_request: Some(matter.shown(tx).await?) })
                })
            })
            .await?;
        if !validate_only {
            self.follow(caller);
        }
        Ok(done)
    }
}

fn when(request: &ActivateRevisionRequest, violations: &mut Violations) -> When {
    match (&request.activate_at, &request.activate_on) {
        (None, None) => When::Now,
        (Some(at), None) => {
            let at = instant(*at).ok_or("is no instant");
            violations.check("activate_at", at).map_or(When::Now, When::At)
        }
        (None, Some(day)) => {
            let day = grpc::day(*day).ok_or("is no day");
            violations.check("activate_on", day).map_or(When::Now, When::On)
        }
        (Some(_), Some(_)) => {
            violations.add("activate_on", "say either when or on which day");
            When::Now
        }
    }
}

async fn activate(
    tx: &TenantTx,
    matter: Matter,
    log: &Activations,
    when: When,
) -> Result<Matter, Error> {
    let chamber = Chamber::now(tx).await?;
    let at = match when {
        When::Now => return now(tx, matter, log).await,
        When::At(at) => at,
        When::On(day) => begins(day, chamber.zone)?,
    };
    let scheduled = matter.ballot.schedule(at, chamber.at)?;
    tx.done(timers::ACTIVATION, matter.row.id).await?;
    tx.schedule(timers::ACTIVATION, matter.row.id, at).await?;
    matter.keep(tx, log::quiet(scheduled), "change_request.scheduled").await
}

/// Activates a change at this instant, or suspends it. The log was settled before the change was
/// read.
pub(super) async fn now(tx: &TenantTx, matter: Matter, log: &Activations) -> Result<Matter, Error> {
    tx.done(timers::ACTIVATION, matter.row.id).await?;
    let chamber = Chamber::now(tx).await?;
    let changed = matter.ballot.activate(&log::active(tx, log)?, &chamber.sitting())?;
    let act = if changed.event.is_some() {
        "change_request.activated"
    } else {
        "change_request.suspended"
    };
    matter.keep(tx, changed, act).await
}

/// The first instant of a day in a time zone; some days begin after midnight.
fn begins(day: NaiveDate, zone: Tz) -> Result<DateTime<Utc>, Fault> {
    let midnight = day.and_time(NaiveTime::MIN);
    let steps = (0..24 * 4).map(|quarter| midnight + chrono::TimeDelta::minutes(15 * quarter));
    let first = steps.filter(|local| local.day() == day.day()).find_map(|local| {
        match zone.from_local_datetime(&local) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at),
            LocalResult::None => None,
        }
    });
    first.map(|at| at.to_utc()).ok_or(Fault::Broken("a day without an instant"))
}

#[cfg(test)]
mod tests;
