//! Identifiers: UUIDv7, ordered by creation within a process.

use uuid::Uuid;

/// A new id for a row, an event or a call.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
pub fn new() -> Uuid {
    Uuid::now_v7()
}
