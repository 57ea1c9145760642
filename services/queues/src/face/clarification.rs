//! Questions to other departments, on the wire.

use contracts::routing::v1 as pb;
use platform::clock::{date, timestamp};
use views::listed;

use crate::store::clarifications::ClarificationRow;

/// A clarification.
pub(crate) fn clarification(row: ClarificationRow) -> pb::Clarification {
    pb::Clarification {
        id: row.id.to_string(),
        work_item_id: row.work_item_id.to_string(),
        to_team: row.to_team,
        question: row.question,
        answer: row.answer,
        state: listed::<pb::ClarificationState>(&row.state),
        due_on: Some(date(row.due_on)),
        asked_by: row.asked_by,
        answered_by: row.answered_by,
        answered_at: row.answered_at.map(timestamp),
        created_at: Some(timestamp(row.created_at)),
        updated_at: Some(timestamp(row.updated_at)),
        etag: row.version.to_string(),
    }
}
