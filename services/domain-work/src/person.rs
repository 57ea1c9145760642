//! People and partner applications, as far as work is concerned.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whoever works: a person, or a partner application that was made a member of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub Uuid);

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}
