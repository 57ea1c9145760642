//! The service on the wire: handlers, and the conversions between messages and the domain.

mod code_set;
mod decision;
mod facts;
mod payer;
mod revision;
mod words;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use tonic::{Request, Response, Status};

use contracts::dictionary::v1 as pb;
use contracts::dictionary::v1::dictionary_service_server::DictionaryService;
use contracts::google::r#type::Date;
use platform::access::Caller;
use platform::rejection::reject;

use crate::Dictionary;

pub(crate) use code_set::code;
pub(crate) use decision::{decision, receipt};
pub(crate) use facts::facts;
pub(crate) use payer::{alias, alias_message, payer};
pub(crate) use revision::revision;
pub(crate) use words::word;

pub(crate) fn timestamp(at: DateTime<Utc>) -> prost_types::Timestamp {
    let nanos = i32::try_from(at.timestamp_subsec_nanos()).unwrap_or_default();
    prost_types::Timestamp { seconds: at.timestamp(), nanos }
}

pub(crate) fn date(day: NaiveDate) -> Date {
    let small = |of: u32| i32::try_from(of).unwrap_or_default();
    Date { year: day.year(), month: small(day.month()), day: small(day.day()) }
}

/// Handlers that take the caller, run the use case and refuse as it does.
macro_rules! handlers {
    ($($rpc:ident: $request:ident -> $response:ident = $use_case:ident;)+) => {
        #[tonic::async_trait]
        impl DictionaryService for Dictionary {
            $(async fn $rpc(
                &self,
                request: Request<pb::$request>,
            ) -> Result<Response<pb::$response>, Status> {
                let caller = Caller::of(&request)?.clone();
                let answer = self.$use_case(&caller, request.into_inner()).await;
                answer.map(Response::new).map_err(reject)
            })+
        }
    };
}

handlers! {
    list_code_sets: ListCodeSetsRequest -> ListCodeSetsResponse = code_sets;
    get_code: GetCodeRequest -> GetCodeResponse = code;
    list_codes: ListCodesRequest -> ListCodesResponse = codes;
    create_payer: CreatePayerRequest -> CreatePayerResponse = create;
    get_payer: GetPayerRequest -> GetPayerResponse = payer;
    list_payers: ListPayersRequest -> ListPayersResponse = payers;
    match_payer: MatchPayerRequest -> MatchPayerResponse = match_aliases;
    add_payer_alias: AddPayerAliasRequest -> AddPayerAliasResponse = add_alias;
    publish_base_dictionary: PublishBaseDictionaryRequest -> PublishBaseDictionaryResponse
        = publish_base;
    get_revision: GetRevisionRequest -> GetRevisionResponse = revision;
    list_revisions: ListRevisionsRequest -> ListRevisionsResponse = revisions;
    get_compiled_revision: GetCompiledRevisionRequest -> GetCompiledRevisionResponse = content;
    decide: DecideRequest -> DecideResponse = decision;
    explain_decision: ExplainDecisionRequest -> ExplainDecisionResponse = explanation;
    verify_receipt: VerifyReceiptRequest -> VerifyReceiptResponse = verification;
}
