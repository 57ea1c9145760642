//! The service on the wire: the caller, one call, one conversion of the refusal.

use contracts::appeals::v1 as pb;
use contracts::appeals::v1::appeals_service_server::AppealsService;
use platform::access::Caller;
use platform::rejection::reject;
use tonic::{Request, Response, Status, Streaming};

use crate::Appeals;
use crate::download_document::Chunks;
use crate::watch_events::Events;

macro_rules! handlers {
    ($($rpc:ident: $request:ident -> $response:ident;)+) => {
        #[tonic::async_trait]
        impl AppealsService for Appeals {
            $(async fn $rpc(
                &self,
                request: Request<pb::$request>,
            ) -> Result<Response<pb::$response>, Status> {
                let caller = Caller::of(&request)?.clone();
                let answer = Appeals::$rpc(self, &caller, request.into_inner()).await;
                answer.map(Response::new).map_err(reject)
            })+

            async fn upload_document(
                &self,
                request: Request<Streaming<pb::UploadDocumentRequest>>,
            ) -> Result<Response<pb::UploadDocumentResponse>, Status> {
                let caller = Caller::of(&request)?.clone();
                let answer = Appeals::upload_document(self, &caller, request.into_inner()).await;
                answer.map(Response::new).map_err(reject)
            }

            async fn download_document(
                &self,
                request: Request<pb::DownloadDocumentRequest>,
            ) -> Result<Response<Chunks>, Status> {
                let caller = Caller::of(&request)?.clone();
                let chunks = Appeals::download_document(self, &caller, request.into_inner()).await;
                chunks.map(Response::new).map_err(reject)
            }

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
    create_appeal: CreateAppealRequest -> CreateAppealResponse;
    override_stop: OverrideStopRequest -> OverrideStopResponse;
    get_appeal: GetAppealRequest -> GetAppealResponse;
    list_appeals: ListAppealsRequest -> ListAppealsResponse;
    update_appeal: UpdateAppealRequest -> UpdateAppealResponse;
    list_levels: ListLevelsRequest -> ListLevelsResponse;
    withdraw_appeal: WithdrawAppealRequest -> WithdrawAppealResponse;
    request_sign_off: RequestSignOffRequest -> RequestSignOffResponse;
    sign_off_appeal: SignOffAppealRequest -> SignOffAppealResponse;
    create_appeal_batch: CreateAppealBatchRequest -> CreateAppealBatchResponse;
    get_appeal_batch: GetAppealBatchRequest -> GetAppealBatchResponse;
    get_job: GetJobRequest -> GetJobResponse;
    cancel_job: CancelJobRequest -> CancelJobResponse;
    submit_appeal: SubmitAppealRequest -> SubmitAppealResponse;
    acknowledge_appeal: AcknowledgeAppealRequest -> AcknowledgeAppealResponse;
    return_appeal: ReturnAppealRequest -> ReturnAppealResponse;
    record_outcome: RecordOutcomeRequest -> RecordOutcomeResponse;
    record_peer_to_peer: RecordPeerToPeerRequest -> RecordPeerToPeerResponse;
    list_peer_to_peers: ListPeerToPeersRequest -> ListPeerToPeersResponse;
    list_outcome_statistics: ListOutcomeStatisticsRequest -> ListOutcomeStatisticsResponse;
    list_documents: ListDocumentsRequest -> ListDocumentsResponse;
    render_batch_letters: RenderBatchLettersRequest -> RenderBatchLettersResponse;
    render_letter: RenderLetterRequest -> RenderLetterResponse;
    preview_template: PreviewTemplateRequest -> PreviewTemplateResponse;
    assemble_packet: AssemblePacketRequest -> AssemblePacketResponse;
    get_packet: GetPacketRequest -> GetPacketResponse;
}
