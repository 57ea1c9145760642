//! The committee as it sits: its seats and policies, at an instant, on a day of the tenant.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use domain_governance::ballot::{Requirement, Sitting};
use domain_governance::edit::SectionKind;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;

use super::{Ballot, Committee};
use registry::committees::{self, Committee as Row};

/// What an act is judged by.
#[derive(Debug)]
pub(crate) struct Chamber {
    pub(crate) committee: Committee,
    pub(crate) at: DateTime<Utc>,
    pub(crate) today: NaiveDate,
    pub(crate) zone: Tz,
}

impl Chamber {
    /// The committee as it sits now.
    pub(crate) async fn now(tx: &TenantTx) -> Result<Self, Fault> {
        let at = tx.clock().now();
        let row = committees::find(tx).await?;
        let zone = row.as_ref().map_or(Ok(Tz::UTC), |row| row.time_zone.parse());
        let zone = zone.map_err(|_| Fault::Broken("a committee's time zone is none"))?;
        let today = at.with_timezone(&zone).date_naive();
        Ok(Self { committee: seated(row.as_ref())?, at, today, zone })
    }

    pub(crate) fn sitting(&self) -> Sitting<'_, SectionKind> {
        Sitting { committee: &self.committee, at: self.at, today: self.today }
    }

    pub(crate) fn requirements(&self, ballot: &Ballot) -> Vec<Requirement> {
        ballot.requirements(&self.committee, self.today)
    }
}

/// A stored committee; without seats, so that nothing is approved, before there is one.
pub(crate) fn seated(row: Option<&Row>) -> Result<Committee, Fault> {
    let Some(row) = row else {
        return Ok(Committee { seats: Vec::new(), policies: Vec::new() });
    };
    serde_json::from_slice(&row.document)
        .map_err(|_| Fault::Broken("a stored committee cannot be read"))
}
