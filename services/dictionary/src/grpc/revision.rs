use chrono::{DateTime, Utc};

use contracts::dictionary::v1 as pb;

use super::approvers::{approvers, people};
use super::timestamp;
use registry::approvers::Approver;
use registry::revisions::Revision;

/// A revision with its approvers, and since when it is active when it is.
pub(crate) fn revision(
    row: Revision,
    acts: &[Approver],
    active_since: Option<DateTime<Utc>>,
) -> pb::Revision {
    let approvers = approvers(&row, acts);
    pb::Revision {
        hash: row.hash,
        number: row.number,
        title: row.title,
        starting_point: row.starting_point,
        evaluator_semantics: row.evaluator_semantics,
        size: Some(pb::RevisionSize {
            entries: row.entries,
            remark_rules: row.remark_rules,
            owner_rules: row.owner_rules,
            documentation_standards: row.documentation_standards,
            appeal_templates: row.appeal_templates,
            deadline_rules: row.deadline_rules,
            metric_definitions: row.metric_definitions,
            exception_policies: row.exception_policies,
            automation_limits: row.automation_limits,
        }),
        active: active_since.is_some(),
        based_on: row.based_on,
        change_request_id: row.change_request_id.map(|id| id.to_string()).unwrap_or_default(),
        approved_by: people(&approvers),
        reason: row.reason,
        created_at: Some(timestamp(row.created_at)),
        activated_at: active_since.map(timestamp),
        approvers,
    }
}
