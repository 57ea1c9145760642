//! A question to another department, with its own clock inside the deadline of its item.
//!
//! ```text
//! ASKED -> ANSWERED -> ACCEPTED
//!   ^          |
//!   +-RETURNED-+        WITHDRAWN from any of the three that are not over
//! ```
//!
//! The asking team keeps the item, which waits meanwhile. Invariants: an answer is due before the
//! last day of the item, so that there is a day to use it; who asked says whether it helped.

use chrono::{Days, NaiveDate};
use domain::words;

use crate::UserId;
use crate::hold::{FOLLOW_UP_DAYS_MAX, REASON_MAX};
use crate::queue::Standing;
use crate::violation::{Violation, Violations};

/// The most characters of a question or an answer.
pub const TEXT_MAX: usize = 4_000;

/// The most days an answer has unless the asker says otherwise: a question that waits for half of a
/// year's window is forgotten.
const DAYS_MAX: u64 = 14;
/// Days for an answer where no window of the item runs.
const DAYS_WITHOUT_DEADLINE: u64 = 7;

words! {
    /// Where a clarification stands.
    ClarificationState {
        /// Waiting for an answer.
        Asked = "ASKED",
        /// Answered.
        Answered = "ANSWERED",
        /// The asker accepted the answer.
        Accepted = "ACCEPTED",
        /// The answer did not help; asked again.
        Returned = "RETURNED",
        /// Not needed any more.
        Withdrawn = "WITHDRAWN",
    }
}

impl ClarificationState {
    /// Whether the department owes an answer.
    pub const fn is_owed(self) -> bool {
        matches!(self, Self::Asked | Self::Returned)
    }

    /// Whether nothing more can become of it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Accepted | Self::Withdrawn)
    }
}

/// By when an answer is due, and whether its item waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The day.
    pub due_on: NaiveDate,
    /// Whether the item can wait that long: where its last day has come it stays open.
    pub puts_aside: bool,
}

/// Why a clarification cannot become what was wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Its state does not allow it.
    #[error("a clarification that is {} cannot be {act}", state.as_str())]
    InvalidTransition {
        /// Its state.
        state: ClarificationState,
        /// What was wanted.
        act: &'static str,
    },
    /// Somebody else asked.
    #[error("only {asked_by}, who asked, or a lead says whether an answer helped")]
    NotTheAsker {
        /// Who asked.
        asked_by: UserId,
    },
    /// The department was not asked.
    #[error("team `{team}` was asked: its members and team leads answer")]
    NotAsked {
        /// The team that was.
        team: String,
    },
    /// A field is at fault.
    #[error("{} {}", .0.field, .0.words)]
    Invalid(Violation),
}

/// By when an answer is needed: the wanted day, or half of what is left, two weeks at the most.
///
/// # Errors
/// When the wanted day has come or leaves no day to use the answer.
pub fn clock(
    wanted: Option<NaiveDate>,
    last_day: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Clock, Violation> {
    let after = |days: u64| today.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
    let tomorrow = after(1);
    let running = last_day.filter(|last| *last > today);
    let puts_aside = running.is_some() || last_day.is_none();
    // The day before the last one; tomorrow where that is the last one.
    let latest = match running {
        Some(last) => last.pred_opt().unwrap_or(last).max(tomorrow),
        None => after(FOLLOW_UP_DAYS_MAX),
    };
    let half =
        |last: NaiveDate| after(((last - today).num_days().unsigned_abs() / 2).min(DAYS_MAX));
    let due_on = wanted.unwrap_or_else(|| match (running, last_day) {
        (Some(last), _) => half(last).clamp(tomorrow, latest),
        (None, Some(_)) => tomorrow,
        (None, None) => after(DAYS_WITHOUT_DEADLINE),
    });
    let wrong = |words: String| Violation { field: "due_on", words };
    if due_on <= today {
        return Err(wrong(format!("must be after today, {today}")));
    }
    if due_on > latest {
        return Err(wrong(format!("must be {latest} at the latest, before the item's last day")));
    }
    Ok(Clock { due_on, puts_aside })
}

/// Checks a question or an answer.
///
/// # Errors
/// When it says nothing or too much.
pub fn text(field: &'static str, text: &str) -> Result<(), Violation> {
    let mut violations = Violations::default();
    // People write several lines.
    violations.required(field, &text.replace(['\n', '\r', '\t'], " "), TEXT_MAX);
    violations.into_vec().into_iter().next().map_or(Ok(()), Err)
}

/// Whether somebody may answer; `standing` is what the caller is to the team that was asked.
///
/// # Errors
/// When it was answered, it is over, or the caller is a stranger to the team.
pub fn answer(
    state: ClarificationState,
    standing: Option<Standing>,
    team: &str,
) -> Result<(), Refusal> {
    if standing.is_none() {
        return Err(Refusal::NotAsked { team: team.to_owned() });
    }
    if state.is_owed() {
        Ok(())
    } else {
        Err(Refusal::InvalidTransition { state, act: "answered" })
    }
}

/// Whether somebody may settle it so.
///
/// # Errors
/// When the state does not allow it, another asked, or a reason is missing.
pub fn settle(
    from: ClarificationState,
    to: ClarificationState,
    (asked_by, user, is_lead): (UserId, UserId, bool),
    reason: &str,
) -> Result<(), Refusal> {
    use ClarificationState as State;
    if asked_by != user && !is_lead {
        return Err(Refusal::NotTheAsker { asked_by });
    }
    let (act, allowed) = match to {
        State::Accepted => ("accepted", from == State::Answered),
        State::Returned => ("returned", from == State::Answered),
        State::Withdrawn => ("withdrawn", !from.is_over()),
        State::Asked | State::Answered => {
            let words = "must be ACCEPTED, RETURNED or WITHDRAWN".to_owned();
            return Err(Refusal::Invalid(Violation { field: "state", words }));
        }
    };
    if !allowed {
        return Err(Refusal::InvalidTransition { state: from, act });
    }
    let mut violations = Violations::default();
    match to {
        State::Accepted => violations.optional("reason", reason, REASON_MAX),
        _ => violations.required("reason", reason, REASON_MAX),
    }
    violations.into_vec().into_iter().next().map_or(Ok(()), |found| Err(Refusal::Invalid(found)))
}

impl Refusal {
    /// Its reason code, which stays.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::InvalidTransition { .. } => "INVALID_TRANSITION",
            Self::NotTheAsker { .. } | Self::NotAsked { .. } => "NOT_OF_THIS_QUEUE",
            Self::Invalid(_) => "INVALID_FIELDS",
        }
    }
}

#[cfg(test)]
mod tests;
