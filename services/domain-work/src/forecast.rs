//! What will miss its date: a team's queue worked off against its staffed capacity, day by day.
//!
//! People work in the order of the list, so the simulation does too: every business day begins with
//! the open items in the order of their score on that day (the yield an hour of `crate::priority`
//! times the urgency of the day), ties by the earlier last day and the lesser id. Minutes go to the
//! first item until it is done, then to the next, until the day's capacity is used up; work that
//! was begun is kept, and an item that lost its place goes on when its turn comes again.
//!
//! That is not the order that misses least: earliest-deadline-first would save more dates where
//! all can be kept, and lose more money where they cannot. A forecast says what will happen, and
//! what happens follows the list. Items past their date are worked too, because the list puts them
//! first.
//!
//! **More capacity never makes any item later.** The order of a day depends on the day and the
//! item alone, never on what was done before. Let what is left of every item be at most as much as
//! in a world with less capacity. After a day, what is left of the item at place k is the least of
//! what was left of it and of what was left of the first k together minus the capacity, and none is
//! below zero; both grow with what was left and shrink with capacity, so the relation holds again.
//! An order that preferred work already begun would break this, and the forecast could not be
//! trusted when staff is added.
//!
//! Moves between teams fill minutes that the other team would be idle, so they harm nothing there,
//! and count what is saved without the relief they bring at home: they save at least that much.
//!
//! Invariants: the same input gives the same forecast in whatever order it is listed. Absent on
//! purpose: work that is not there yet, vacations, and chance.

mod moves;
mod simulate;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use domain::money::Cents;
use uuid::Uuid;

pub use moves::Reassignment;

/// How many days a forecast looks ahead.
pub const HORIZON_DAYS: u64 = 30;

/// A team and what it can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Team<'a> {
    /// Its slug.
    pub slug: &'a str,
    /// What its people are able to do; an item that names one of these may be moved there.
    pub skills: &'a [&'a str],
    /// Minutes of work staffed on a business day.
    pub minutes_a_day: u32,
}

/// One open item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// Which.
    pub id: Uuid,
    /// Slug of the team that owns it; a team that is not listed has no capacity.
    pub team: &'a str,
    /// The skill another team needs to take it over; empty when any team could.
    pub skill: &'a str,
    /// Minutes of work expected; none counts as one.
    pub effort_minutes: u32,
    /// Cents expected an hour of its work; see [`crate::priority::yield_an_hour`].
    pub hourly_cents: i64,
    /// Money expected back.
    pub recoverable: Cents,
    /// The last day; `None` when none is known, so that it cannot be missed.
    pub last_day: Option<NaiveDate>,
    /// The first day on which it may be worked, for one that waits; `None` for one that does not.
    pub from: Option<NaiveDate>,
}

/// An item that will miss its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Miss {
    /// Which.
    pub id: Uuid,
    /// Its last day.
    pub last_day: NaiveDate,
    /// Money expected back from it.
    pub recoverable: Cents,
    /// When it would be done after its last day; `None` when not within the forecast.
    pub done_on: Option<NaiveDate>,
}

/// What one team will miss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamForecast {
    /// The team, by slug.
    pub team: String,
    /// Items whose last day lies within the forecast and will be missed; the costliest first.
    pub missed: Vec<Miss>,
    /// Their money.
    pub missed_money: Cents,
    /// Items whose last day has passed already; they take capacity and are not missed again.
    pub overdue_count: u64,
    /// Minutes for which nothing will be left to do.
    pub idle_minutes: u64,
    /// It in a sentence.
    pub words: String,
}

/// What will be missed, and what would save the most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// Every team that is listed or owns an item, by slug.
    pub teams: Vec<TeamForecast>,
    /// Moves of work between teams; what saves the most first.
    pub reassignments: Vec<Reassignment>,
}

/// Simulates every team from `today`, which counts as a whole day, for [`HORIZON_DAYS`].
pub fn forecast(teams: &[Team<'_>], items: &[Item<'_>], today: NaiveDate) -> Forecast {
    let end = today.checked_add_days(Days::new(HORIZON_DAYS)).unwrap_or(NaiveDate::MAX);
    let mut by_team: BTreeMap<&str, (Team<'_>, Vec<&Item<'_>>)> =
        teams.iter().map(|team| (team.slug, (*team, Vec::new()))).collect();
    for item in items {
        let unstaffed = || (Team { slug: item.team, skills: &[], minutes_a_day: 0 }, Vec::new());
        by_team.entry(item.team).or_insert_with(unstaffed).1.push(item);
    }
    let runs: Vec<simulate::Run<'_, '_>> = by_team
        .into_values()
        .map(|(team, items)| simulate::Run::of(team, items, today, end))
        .collect();
    Forecast {
        reassignments: moves::find(&runs),
        teams: runs.iter().map(simulate::Run::forecast).collect(),
    }
}
