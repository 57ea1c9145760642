use contracts::dictionary::v1 as pb;
use platform::jobs::Record;
use platform::rejection::Fault;
use prost::Message;

use super::timestamp;
use registry::checks::Check;

/// A check.
pub(crate) fn check(row: Check) -> Result<pb::Check, Fault> {
    let unreadable = |_| Fault::Broken("a stored check cannot be read");
    let kept = pb::Check::decode(row.findings.as_slice()).map_err(unreadable)?;
    let replay = match row.kind.as_str() {
        "replay" => Some(pb::ReplaySummary::decode(row.replay.as_slice()).map_err(unreadable)?),
        _ => None,
    };
    let kind = pb::CheckKind::from_str_name(&format!("CHECK_KIND_{}", row.kind.to_uppercase()));
    Ok(pb::Check {
        id: row.id.to_string(),
        kind: kind.unwrap_or_default().into(),
        change_request_id: row.change_request_id.to_string(),
        result_hash: row.result_hash,
        passed: row.passed,
        findings: kept.findings,
        replay,
        finished_at: Some(timestamp(row.finished_at)),
        base_revision: row.base_revision,
    })
}

/// The answers that are a job.
pub(crate) trait OfJob: Message + Default {
    fn of_job(record: Record) -> Self;
}

impl OfJob for pb::RunVerifyResponse {
    fn of_job(record: Record) -> Self {
        Self { job: Some(record.into()) }
    }
}

impl OfJob for pb::RunReplayResponse {
    fn of_job(record: Record) -> Self {
        Self { job: Some(record.into()) }
    }
}
