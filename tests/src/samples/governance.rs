use contracts::dictionary::v1::*;
use prost_types::FieldMask;

use super::{Sample, Things};
use crate::world::id;

fn any(method: &str, message: &impl prost::Message, names_a_resource: bool) -> Sample {
    super::sample("Dictionary", method, message, names_a_resource)
}

fn mask(path: &str) -> Option<FieldMask> {
    Some(FieldMask { paths: vec![path.to_owned()] })
}

pub(super) fn samples(things: &Things) -> Vec<Sample> {
    let mut samples = reads(things);
    samples.extend(drafting(things));
    samples.extend(agreeing(things));
    samples.extend(trying(things));
    samples.extend(activating(things));
    samples.extend(evolving(things));
    samples
}

/// Base dictionaries, and what outcomes say of entries.
fn evolving(things: &Things) -> Vec<Sample> {
    let starter = domain::starter::bundle().canonical().expect("it has a canonical form");
    // What is tried only leaves the base to whoever comes next.
    let publish = PublishBaseRevisionRequest {
        canonical_json: starter.into_bytes(),
        reason: "a sample".to_owned(),
        validate_only: true,
        request_id: id(),
    };
    let outcome = EntryOutcome {
        id: id(),
        entry: "carc-197".to_owned(),
        revision: things.group.revision.clone(),
        overturned: true,
        decision_days: Some(30),
        decided_at: Some(prost_types::Timestamp { seconds: 1_780_000_000, nanos: 0 }),
    };
    let record = RecordEntryOutcomesRequest { outcomes: vec![outcome], request_id: id() };
    vec![
        any("PublishBaseRevision", &publish, false),
        any("ListBaseRevisions", &ListBaseRevisionsRequest::default(), false),
        any("RecordEntryOutcomes", &record, false),
        any("ListEntryEvidence", &ListEntryEvidenceRequest::default(), false),
    ]
}

fn reads(things: &Things) -> Vec<Sample> {
    let changes = &things.changes;
    let of = || changes.to_activate.id.clone();
    let sections = ListSectionsRequest {
        revision: "active".to_owned(),
        kind: SectionKind::Entry.into(),
        ..ListSectionsRequest::default()
    };
    let diff = DiffRevisionsRequest {
        from_revision: "1".to_owned(),
        to_revision: "2".to_owned(),
        ..DiffRevisionsRequest::default()
    };
    let reviews = ListReviewsRequest { change_request_id: of(), ..Default::default() };
    let checks = ListChecksRequest { change_request_id: of(), ..Default::default() };
    vec![
        any("ListSections", &sections, false),
        any("DiffRevisions", &diff, false),
        any("GetChangeRequest", &GetChangeRequestRequest { id: of() }, true),
        any("ListChangeRequests", &ListChangeRequestsRequest::default(), false),
        any("ListReviews", &reviews, true),
        any("ListChecks", &checks, true),
        any("GetCheck", &GetCheckRequest { id: changes.check_id.clone() }, true),
        any("GetJob", &GetJobRequest { id: changes.job_id.clone() }, true),
        any("GetCommittee", &GetCommitteeRequest {}, false),
    ]
}

fn drafting(things: &Things) -> Vec<Sample> {
    let changes = &things.changes;
    let create = CreateChangeRequestRequest {
        title: "A sample".to_owned(),
        reason: "to show how".to_owned(),
        request_id: id(),
        ..CreateChangeRequestRequest::default()
    };
    let update = UpdateChangeRequestRequest {
        change_request: Some(ChangeRequest {
            title: "Another title".to_owned(),
            ..changes.to_update.clone()
        }),
        update_mask: mask("title"),
        request_id: id(),
        ..UpdateChangeRequestRequest::default()
    };
    let submit = SubmitChangeRequestRequest {
        id: changes.to_submit.id.clone(),
        etag: changes.to_submit.etag.clone(),
        request_id: id(),
        ..SubmitChangeRequestRequest::default()
    };
    let withdraw = WithdrawChangeRequestRequest {
        id: changes.to_withdraw.id.clone(),
        reason: "no longer needed".to_owned(),
        etag: changes.to_withdraw.etag.clone(),
        request_id: id(),
        ..WithdrawChangeRequestRequest::default()
    };
    let rebase = RebaseChangeRequestRequest {
        id: changes.to_rebase.id.clone(),
        etag: changes.to_rebase.etag.clone(),
        request_id: id(),
        ..RebaseChangeRequestRequest::default()
    };
    let comment = AddCommentRequest {
        change_request_id: changes.to_review.id.clone(),
        text: "Looks right.".to_owned(),
        request_id: id(),
    };
    vec![
        any("CreateChangeRequest", &create, false),
        any("UpdateChangeRequest", &update, true),
        any("SubmitChangeRequest", &submit, true),
        any("WithdrawChangeRequest", &withdraw, true),
        any("RebaseChangeRequest", &rebase, true),
        any("AddComment", &comment, true),
    ]
}

fn agreeing(things: &Things) -> Vec<Sample> {
    let changes = &things.changes;
    let of = || changes.to_review.id.clone();
    // What is tried only leaves the etag to whoever comes next.
    let delegate = DelegateSeatRequest {
        seat: "compliance".to_owned(),
        delegate: changes.member_id.clone(),
        etag: "1".to_owned(),
        validate_only: true,
        ..DelegateSeatRequest::default()
    };
    let committee = UpdateCommitteeRequest {
        committee: Some(Committee {
            title: "Council".to_owned(),
            etag: "1".to_owned(),
            ..Committee::default()
        }),
        update_mask: mask("title"),
        reason: "it is called so by everybody".to_owned(),
        // What is tried only leaves the proposal to whoever confirms it.
        validate_only: true,
        request_id: id(),
    };
    let confirm = ConfirmCommitteeRequest {
        hash: changes.proposal.clone(),
        validate_only: true,
        request_id: id(),
    };
    let recuse = CreateReviewRequest {
        change_request_id: of(),
        seat: "compliance".to_owned(),
        verdict: ReviewVerdict::Recuse.into(),
        result_hash: changes.to_review.result_hash.clone(),
        request_id: id(),
        ..CreateReviewRequest::default()
    };
    let verify = RunVerifyRequest { change_request_id: of(), request_id: id() };
    let replay = RunReplayRequest { change_request_id: of(), request_id: id() };
    let cancel = CancelJobRequest { id: changes.job_id.clone(), request_id: id() };
    vec![
        any("DelegateSeat", &delegate, false),
        any("UpdateCommittee", &committee, false),
        any("ConfirmCommittee", &confirm, false),
        any("CreateReview", &recuse, true),
        any("RunVerify", &verify, true),
        any("RunReplay", &replay, true),
        any("CancelJob", &cancel, true),
    ]
}

fn trying(things: &Things) -> Vec<Sample> {
    let changes = &things.changes;
    let preview = || changes.preview.id.clone();
    // What is tried only leaves the preview to whoever stops it.
    let commit = CommitPreviewRequest {
        id: preview(),
        etag: changes.preview.etag.clone(),
        validate_only: true,
        ..CommitPreviewRequest::default()
    };
    let stop = StopPreviewRequest {
        id: preview(),
        reason: "seen enough".to_owned(),
        etag: changes.preview.etag.clone(),
        request_id: id(),
        ..StopPreviewRequest::default()
    };
    let start = StartPreviewRequest {
        change_request_id: changes.to_activate.id.clone(),
        stage: PreviewStage::Shadow.into(),
        request_id: id(),
        ..StartPreviewRequest::default()
    };
    vec![
        any("GetPreview", &GetPreviewRequest { id: preview() }, true),
        any("CommitPreview", &commit, true),
        any("StopPreview", &stop, true),
        any("StartPreview", &start, true),
    ]
}

fn activating(things: &Things) -> Vec<Sample> {
    let changes = &things.changes;
    let activate = ActivateRevisionRequest {
        change_request_id: changes.to_activate.id.clone(),
        activate_at: Some(super::changes::far()),
        etag: changes.to_activate.etag.clone(),
        request_id: id(),
        ..ActivateRevisionRequest::default()
    };
    let cancel = CancelActivationRequest {
        change_request_id: changes.to_cancel.id.clone(),
        reason: "not this week".to_owned(),
        etag: changes.to_cancel.etag.clone(),
        request_id: id(),
        ..CancelActivationRequest::default()
    };
    let force = ActivateInEmergencyRequest {
        change_request_id: changes.to_force.id.clone(),
        reason: "the queue is flooded".to_owned(),
        hours: 24,
        etag: changes.to_force.etag.clone(),
        validate_only: true,
        ..ActivateInEmergencyRequest::default()
    };
    let back = RollBackRevisionRequest {
        revision: "1".to_owned(),
        reason: "the team drowns".to_owned(),
        etag: changes.active.clone(),
        request_id: id(),
        ..RollBackRevisionRequest::default()
    };
    let export = ExportRevisionRequest {
        revision: "2".to_owned(),
        format: BundleFormat::DecisionTableCsv.into(),
    };
    let import = ImportRevisionRequest {
        content: changes.exported.content.clone(),
        signature: changes.exported.signature.clone(),
        reason: "it reads well elsewhere".to_owned(),
        validate_only: false,
        request_id: id(),
    };
    vec![
        any("ExportRevision", &export, false),
        any("ImportRevision", &import, false),
        any("ActivateRevision", &activate, true),
        any("CancelActivation", &cancel, true),
        any("ActivateInEmergency", &force, true),
        any("RollBackRevision", &back, false),
    ]
}
