//! The escalation path of an item: whom to tell when its window runs out, and what is written down
//! when it ran out.
//!
//! A step is due with the first instant, in the payer's zone, of the day on which so many percent
//! of the window have passed ([`Deadline::day_at_percent`], rounded up to a whole day): a step at
//! 100 percent is told on the morning of the last day, while something can still be done.
//!
//! Which steps were told is kept by whoever tells them ([`Told`]), written in the transaction of
//! the telling. Then a step is told once: after a crash, under a clock that moves back, and when
//! the deadline moves, which gives new instants to steps that were not told and to no other.
//!
//! Invariants: no step is due before its day; what is due stays due until it is told; the plan is
//! a function of the deadline and the dictionary's steps, so it is never stale.
//! Absent on purpose: who the lead, manager or director is, and how they are told.

mod missed;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::Zone;
use domain::deadline::Deadline;
use domain::dictionary::entry::EscalationStep;
use serde::{Deserialize, Serialize};

pub use missed::{Cause, History, Missed, missed};

/// A step with the day and the instant on which it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Planned {
    /// The first instant at which it is due; `None` where the calendar ends before it.
    pub due_at: Option<DateTime<Utc>>,
    /// The day, in the payer's zone.
    pub on: NaiveDate,
    /// The step.
    pub step: EscalationStep,
}

/// Steps that were told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Told(BTreeSet<EscalationStep>);

impl Told {
    /// Notes that a step was told; false when it had been already, so that it must not be told
    /// again.
    pub fn note(&mut self, step: EscalationStep) -> bool {
        self.0.insert(step)
    }

    /// Whether a step was told.
    pub fn has(&self, step: EscalationStep) -> bool {
        self.0.contains(&step)
    }
}

impl FromIterator<EscalationStep> for Told {
    fn from_iter<I: IntoIterator<Item = EscalationStep>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

/// When each step of a path is due; in the order of their instants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan(Vec<Planned>);

impl Plan {
    /// The plan of a path for a ranking deadline. A deadline that moved has a new plan.
    pub fn of(deadline: &Deadline, steps: &[EscalationStep]) -> Self {
        let day = |step: &EscalationStep| (deadline.day_at_percent(step.at_percent), *step);
        Self::on_days(deadline.zone, steps.iter().map(day))
    }

    /// The plan of steps whose days are known, as items keep them.
    pub fn on_days(
        zone: Zone,
        steps: impl IntoIterator<Item = (NaiveDate, EscalationStep)>,
    ) -> Self {
        let planned = |(on, step)| Planned { due_at: first_instant_of(on, zone), on, step };
        let mut plan: Vec<Planned> = steps.into_iter().map(planned).collect();
        plan.sort_by_key(|planned| (planned.on, planned.step));
        plan.dedup();
        Self(plan)
    }

    /// All steps.
    pub fn steps(&self) -> &[Planned] {
        &self.0
    }

    /// Steps that are due at `now` and were not told, the earliest first.
    pub fn due(&self, told: &Told, now: DateTime<Utc>) -> Vec<Planned> {
        let due = |planned: &&Planned| planned.due_at.is_some_and(|at| at <= now);
        self.untold(told).filter(due).copied().collect()
    }

    /// When the next step that was not told is due: when to look again. It may lie in the past.
    pub fn next_at(&self, told: &Told) -> Option<DateTime<Utc>> {
        self.untold(told).filter_map(|planned| planned.due_at).min()
    }

    fn untold(&self, told: &Told) -> impl Iterator<Item = &Planned> {
        self.0.iter().filter(|planned| !told.has(planned.step))
    }
}

/// The first instant of a day in a zone: when the day before is over.
///
/// Exact across changes of daylight saving time, and where a zone skips midnight.
pub fn first_instant_of(day: NaiveDate, zone: Zone) -> Option<DateTime<Utc>> {
    zone.end_of(day.pred_opt()?)
}
