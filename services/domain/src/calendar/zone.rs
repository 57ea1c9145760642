//! A time zone by its IANA name, and the instants at which its days end.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, LocalResult, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// An IANA time zone, such as `America/New_York`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(Tz);

/// A name that is in no version of the IANA list this build carries.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an IANA time zone")]
pub struct UnknownZone(String);

impl Zone {
    /// Eastern time, where most payers and CMS contractors receive mail.
    pub const EASTERN: Self = Self(Tz::America__New_York);
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// The IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The date in this zone at that instant.
    pub fn day_of(self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.0).date_naive()
    }

    /// The first instant at which the day is over in this zone; `None` on the last day of the
    /// calendar.
    ///
    /// A day has 23, 24 or 25 hours, and a few zones skip midnight; the answer is exact for all.
    pub fn end_of(self, day: NaiveDate) -> Option<DateTime<Utc>> {
        let midnight = day.succ_opt()?.and_time(NaiveTime::MIN);
        match self.0.from_local_datetime(&midnight) {
            LocalResult::Single(end) | LocalResult::Ambiguous(end, _) => Some(end.to_utc()),
            LocalResult::None => Some(self.first_instant_after(day, midnight.and_utc())),
        }
    }

    /// Finds the change of the clock that skips the midnight after `day`, to the second.
    fn first_instant_after(self, day: NaiveDate, about: DateTime<Utc>) -> DateTime<Utc> {
        // Zones lie within 26 hours of UTC, so the change does too.
        let (mut before, mut after) = (-26 * 3600, 26 * 3600);
        while after - before > 1 {
            let middle = (before + after) / 2;
            if self.day_of(about + TimeDelta::seconds(middle)) > day {
                after = middle;
            } else {
                before = middle;
            }
        }
        about + TimeDelta::seconds(after)
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        Tz::from_str(name).map(Self).map_err(|_| UnknownZone(name.to_owned()))
    }
}

impl TryFrom<String> for Zone {
    type Error = UnknownZone;

    fn try_from(name: String) -> Result<Self, UnknownZone> {
        name.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

impl Ord for Zone {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name().cmp(other.name())
    }
}

impl PartialOrd for Zone {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
