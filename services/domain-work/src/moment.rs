//! When something is asked.

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::Zone;

/// An instant and the date it is where the work's days are counted.
///
/// Leases end at instants, follow-ups and deadlines on days; both are of one reading of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub at: DateTime<Utc>,
    /// The date at that instant.
    pub today: NaiveDate,
}

impl Moment {
    /// The instant as a zone counts its days: the payer's for deadlines, the tenant's without one.
    pub fn in_zone(at: DateTime<Utc>, zone: Zone) -> Self {
        Self { at, today: zone.day_of(at) }
    }
}
