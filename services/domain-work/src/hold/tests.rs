mod acting;
mod histories;

use super::*;

/// Someone.
fn user(number: u128) -> UserId {
    UserId(uuid::Uuid::from_u128(number))
}

/// So many minutes after the beginning of Monday, 2 March 2026, in UTC.
fn minute(minutes: i64) -> Moment {
    let start: DateTime<Utc> = "2026-03-02T00:00:00Z".parse().unwrap();
    Moment::in_zone(start + TimeDelta::minutes(minutes), domain::calendar::Zone::UTC)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn lease(number: u128, fencing_number: i64) -> Writer {
    Writer { user: user(number), right: Right::Lease(fencing_number) }
}

fn lead(number: u128) -> Writer {
    Writer { user: user(number), right: Right::Lead }
}

fn unheld(number: u128) -> Writer {
    Writer { user: user(number), right: Right::Unheld }
}
