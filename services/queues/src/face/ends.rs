//! How work ends, on the wire.

use contracts::routing::v1 as pb;
use domain_work::resolution::ResolutionKind;
use platform::clock::timestamp;
use platform::rejection::Violations;
use views::{listed, money};

use crate::store::{ResolutionRow, TouchRow};

/// The kind of an end; none is noted.
pub(crate) fn resolution_kind(
    sent: pb::ResolutionKind,
    violations: &mut Violations,
) -> Option<ResolutionKind> {
    let kind = sent.as_str_name().strip_prefix("RESOLUTION_KIND_").and_then(ResolutionKind::parse);
    if kind.is_none() {
        violations.add("kind", "is required: how the work ended");
    }
    kind
}

/// An end on record.
pub(crate) fn resolution(row: ResolutionRow) -> pb::Resolution {
    pb::Resolution {
        id: row.id.to_string(),
        work_item_id: row.work_item_id.to_string(),
        kind: listed::<pb::ResolutionKind>(&row.kind),
        recovered: Some(money(row.recovered_cents)),
        written_off: Some(money(row.written_off_cents)),
        corrected_claim_number: row.corrected_claim_number,
        write_off_code: row.write_off_code,
        approved_by: row.approved_by,
        reason: row.reason,
        automated: row.automated,
        undone_reason: row.undone_reason,
        created_at: Some(timestamp(row.created_at)),
    }
}

/// Minutes worked.
pub(crate) fn touch(row: TouchRow) -> pb::Touch {
    pb::Touch {
        id: row.id.to_string(),
        work_item_id: row.work_item_id.to_string(),
        kind: listed::<pb::TouchKind>(&row.kind),
        minutes: row.minutes,
        user_id: row.user_id,
        started_at: row.started_at.map(timestamp),
        created_at: Some(timestamp(row.created_at)),
    }
}
