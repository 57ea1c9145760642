//! Which work comes first: a score that a person can recompute on paper.
//!
//! ```text
//! worth     = what is expected to be allowed of the money at stake        (see [`Worth`])
//! expected  = worth x expected overturn                   (cents, rounded half to even)
//! yield     = expected x 60 / minutes of work             (cents an hour; work below 15 minutes
//!                                                          counts as 15; at least 100 cents)
//! score     = yield x urgency / 100                       (rounded down)
//! urgency   = 100 with more than 30 days left, 125 from 30, 150 from 14, 200 from 7, 300 from 3,
//!             400 from 1, 500 on the last day and after it; 125 when no deadline is known
//! ```
//!
//! So a score is the money an hour of work is expected to bring, raised as the window runs out:
//! $900 of which a payer usually allows 50 %, at 75 % in 15 minutes, is $1,350 an hour and scores
//! 135,000 points; three days before its deadline 405,000.
//!
//! What a partner states is used before what the tenant's own remittances show, and that before
//! what is assumed; the reasons name which one it was ([`Worth`], [`Expectation`]).
//!
//! Invariants: more money, fewer days or less work never lowers the score; it changes with time
//! only on the days [`Priority::next_band_on`] names; it never overflows; every
//! factor is returned as a [`Reason`]. Absent on purpose: today, ties (the list breaks them by
//! deadline and id) and where what is usual with a payer is counted.

mod expectation;
mod worth;

use chrono::{Days, NaiveDate};
use domain::money::Cents;
use domain::words;
use serde::{Deserialize, Serialize};

pub use expectation::{Expectation, Experience, Settled, UNKNOWN_SHARE};
pub use worth::{ASSUMED_SHARE, Paid, Worth};

/// Claims or settled denials of a payer below which nothing is usual with it; our convention.
pub const ENOUGH: u32 = 30;

/// Work that takes less counts as this: setting up costs as much.
const EFFORT_MINUTES_MIN: u32 = 15;
/// The yield that work without expected money counts with, so that urgency still orders it.
const YIELD_MIN: i128 = 100;

words! {
    /// How close the last day is.
    Band {
        /// More than 30 days left.
        Over30Days = "over_30_days",
        /// 15 to 30 days left.
        Within30Days = "within_30_days",
        /// 8 to 14 days left.
        Within14Days = "within_14_days",
        /// 4 to 7 days left.
        Within7Days = "within_7_days",
        /// 2 or 3 days left.
        Within3Days = "within_3_days",
        /// 1 day left.
        Within1Day = "within_1_day",
        /// The last day.
        LastDay = "last_day",
        /// The window has closed.
        Overdue = "overdue",
        /// Nobody knows the last day.
        NoDeadline = "no_deadline",
    }
}

impl Band {
    /// The band of so many days left; 0 is the last day, negative is past it.
    pub const fn of(days_left: i64) -> Self {
        match days_left {
            31.. => Self::Over30Days,
            15..=30 => Self::Within30Days,
            8..=14 => Self::Within14Days,
            4..=7 => Self::Within7Days,
            2..=3 => Self::Within3Days,
            1 => Self::Within1Day,
            0 => Self::LastDay,
            _ => Self::Overdue,
        }
    }

    /// How much the yield is raised, in percent.
    pub const fn urgency_percent(self) -> u32 {
        match self {
            Self::Over30Days => 100,
            // Unknown is not harmless: it ranks like a window of a month until someone finds out.
            Self::Within30Days | Self::NoDeadline => 125,
            Self::Within14Days => 150,
            Self::Within7Days => 200,
            Self::Within3Days => 300,
            Self::Within1Day => 400,
            // An overdue item may still be saved by good cause; it never sinks below the last day.
            Self::LastDay | Self::Overdue => 500,
        }
    }

    /// The most days left in the next band, if time alone leads to one.
    const fn next_from(self) -> Option<i64> {
        match self {
            Self::Over30Days => Some(30),
            Self::Within30Days => Some(14),
            Self::Within14Days => Some(7),
            Self::Within7Days => Some(3),
            Self::Within3Days => Some(1),
            Self::Within1Day => Some(0),
            Self::LastDay => Some(-1),
            Self::Overdue | Self::NoDeadline => None,
        }
    }
}

words! {
    /// What a reason is about; the unit of its number.
    ReasonCode {
        /// Money at stake, in cents.
        AtStake = "at_stake",
        /// What is expected to be allowed of it, in cents.
        ExpectedAllowed = "expected_allowed",
        /// Expected overturn, in basis points.
        ExpectedOverturn = "expected_overturn",
        /// Expected recovery, in cents.
        ExpectedRecovery = "expected_recovery",
        /// Expected work, in minutes.
        Effort = "effort",
        /// Expected recovery an hour, in cents.
        Yield = "yield",
        /// Urgency, in percent.
        Urgency = "urgency",
    }
}

/// One factor of a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// What it is about.
    pub code: ReasonCode,
    /// The factor in the unit of its code.
    pub number: i64,
    /// The factor in words.
    pub words: String,
}

/// What a score is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stakes {
    /// The money at stake; below zero counts as zero.
    pub at_stake: Cents,
    /// What that is expected to be worth.
    pub worth: Worth,
    /// The share expected to be overturned.
    pub expected_overturn: Expectation,
    /// Minutes of work expected.
    pub effort_minutes: u32,
    /// The last day that ranks the work, if one is known.
    pub last_day: Option<NaiveDate>,
}

/// A score with everything that led to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Priority {
    /// Points: cents an hour, raised by urgency; 100 or more.
    pub score: i64,
    /// What the money at stake is worth times the share expected to be overturned.
    pub expected_recovery: Cents,
    /// Days until the last day: 0 on it, negative after it.
    pub days_left: Option<i64>,
    /// How close the last day is.
    pub band: Band,
    /// The first day on which the score will differ by time alone; `None` when it never will.
    pub next_band_on: Option<NaiveDate>,
    /// The factors, in the order of the formula.
    pub reasons: Vec<Reason>,
}

/// Cents expected an hour of work: the part of a score that days do not change.
pub fn yield_an_hour(expected: Cents, effort_minutes: u32) -> i64 {
    saturated(exact_yield(expected, effort_minutes.max(EFFORT_MINUTES_MIN)).max(YIELD_MIN))
}

fn exact_yield(expected: Cents, minutes: u32) -> i128 {
    i128::from(expected.as_i64()) * 60 / i128::from(minutes)
}

/// Ranks one piece of work on a day.
pub fn rank(stakes: &Stakes, today: NaiveDate) -> Priority {
    let at_stake = stakes.at_stake.max(Cents::ZERO);
    let allowed = stakes.worth.of(at_stake);
    let share = stakes.expected_overturn.share();
    let expected = allowed.share(share).unwrap_or(Cents::MAX);
    let minutes = stakes.effort_minutes.max(EFFORT_MINUTES_MIN);
    let exact = exact_yield(expected, minutes);
    let hourly = exact.max(YIELD_MIN);
    let days_left = stakes.last_day.map(|last| (last - today).num_days());
    let band = days_left.map_or(Band::NoDeadline, Band::of);
    let urgency = band.urgency_percent();
    let reasons = vec![
        Reason {
            code: ReasonCode::AtStake,
            number: at_stake.as_i64(),
            words: format!("{at_stake} at stake"),
        },
        Reason {
            code: ReasonCode::ExpectedAllowed,
            number: allowed.as_i64(),
            words: stakes.worth.words(allowed),
        },
        Reason {
            code: ReasonCode::ExpectedOverturn,
            number: share.as_u32().into(),
            words: stakes.expected_overturn.words(),
        },
        Reason {
            code: ReasonCode::ExpectedRecovery,
            number: expected.as_i64(),
            words: format!("{expected} expected back"),
        },
        Reason {
            code: ReasonCode::Effort,
            number: minutes.into(),
            words: effort_words(stakes.effort_minutes, minutes),
        },
        Reason {
            code: ReasonCode::Yield,
            number: saturated(hourly),
            words: yield_words(exact, hourly),
        },
        Reason {
            code: ReasonCode::Urgency,
            number: urgency.into(),
            words: urgency_words(days_left, urgency),
        },
    ];
    Priority {
        score: saturated(hourly * i128::from(urgency) / 100),
        expected_recovery: expected,
        days_left,
        band,
        next_band_on: stakes.last_day.and_then(|last| next_band_on(last, band)),
        reasons,
    }
}

fn next_band_on(last: NaiveDate, band: Band) -> Option<NaiveDate> {
    match band.next_from()? {
        from @ 0.. => last.checked_sub_days(Days::new(from.unsigned_abs())),
        _ => last.succ_opt(),
    }
}

fn saturated(points: i128) -> i64 {
    i64::try_from(points).unwrap_or(i64::MAX)
}

fn effort_words(stated: u32, counted: u32) -> String {
    if stated == counted {
        format!("{counted} minutes of work")
    } else {
        format!("{stated} minutes of work, counted as {counted}")
    }
}

fn yield_words(exact: i128, counted: i128) -> String {
    let counted_money = Cents::new(saturated(counted));
    if exact == counted {
        format!("{counted_money} expected an hour")
    } else {
        format!("{} expected an hour, counted as {counted_money}", Cents::new(saturated(exact)))
    }
}

fn urgency_words(days_left: Option<i64>, urgency: u32) -> String {
    let when = match days_left {
        None => "no deadline is known; ranked like 30 days left".to_owned(),
        Some(0) => "today is the last day".to_owned(),
        Some(1) => "1 day left".to_owned(),
        Some(days @ 2..) => format!("{days} days left"),
        Some(-1) => "the window closed 1 day ago".to_owned(),
        Some(days) => format!("the window closed {} days ago", days.unsigned_abs()),
    };
    format!("{when}: times {}.{:02}", urgency / 100, urgency % 100)
}

#[cfg(test)]
mod tests;
