//! Calendar days without a calendar crate: enough to write dates.

use std::fmt;

/// A day, counted from 1970-01-01; shown as `YYYYMMDD`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

impl Day {
    /// The day of a date of the years 1 to 9999, if there is one.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=9_999).contains(&year) || !(1..=12).contains(&month) || day == 0 {
            return None;
        }
        let found = Self(days_from_civil(year.into(), month.into(), day.into()));
        (found.ymd() == (year.into(), month.into(), day.into())).then_some(found)
    }

    /// So many days later, or earlier.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    fn ymd(self) -> (i64, i64, i64) {
        // Howard Hinnant, "chrono-compatible low-level date algorithms", civil_from_days.
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let march_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        (year + era * 400 + i64::from(month <= 2), month, day)
    }
}

/// Howard Hinnant, days_from_civil.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let march_month = (month + 9) % 12;
    let of_year = (153 * march_month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}{month:02}{day:02}")
    }
}
