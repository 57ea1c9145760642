use contracts::dictionary::v1 as pb;
use contracts::routing::v1::PreviewTally;
use platform::rejection::Fault;
use prost::Message;

use super::timestamp;
use registry::previews::Preview;

/// The stage with this spelling.
fn preview_stage(word: &str) -> Option<pb::PreviewStage> {
    pb::PreviewStage::from_str_name(&format!("PREVIEW_STAGE_{}", word.to_uppercase()))
}

/// The spelling of a state in rows.
pub(crate) fn preview_state_word(state: pb::PreviewState) -> String {
    state.as_str_name().trim_start_matches("PREVIEW_STATE_").to_lowercase()
}

/// The state with this spelling.
pub(crate) fn preview_state(word: &str) -> pb::PreviewState {
    let state = format!("PREVIEW_STATE_{}", word.to_uppercase());
    pb::PreviewState::from_str_name(&state).unwrap_or_default()
}

/// A preview, with what routing counted under it.
pub(crate) fn preview(row: Preview, tally: &PreviewTally) -> Result<pb::Preview, Fault> {
    let scope = preview_scope(&row)?;
    Ok(pb::Preview {
        id: row.id.to_string(),
        change_request_id: row.change_request_id.to_string(),
        stage: preview_stage(&row.stage).unwrap_or_default().into(),
        state: preview_state(&row.state).into(),
        decided_count: tally.decided_count,
        diverged_count: tally.diverged_count,
        unmapped_count: tally.unmapped_count,
        short_deadline_count: tally.short_deadline_count,
        suspended_words: row.suspended_words,
        created_at: Some(timestamp(row.created_at)),
        updated_at: Some(timestamp(row.updated_at)),
        etag: row.version.to_string(),
        stopped_words: row.stopped_words,
        ..scope
    })
}

/// A preview on trial, for evaluation elsewhere.
pub(crate) fn compiled_preview(
    row: &Preview,
    canonical_json: Vec<u8>,
    approvers: Vec<pb::Approver>,
) -> Result<pb::CompiledPreview, Fault> {
    let scope = preview_scope(row)?;
    Ok(pb::CompiledPreview {
        id: row.id.to_string(),
        stage: preview_stage(&row.stage).unwrap_or_default().into(),
        hash: row.result_hash.clone(),
        canonical_json,
        facilities: scope.facilities,
        payers: scope.payers,
        limits: scope.limits,
        approvers,
    })
}

/// Facilities, payers and limits, and nothing else.
fn preview_scope(row: &Preview) -> Result<pb::Preview, Fault> {
    let scope = pb::Preview::decode(row.scope.as_slice());
    scope.map_err(|_| Fault::Broken("a stored preview cannot be read"))
}
