//! The service on the wire: handlers, and the conversions between messages and the domain.

mod approvers;
mod change_request;
mod check;
mod decision;
mod facts;
mod payer;
mod preview;
mod revision;
mod section;
mod words;

use tonic::{Request, Response, Status};

use contracts::dictionary::v1 as pb;
use contracts::dictionary::v1::dictionary_service_server::DictionaryService;
use platform::access::Caller;
use platform::rejection::reject;

use crate::Dictionary;
use crate::watch_events::Events;

pub(crate) use platform::clock::{date, day, timestamp};

pub(crate) use approvers::{acted, approvers, forced, voted};
pub(crate) use change_request::{
    change_request, comment, committee, committee_proposal, no_committee, read_committee, review,
    section_kind, source_of, source_word,
};
pub(crate) use check::{OfJob, check};
pub(crate) use decision::{decision, receipt};
pub(crate) use facts::facts;
pub(crate) use payer::{alias, alias_message, payer, payer_etag};
pub(crate) use preview::{compiled_preview, preview, preview_state, preview_state_word};
pub(crate) use revision::revision;
pub(crate) use section::{difference, section};
pub(crate) use words::word;

/// Handlers that take the caller, run the use case and refuse as it does.
macro_rules! handlers {
    ($($rpc:ident: $request:ident -> $response:ident = $($use_case:ident).+;)+) => {
        #[tonic::async_trait]
        impl DictionaryService for Dictionary {
            $(async fn $rpc(
                &self,
                request: Request<pb::$request>,
            ) -> Result<Response<pb::$response>, Status> {
                let caller = Caller::of(&request)?.clone();
                let answer = self.$($use_case).+(&caller, request.into_inner()).await;
                answer.map(Response::new).map_err(reject)
            })+

            async fn watch_events(
                &self,
                request: Request<pb::WatchEventsRequest>,
            ) -> Result<Response<Events>, Status> {
                let caller = Caller::of(&request)?.clone();
                let events = self.events(&caller, request.into_inner()).await;
                events.map(Response::new).map_err(reject)
            }
        }
    };
}

handlers! {
    list_code_sets: ListCodeSetsRequest -> ListCodeSetsResponse = codes.list_code_sets;
    get_code: GetCodeRequest -> GetCodeResponse = codes.get_code;
    list_codes: ListCodesRequest -> ListCodesResponse = codes.list_codes;
    import_code_set_release: ImportCodeSetReleaseRequest -> ImportCodeSetReleaseResponse
        = codes.import_code_set_release;
    list_code_set_releases: ListCodeSetReleasesRequest -> ListCodeSetReleasesResponse
        = codes.list_code_set_releases;
    list_code_changes: ListCodeChangesRequest -> ListCodeChangesResponse = codes.list_code_changes;
    import_combination_table: ImportCombinationTableRequest -> ImportCombinationTableResponse
        = codes.import_combination_table;
    check_combination: CheckCombinationRequest -> CheckCombinationResponse
        = codes.check_combination;
    map_payer_code: MapPayerCodeRequest -> MapPayerCodeResponse = codes.map_payer_code;
    list_payer_codes: ListPayerCodesRequest -> ListPayerCodesResponse = codes.list_payer_codes;
    create_payer: CreatePayerRequest -> CreatePayerResponse = create;
    get_payer: GetPayerRequest -> GetPayerResponse = payer;
    list_payers: ListPayersRequest -> ListPayersResponse = payers;
    match_payer: MatchPayerRequest -> MatchPayerResponse = match_aliases;
    add_payer_alias: AddPayerAliasRequest -> AddPayerAliasResponse = add_alias;
    update_payer: UpdatePayerRequest -> UpdatePayerResponse = update_payer;
    remove_payer_alias: RemovePayerAliasRequest -> RemovePayerAliasResponse = remove_alias;
    publish_base_dictionary: PublishBaseDictionaryRequest -> PublishBaseDictionaryResponse
        = publish_base;
    publish_base_revision: PublishBaseRevisionRequest -> PublishBaseRevisionResponse
        = publish_base_revision;
    list_base_revisions: ListBaseRevisionsRequest -> ListBaseRevisionsResponse = base_revisions;
    get_revision: GetRevisionRequest -> GetRevisionResponse = revision;
    list_revisions: ListRevisionsRequest -> ListRevisionsResponse = revisions;
    get_compiled_revision: GetCompiledRevisionRequest -> GetCompiledRevisionResponse = content;
    decide: DecideRequest -> DecideResponse = decision;
    explain_decision: ExplainDecisionRequest -> ExplainDecisionResponse = explanation;
    verify_receipt: VerifyReceiptRequest -> VerifyReceiptResponse = verification;
    list_sections: ListSectionsRequest -> ListSectionsResponse = sections;
    diff_revisions: DiffRevisionsRequest -> DiffRevisionsResponse = diff;
    create_change_request: CreateChangeRequestRequest -> CreateChangeRequestResponse
        = create_change;
    get_change_request: GetChangeRequestRequest -> GetChangeRequestResponse = change;
    list_change_requests: ListChangeRequestsRequest -> ListChangeRequestsResponse = changes;
    update_change_request: UpdateChangeRequestRequest -> UpdateChangeRequestResponse
        = update_change;
    submit_change_request: SubmitChangeRequestRequest -> SubmitChangeRequestResponse
        = submit_change;
    withdraw_change_request: WithdrawChangeRequestRequest -> WithdrawChangeRequestResponse
        = withdraw_change;
    rebase_change_request: RebaseChangeRequestRequest -> RebaseChangeRequestResponse
        = rebase_change;
    add_comment: AddCommentRequest -> AddCommentResponse = add_comment;
    get_committee: GetCommitteeRequest -> GetCommitteeResponse = committee;
    update_committee: UpdateCommitteeRequest -> UpdateCommitteeResponse = update_committee;
    confirm_committee: ConfirmCommitteeRequest -> ConfirmCommitteeResponse = confirm_committee;
    delegate_seat: DelegateSeatRequest -> DelegateSeatResponse = delegate;
    create_review: CreateReviewRequest -> CreateReviewResponse = review;
    list_reviews: ListReviewsRequest -> ListReviewsResponse = reviews;
    activate_revision: ActivateRevisionRequest -> ActivateRevisionResponse = activate;
    cancel_activation: CancelActivationRequest -> CancelActivationResponse = cancel_activation;
    roll_back_revision: RollBackRevisionRequest -> RollBackRevisionResponse = roll_back;
    export_revision: ExportRevisionRequest -> ExportRevisionResponse = export;
    import_revision: ImportRevisionRequest -> ImportRevisionResponse = import;
    run_verify: RunVerifyRequest -> RunVerifyResponse = run_verify;
    run_replay: RunReplayRequest -> RunReplayResponse = run_replay;
    get_check: GetCheckRequest -> GetCheckResponse = check;
    list_checks: ListChecksRequest -> ListChecksResponse = checks;
    record_entry_outcomes: RecordEntryOutcomesRequest -> RecordEntryOutcomesResponse
        = record_outcomes;
    list_entry_evidence: ListEntryEvidenceRequest -> ListEntryEvidenceResponse = entry_evidence;
    get_job: GetJobRequest -> GetJobResponse = job;
    cancel_job: CancelJobRequest -> CancelJobResponse = cancel_job;
    activate_in_emergency: ActivateInEmergencyRequest -> ActivateInEmergencyResponse
        = activate_in_emergency;
    start_preview: StartPreviewRequest -> StartPreviewResponse = start_preview;
    get_preview: GetPreviewRequest -> GetPreviewResponse = preview;
    stop_preview: StopPreviewRequest -> StopPreviewResponse = stop_preview;
    commit_preview: CommitPreviewRequest -> CommitPreviewResponse = commit_preview;
}
