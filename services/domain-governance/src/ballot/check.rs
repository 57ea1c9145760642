//! Checks: without both, no vote counts.

use chrono::{DateTime, Utc};
use domain::dictionary::ContentHash;
use serde::{Deserialize, Serialize};

use super::ChangeRequest;
use domain::words;

words! {
    /// Which check.
    CheckKind {
        /// Exactly one entry answers, and nothing stands against a vote.
        Verify = "verify",
        /// What would have changed on the tenant's own history.
        Replay = "replay",
    }
}

/// One check of one content on one base.
///
/// The base belongs to it: a replay compares the content with its base, and the same content on
/// another base changes something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Which check.
    pub kind: CheckKind,
    /// The revision it compared with.
    pub base: ContentHash,
    /// The content it ran on.
    pub result_hash: ContentHash,
    /// Whether nothing stands against a vote.
    pub passed: bool,
    /// Whether there were under 90 days of history to look at.
    #[serde(default)]
    pub short_history: bool,
    /// When it was done.
    pub finished_at: DateTime<Utc>,
}

impl<S> ChangeRequest<S> {
    /// Notes a check, whatever it ran on: one that finishes after an edit is stale, not wrong.
    ///
    /// [`settle`](Self::settle) afterwards: a check may be the last thing missing.
    #[must_use]
    pub fn record_check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// The newest check of this content on this base.
    pub fn fresh_check(&self, kind: CheckKind) -> Option<&Check> {
        self.checks
            .iter()
            .filter(|check| check.kind == kind && self.bears(check))
            .max_by_key(|check| check.finished_at)
    }

    /// Whether a check ran on exactly what is asked for now.
    fn bears(&self, check: &Check) -> bool {
        check.base == self.base && check.result_hash == self.result_hash
    }

    /// Whether both checks are fresh and passed; the first that is not, otherwise.
    pub(super) fn unproven(&self) -> Option<CheckKind> {
        let passed = |kind| self.fresh_check(kind).is_some_and(|check| check.passed);
        CheckKind::ALL.iter().copied().find(|kind| !passed(*kind))
    }
}
