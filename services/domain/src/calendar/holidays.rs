//! Federal holidays of the United States (5 U.S.C. 6103), on the day they are observed.
//!
//! A holiday on a Saturday is observed the Friday before, on a Sunday the Monday after. The
//! inauguration day is not among them: it closes offices around Washington only. The rules are
//! those in force since 1986; earlier years are computed by the same rules.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::words::words;

words! {
    /// A federal holiday.
    Holiday {
        /// 1 January.
        NewYear = "new_year",
        /// Birthday of Martin Luther King, Jr.: third Monday of January.
        MartinLutherKing = "martin_luther_king",
        /// Washington's birthday: third Monday of February.
        Washington = "washington",
        /// Last Monday of May.
        Memorial = "memorial",
        /// 19 June, since 2021.
        Juneteenth = "juneteenth",
        /// 4 July.
        Independence = "independence",
        /// First Monday of September.
        Labor = "labor",
        /// Second Monday of October.
        Columbus = "columbus",
        /// 11 November.
        Veterans = "veterans",
        /// Fourth Thursday of November.
        Thanksgiving = "thanksgiving",
        /// 25 December.
        Christmas = "christmas",
    }
}

impl Holiday {
    /// The day it is observed for that year; New Year may be observed on the last day of the year
    /// before. `None` when it was no holiday yet, or beyond the calendar.
    pub fn observed_in(self, year: i32) -> Option<NaiveDate> {
        let nth =
            |month, weekday, nth| NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth);
        match self {
            Self::NewYear => observed(year, 1, 1),
            Self::MartinLutherKing => nth(1, Weekday::Mon, 3),
            Self::Washington => nth(2, Weekday::Mon, 3),
            Self::Memorial => nth(5, Weekday::Mon, 5).or_else(|| nth(5, Weekday::Mon, 4)),
            // Pub. L. 117-17 made it a holiday two days before its first observance.
            Self::Juneteenth if year < 2021 => None,
            Self::Juneteenth => observed(year, 6, 19),
            Self::Independence => observed(year, 7, 4),
            Self::Labor => nth(9, Weekday::Mon, 1),
            Self::Columbus => nth(10, Weekday::Mon, 2),
            Self::Veterans => observed(year, 11, 11),
            Self::Thanksgiving => nth(11, Weekday::Thu, 4),
            Self::Christmas => observed(year, 12, 25),
        }
    }
}

/// The federal holiday observed on that day.
pub fn federal_holiday(day: NaiveDate) -> Option<Holiday> {
    // Only New Year can be observed in another year than its own.
    let next_year = (day.month() == 12 && day.day() == 31).then(|| day.year() + 1);
    let candidates: &[Holiday] = match day.month() {
        1 => &[Holiday::NewYear, Holiday::MartinLutherKing],
        2 => &[Holiday::Washington],
        5 => &[Holiday::Memorial],
        6 => &[Holiday::Juneteenth],
        7 => &[Holiday::Independence],
        9 => &[Holiday::Labor],
        10 => &[Holiday::Columbus],
        11 => &[Holiday::Veterans, Holiday::Thanksgiving],
        12 => &[Holiday::Christmas, Holiday::NewYear],
        _ => &[],
    };
    candidates.iter().copied().find(|holiday| {
        let year = match holiday {
            Holiday::NewYear => next_year.unwrap_or(day.year()),
            _ => day.year(),
        };
        holiday.observed_in(year) == Some(day)
    })
}

/// The holidays of a year with the days they are observed, in calendar order.
pub fn federal_holidays(year: i32) -> Vec<(NaiveDate, Holiday)> {
    Holiday::ALL
        .iter()
        .filter_map(|holiday| holiday.observed_in(year).map(|day| (day, *holiday)))
        .collect()
}

fn observed(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    match date.weekday() {
        Weekday::Sat => date.pred_opt(),
        Weekday::Sun => date.succ_opt(),
        _ => Some(date),
    }
}
