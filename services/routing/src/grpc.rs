use contracts::routing::v1 as pb;
use contracts::routing::v1::routing_service_server::RoutingService;
use evidence::Chunks;
use history::Signatures;
use platform::access::Caller;
use platform::audit::Purpose;
use platform::rejection::reject;
use tonic::{Request, Response, Status, Streaming};

use crate::Routing;
use crate::download_remittance_file::Original;
use queues::QueueEvents;
use views::Events;

/// Answers a call: the caller, one call, one conversion of the refusal.
macro_rules! answer {
    ($on:expr, $method:ident($request:ident)) => {{
        let caller = Caller::of(&$request)?.clone();
        let answer = $on.$method(&caller, $request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }};
}

/// Answers a read.
macro_rules! read {
    ($self:ident.$read:ident($request:ident)) => {
        answer!($self.views, $read($request))
    };
}

#[tonic::async_trait]
impl RoutingService for Routing {
    async fn upload_remittance(
        &self,
        request: Request<Streaming<pb::UploadRemittanceRequest>>,
    ) -> Result<Response<pb::UploadRemittanceResponse>, Status> {
        self.redecisions.look(Caller::of(&request)?);
        answer!(self, upload(request))
    }

    async fn import_open_denials(
        &self,
        request: Request<Streaming<pb::ImportOpenDenialsRequest>>,
    ) -> Result<Response<pb::ImportOpenDenialsResponse>, Status> {
        self.redecisions.look(Caller::of(&request)?);
        answer!(self, import_open_denials(request))
    }

    async fn upload_evidence(
        &self,
        request: Request<Streaming<pb::UploadEvidenceRequest>>,
    ) -> Result<Response<pb::UploadEvidenceResponse>, Status> {
        answer!(self, upload_evidence(request))
    }

    async fn set_evidence_state(
        &self,
        request: Request<pb::SetEvidenceStateRequest>,
    ) -> Result<Response<pb::SetEvidenceStateResponse>, Status> {
        answer!(self.evidence, set_evidence_state(request))
    }

    async fn withdraw_evidence(
        &self,
        request: Request<pb::WithdrawEvidenceRequest>,
    ) -> Result<Response<pb::WithdrawEvidenceResponse>, Status> {
        answer!(self.evidence, withdraw_evidence(request))
    }

    async fn list_evidence(
        &self,
        request: Request<pb::ListEvidenceRequest>,
    ) -> Result<Response<pb::ListEvidenceResponse>, Status> {
        answer!(self.evidence, list_evidence(request))
    }

    async fn download_evidence(
        &self,
        request: Request<pb::DownloadEvidenceRequest>,
    ) -> Result<Response<Chunks>, Status> {
        answer!(self.evidence, download_evidence(request))
    }

    async fn download_remittance_file(
        &self,
        request: Request<pb::DownloadRemittanceFileRequest>,
    ) -> Result<Response<Original>, Status> {
        let purpose = Purpose(request.get_ref().purpose.trim().to_owned());
        let mut answer = answer!(self, download_remittance_file(request))?;
        answer.extensions_mut().insert(purpose);
        Ok(answer)
    }

    async fn get_remittance_file(
        &self,
        request: Request<pb::GetRemittanceFileRequest>,
    ) -> Result<Response<pb::GetRemittanceFileResponse>, Status> {
        read!(self.file(request))
    }

    async fn list_remittance_files(
        &self,
        request: Request<pb::ListRemittanceFilesRequest>,
    ) -> Result<Response<pb::ListRemittanceFilesResponse>, Status> {
        read!(self.files(request))
    }

    async fn get_claim_occurrence(
        &self,
        request: Request<pb::GetClaimOccurrenceRequest>,
    ) -> Result<Response<pb::GetClaimOccurrenceResponse>, Status> {
        read!(self.claim_occurrence(request))
    }

    async fn list_claim_occurrences(
        &self,
        request: Request<pb::ListClaimOccurrencesRequest>,
    ) -> Result<Response<pb::ListClaimOccurrencesResponse>, Status> {
        read!(self.claim_occurrences(request))
    }

    async fn list_denials(
        &self,
        request: Request<pb::ListDenialsRequest>,
    ) -> Result<Response<pb::ListDenialsResponse>, Status> {
        read!(self.denials(request))
    }

    async fn list_take_backs(
        &self,
        request: Request<pb::ListTakeBacksRequest>,
    ) -> Result<Response<pb::ListTakeBacksResponse>, Status> {
        read!(self.take_backs(request))
    }

    async fn get_denial(
        &self,
        request: Request<pb::GetDenialRequest>,
    ) -> Result<Response<pb::GetDenialResponse>, Status> {
        read!(self.denial(request))
    }

    async fn list_work_items(
        &self,
        request: Request<pb::ListWorkItemsRequest>,
    ) -> Result<Response<pb::ListWorkItemsResponse>, Status> {
        self.redecisions.look(Caller::of(&request)?);
        read!(self.work_items(request))
    }

    async fn get_work_item(
        &self,
        request: Request<pb::GetWorkItemRequest>,
    ) -> Result<Response<pb::GetWorkItemResponse>, Status> {
        self.redecisions.look(Caller::of(&request)?);
        read!(self.work_item(request))
    }

    async fn get_case(
        &self,
        request: Request<pb::GetCaseRequest>,
    ) -> Result<Response<pb::GetCaseResponse>, Status> {
        read!(self.case(request))
    }

    async fn watch_events(
        &self,
        request: Request<pb::WatchEventsRequest>,
    ) -> Result<Response<Events>, Status> {
        read!(self.events(request))
    }

    async fn replay_revision(
        &self,
        request: Request<pb::ReplayRevisionRequest>,
    ) -> Result<Response<pb::ReplayRevisionResponse>, Status> {
        answer!(self, replay_revision(request))
    }

    async fn get_replay(
        &self,
        request: Request<pb::GetReplayRequest>,
    ) -> Result<Response<pb::GetReplayResponse>, Status> {
        answer!(self.replays, replay(request))
    }

    async fn list_signatures(
        &self,
        request: Request<pb::ListSignaturesRequest>,
    ) -> Result<Response<Signatures>, Status> {
        answer!(self.replays, signatures(request))
    }

    async fn get_preview_tally(
        &self,
        request: Request<pb::GetPreviewTallyRequest>,
    ) -> Result<Response<pb::GetPreviewTallyResponse>, Status> {
        read!(self.get_preview_tally(request))
    }

    async fn redecide_work_items(
        &self,
        request: Request<pb::RedecideWorkItemsRequest>,
    ) -> Result<Response<pb::RedecideWorkItemsResponse>, Status> {
        answer!(self, redecide_work_items(request))
    }

    async fn get_redecision(
        &self,
        request: Request<pb::GetRedecisionRequest>,
    ) -> Result<Response<pb::GetRedecisionResponse>, Status> {
        read!(self.get_redecision(request))
    }

    async fn get_job(
        &self,
        request: Request<pb::GetJobRequest>,
    ) -> Result<Response<pb::GetJobResponse>, Status> {
        answer!(self, get_job(request))
    }

    async fn cancel_job(
        &self,
        request: Request<pb::CancelJobRequest>,
    ) -> Result<Response<pb::CancelJobResponse>, Status> {
        answer!(self, cancel_job(request))
    }

    async fn create_queue(
        &self,
        request: Request<pb::CreateQueueRequest>,
    ) -> Result<Response<pb::CreateQueueResponse>, Status> {
        answer!(self.queues, create_queue(request))
    }

    async fn get_queue(
        &self,
        request: Request<pb::GetQueueRequest>,
    ) -> Result<Response<pb::GetQueueResponse>, Status> {
        answer!(self.queues, get_queue(request))
    }

    async fn list_queues(
        &self,
        request: Request<pb::ListQueuesRequest>,
    ) -> Result<Response<pb::ListQueuesResponse>, Status> {
        answer!(self.queues, list_queues(request))
    }

    async fn update_queue(
        &self,
        request: Request<pb::UpdateQueueRequest>,
    ) -> Result<Response<pb::UpdateQueueResponse>, Status> {
        answer!(self.queues, update_queue(request))
    }

    async fn claim_work_item(
        &self,
        request: Request<pb::ClaimWorkItemRequest>,
    ) -> Result<Response<pb::ClaimWorkItemResponse>, Status> {
        answer!(self.queues, claim_work_item(request))
    }

    async fn claim_next_work_item(
        &self,
        request: Request<pb::ClaimNextWorkItemRequest>,
    ) -> Result<Response<pb::ClaimNextWorkItemResponse>, Status> {
        answer!(self.queues, claim_next_work_item(request))
    }

    async fn heartbeat_work_item(
        &self,
        request: Request<pb::HeartbeatWorkItemRequest>,
    ) -> Result<Response<pb::HeartbeatWorkItemResponse>, Status> {
        answer!(self.queues, heartbeat_work_item(request))
    }

    async fn release_work_item(
        &self,
        request: Request<pb::ReleaseWorkItemRequest>,
    ) -> Result<Response<pb::ReleaseWorkItemResponse>, Status> {
        answer!(self.queues, release_work_item(request))
    }

    async fn hand_over_work_item(
        &self,
        request: Request<pb::HandOverWorkItemRequest>,
    ) -> Result<Response<pb::HandOverWorkItemResponse>, Status> {
        answer!(self.queues, hand_over_work_item(request))
    }

    async fn set_follow_up(
        &self,
        request: Request<pb::SetFollowUpRequest>,
    ) -> Result<Response<pb::SetFollowUpResponse>, Status> {
        answer!(self.queues, set_follow_up(request))
    }

    async fn apply_in_bulk(
        &self,
        request: Request<pb::ApplyInBulkRequest>,
    ) -> Result<Response<pb::ApplyInBulkResponse>, Status> {
        answer!(self.queues, apply_in_bulk(request))
    }

    async fn upsert_claim_context(
        &self,
        request: Request<pb::UpsertClaimContextRequest>,
    ) -> Result<Response<pb::UpsertClaimContextResponse>, Status> {
        answer!(self, upsert_claim_context(request))
    }

    async fn get_claim_context(
        &self,
        request: Request<pb::GetClaimContextRequest>,
    ) -> Result<Response<pb::GetClaimContextResponse>, Status> {
        answer!(self.claim_contexts, get_claim_context(request))
    }

    async fn record_payer_status(
        &self,
        request: Request<pb::RecordPayerStatusRequest>,
    ) -> Result<Response<pb::RecordPayerStatusResponse>, Status> {
        answer!(self, record_payer_status(request))
    }

    async fn list_payer_statuses(
        &self,
        request: Request<pb::ListPayerStatusesRequest>,
    ) -> Result<Response<pb::ListPayerStatusesResponse>, Status> {
        answer!(self.payer_statuses, list_payer_statuses(request))
    }

    async fn ask_clarification(
        &self,
        request: Request<pb::AskClarificationRequest>,
    ) -> Result<Response<pb::AskClarificationResponse>, Status> {
        answer!(self.queues, ask_clarification(request))
    }

    async fn answer_clarification(
        &self,
        request: Request<pb::AnswerClarificationRequest>,
    ) -> Result<Response<pb::AnswerClarificationResponse>, Status> {
        answer!(self.queues, answer_clarification(request))
    }

    async fn settle_clarification(
        &self,
        request: Request<pb::SettleClarificationRequest>,
    ) -> Result<Response<pb::SettleClarificationResponse>, Status> {
        answer!(self.queues, settle_clarification(request))
    }

    async fn list_clarifications(
        &self,
        request: Request<pb::ListClarificationsRequest>,
    ) -> Result<Response<pb::ListClarificationsResponse>, Status> {
        answer!(self.queues, list_clarifications(request))
    }

    async fn add_note(
        &self,
        request: Request<pb::AddNoteRequest>,
    ) -> Result<Response<pb::AddNoteResponse>, Status> {
        answer!(self.queues, add_note(request))
    }

    async fn list_timeline(
        &self,
        request: Request<pb::ListTimelineRequest>,
    ) -> Result<Response<pb::ListTimelineResponse>, Status> {
        answer!(self.queues, list_timeline(request))
    }

    async fn watch_queue(
        &self,
        request: Request<pb::WatchQueueRequest>,
    ) -> Result<Response<QueueEvents>, Status> {
        answer!(self.queues, watch_queue(request))
    }

    async fn get_forecast(
        &self,
        request: Request<pb::GetForecastRequest>,
    ) -> Result<Response<pb::GetForecastResponse>, Status> {
        answer!(self.queues, get_forecast(request))
    }

    async fn record_touch(
        &self,
        request: Request<pb::RecordTouchRequest>,
    ) -> Result<Response<pb::RecordTouchResponse>, Status> {
        answer!(self.queues, record_touch(request))
    }

    async fn resolve_work_item(
        &self,
        request: Request<pb::ResolveWorkItemRequest>,
    ) -> Result<Response<pb::ResolveWorkItemResponse>, Status> {
        answer!(self.queues, resolve_work_item(request))
    }

    async fn approve_write_off(
        &self,
        request: Request<pb::ApproveWriteOffRequest>,
    ) -> Result<Response<pb::ApproveWriteOffResponse>, Status> {
        answer!(self.queues, approve_write_off(request))
    }

    async fn undo_resolution(
        &self,
        request: Request<pb::UndoResolutionRequest>,
    ) -> Result<Response<pb::UndoResolutionResponse>, Status> {
        answer!(self.queues, undo_resolution(request))
    }

    async fn reopen_work_item(
        &self,
        request: Request<pb::ReopenWorkItemRequest>,
    ) -> Result<Response<pb::ReopenWorkItemResponse>, Status> {
        answer!(self.queues, reopen_work_item(request))
    }

    async fn create_automation_rule(
        &self,
        request: Request<pb::CreateAutomationRuleRequest>,
    ) -> Result<Response<pb::CreateAutomationRuleResponse>, Status> {
        answer!(self, create_automation_rule(request))
    }

    async fn update_automation_rule(
        &self,
        request: Request<pb::UpdateAutomationRuleRequest>,
    ) -> Result<Response<pb::UpdateAutomationRuleResponse>, Status> {
        answer!(self, update_automation_rule(request))
    }

    async fn list_automation_rules(
        &self,
        request: Request<pb::ListAutomationRulesRequest>,
    ) -> Result<Response<pb::ListAutomationRulesResponse>, Status> {
        answer!(self.automation, list_automation_rules(request))
    }
}
