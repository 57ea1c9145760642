//! The committee as it sits: its seats and policies, at an instant, on a day of the tenant.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use domain_governance::ballot::{Requirement, Sitting};
use domain_governance::edit::SectionKind;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;

use super::{Ballot, Committee};
use crate::store::committees;

/// What an act is judged by.
#[derive(Debug)]
pub(crate) struct Chamber {
    pub(crate) committee: Committee,
    pub(crate) at: DateTime<Utc>,
    pub(crate) today: NaiveDate,
    pub(crate) zone: Tz,
}

impl Chamber {
    /// The committee as it sits now; without seats, so that nothing is approved, before there is
    /// one.
    pub(crate) async fn now(tx: &TenantTx) -> Result<Self, Fault> {
        let at = tx.clock().now();
        let Some(row) = committees::find(tx).await? else {
            let committee = Committee { seats: Vec::new(), policies: Vec::new() };
            return Ok(Self { committee, at, today: at.date_naive(), zone: Tz::UTC });
        };
        let zone: Tz =
            row.time_zone.parse().map_err(|_| Fault::Broken("a committee's time zone is none"))?;
        let committee = serde_json::from_slice(&row.document)
            .map_err(|_| Fault::Broken("a stored committee cannot be read"))?;
        Ok(Self { committee, at, today: at.with_timezone(&zone).date_naive(), zone })
    }

    pub(crate) fn sitting(&self) -> Sitting<'_, SectionKind> {
        Sitting { committee: &self.committee, at: self.at, today: self.today }
    }

    pub(crate) fn requirements(&self, ballot: &Ballot) -> Vec<Requirement> {
        ballot.requirements(&self.committee, self.today)
    }
}
