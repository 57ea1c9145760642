//! One team, day by day.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::priority::Band;
use chrono::NaiveDate;
use domain::calendar::is_business_day;
use domain::money::Cents;
use uuid::Uuid;

use super::{Item, Miss, Team, TeamForecast};

/// A business day and the minutes for which nothing was left to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spare {
    pub(super) day: NaiveDate,
    pub(super) minutes: u32,
}

/// What became of a team's items.
#[derive(Debug)]
pub(super) struct Run<'i, 'a> {
    pub(super) team: Team<'a>,
    /// Each item that will be missed.
    pub(super) missed: Vec<(&'i Item<'a>, Miss)>,
    pub(super) spare: Vec<Spare>,
    overdue_count: u64,
}

/// Where an item stands in the list of a day: the greater is worked first.
type Place = (i128, Reverse<NaiveDate>, Reverse<Uuid>);

/// An item that is not done, with the minutes of work left in it.
struct Left<'i, 'a> {
    item: &'i Item<'a>,
    minutes: u32,
}

fn place(item: &Item<'_>, day: NaiveDate) -> Place {
    let days_left = item.last_day.map(|last| (last - day).num_days());
    let urgency = days_left.map_or(Band::NoDeadline, Band::of).urgency_percent();
    let score = i128::from(item.hourly_cents) * i128::from(urgency) / 100;
    (score, Reverse(item.last_day.unwrap_or(NaiveDate::MAX)), Reverse(item.id))
}

impl<'i, 'a> Run<'i, 'a> {
    /// Works items off from `today` to `end`.
    pub(super) fn of(
        team: Team<'a>,
        items: Vec<&'i Item<'a>>,
        today: NaiveDate,
        end: NaiveDate,
    ) -> Self {
        let mut run = Self { team, missed: Vec::new(), spare: Vec::new(), overdue_count: 0 };
        let overdue = |item: &&&Item<'_>| item.last_day.is_some_and(|last| last < today);
        run.overdue_count = items.iter().filter(overdue).count() as u64;
        let mut open: Vec<Left<'i, 'a>> = items
            .into_iter()
            .map(|item| Left { item, minutes: item.effort_minutes.max(1) })
            .collect();
        let within = |day: &NaiveDate| *day <= end;
        for day in today.iter_days().take_while(within).filter(|day| is_business_day(*day)) {
            let minutes = work_a_day(&mut open, day, team.minutes_a_day);
            run.spare.push(Spare { day, minutes });
            for left in open.extract_if(.., |left| left.minutes == 0) {
                run.judge(left.item, today, end, Some(day));
            }
        }
        for left in open {
            run.judge(left.item, today, end, None);
        }
        run.missed.sort_by_key(|(_, miss)| (Reverse(miss.recoverable), miss.last_day, miss.id));
        run
    }

    /// Notes an item whose last day lies within the forecast and before it is done.
    fn judge(
        &mut self,
        item: &'i Item<'a>,
        today: NaiveDate,
        end: NaiveDate,
        done_on: Option<NaiveDate>,
    ) {
        let Some(last_day) = item.last_day.filter(|last| (today..=end).contains(last)) else {
            return;
        };
        if done_on.is_none_or(|done_on| done_on > last_day) {
            let miss = Miss { id: item.id, last_day, recoverable: item.recoverable, done_on };
            self.missed.push((item, miss));
        }
    }

    pub(super) fn forecast(&self) -> TeamForecast {
        let missed: Vec<Miss> = self.missed.iter().map(|(_, miss)| *miss).collect();
        let missed_money = total(missed.iter().map(|miss| miss.recoverable));
        let words = match missed.len() {
            0 => format!("`{}` will miss no date", self.team.slug),
            1 => format!(
                "`{}` will miss 1 date worth {missed_money} at {} minutes a day",
                self.team.slug, self.team.minutes_a_day
            ),
            count => format!(
                "`{}` will miss {count} dates worth {missed_money} at {} minutes a day",
                self.team.slug, self.team.minutes_a_day
            ),
        };
        TeamForecast {
            team: self.team.slug.to_owned(),
            missed,
            missed_money,
            overdue_count: self.overdue_count,
            idle_minutes: self.spare.iter().map(|spare| u64::from(spare.minutes)).sum(),
            words,
        }
    }
}

/// Spends a day's minutes on open items in the order of the day; what is left of the minutes.
fn work_a_day(open: &mut [Left<'_, '_>], day: NaiveDate, minutes: u32) -> u32 {
    if minutes == 0 {
        return 0;
    }
    let mut order: BinaryHeap<(Place, usize)> = (0..)
        .zip(&*open)
        .filter(|(_, left)| left.item.from.is_none_or(|from| from <= day))
        .map(|(at, left)| (place(left.item, day), at))
        .collect();
    let mut unspent = minutes;
    while unspent > 0
        && let Some((_, at)) = order.pop()
    {
        let spent = open[at].minutes.min(unspent);
        open[at].minutes -= spent;
        unspent -= spent;
    }
    unspent
}

/// A sum of money; one that does not fit ends at the largest amount.
pub(super) fn total(amounts: impl Iterator<Item = Cents>) -> Cents {
    Cents::sum(amounts).unwrap_or(Cents::MAX)
}
