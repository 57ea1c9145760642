//! Days: calendar and business days, months, federal holidays, and what "today" is in a zone.
//!
//! Invariants: a day is a date in the payer's time zone, never an instant; an instant is derived
//! from a day and a zone and is exact across both changes of daylight saving time.
//! Absent on purpose: now. Whoever asks what day it is brings the instant.

mod days;
mod holidays;
mod zone;

pub use days::{
    MonthEnd, Roll, add_business_days, add_months, business_days_after, is_business_day, roll,
    sub_business_days,
};
pub use holidays::{Holiday, federal_holiday, federal_holidays};
pub use zone::{UnknownZone, Zone};

/// A day as people in US hospitals read one: `02/11/2027`.
pub fn spoken(day: chrono::NaiveDate) -> impl std::fmt::Display {
    day.format("%m/%d/%Y")
}

#[cfg(test)]
mod tests;
