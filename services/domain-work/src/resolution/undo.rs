//! Taking an end back.

use chrono::{DateTime, TimeDelta, Utc};

use crate::Violation;
use crate::hold::REASON_MAX;
use crate::violation::Violations;

/// How long an end may be undone as if it had not been.
///
/// A slip is noticed within a work week. After that figures of a closed week and messages to
/// partners rest on it: the item is reopened instead, and the end stays on record.
pub const UNDO_WINDOW: TimeDelta = TimeDelta::days(7);

/// An end on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It stands, and nothing came after it.
    Latest,
    /// The item was reopened and ended again since.
    Overtaken,
    /// It was undone.
    Undone,
}

/// Why an end cannot be undone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotUndo {
    /// The window has closed.
    #[error(
        "the item ended at {ended_at}, and an end may be undone for {} days; reopen the item \
         instead",
        UNDO_WINDOW.num_days()
    )]
    WindowClosed {
        /// When it ended.
        ended_at: DateTime<Utc>,
    },
    /// It was undone already.
    #[error("this end was undone already")]
    Undone,
    /// Another end came after it.
    #[error("the item was reopened and ended again since; undo its latest end")]
    Overtaken,
    /// No reason is given.
    #[error("{} {}", .0.field, .0.words)]
    Invalid(Violation),
}

impl CannotUndo {
    /// The reason code; it stays what it is.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::WindowClosed { .. } => "UNDO_WINDOW_CLOSED",
            Self::Undone | Self::Overtaken => "INVALID_TRANSITION",
            Self::Invalid(_) => "INVALID",
        }
    }
}

/// Whether an end may be undone at `now`; the item is then reopened by `Hold::reopen`. A clock that
/// was set back closes no window.
///
/// # Errors
/// Why not.
pub fn undo(
    standing: Standing,
    ended_at: DateTime<Utc>,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), CannotUndo> {
    match standing {
        Standing::Undone => return Err(CannotUndo::Undone),
        Standing::Overtaken => return Err(CannotUndo::Overtaken),
        Standing::Latest => {}
    }
    if now - ended_at > UNDO_WINDOW {
        return Err(CannotUndo::WindowClosed { ended_at });
    }
    let mut violations = Violations::default();
    violations.required("reason", reason, REASON_MAX);
    violations.into_vec().into_iter().next().map_or(Ok(()), |found| Err(CannotUndo::Invalid(found)))
}
