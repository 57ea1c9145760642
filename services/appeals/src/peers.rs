//! Asks peers, in the caller's name, for what an appeal rests on.

use std::sync::Arc;

use contracts::dictionary::v1 as dictionary;
use contracts::dictionary::v1::dictionary_service_client::DictionaryServiceClient;
use contracts::identity::v1 as identity;
use contracts::identity::v1::identity_service_client::IdentityServiceClient;
use contracts::routing::v1 as routing;
use contracts::routing::v1::routing_service_client::RoutingServiceClient;
use domain::calendar::Zone;
use domain::dictionary::Compiled;
use platform::Env;
use platform::access::Caller;
use platform::rejection::Fault;
use platform::wire::Wire;
use tokio::task::JoinSet;
use tonic::{Code, Request, Status};
use tracing::Instrument;
use uuid::Uuid;

use crate::Error;
use crate::revisions::{Revisions, compile_aside};

mod papers;

/// Rows a page; the most the contracts allow.
const PAGE: i32 = 500;
/// Questions asked at a time.
const AT_ONCE: usize = 8;
/// The largest message of a peer: a revision.
const MESSAGE_BYTES: usize = 64 << 20;

/// The ways to the peers.
#[derive(Clone, Debug)]
pub(crate) struct Peers {
    dictionary: Wire,
    identity: Wire,
    routing: Wire,
    revisions: Revisions,
}

impl Peers {
    pub(crate) fn new(env: &Env) -> Self {
        Self {
            dictionary: env.peer("dictionary"),
            identity: env.peer("identity"),
            routing: env.peer("routing"),
            revisions: Revisions::default(),
        }
    }

    fn dictionary(&self, caller: &Caller) -> DictionaryServiceClient<Wire> {
        DictionaryServiceClient::new(self.dictionary.as_caller(caller))
            .max_decoding_message_size(MESSAGE_BYTES)
    }

    fn routing(&self, caller: &Caller) -> RoutingServiceClient<Wire> {
        RoutingServiceClient::new(self.routing.as_caller(caller))
            .max_decoding_message_size(MESSAGE_BYTES)
    }

    /// The revision that is active in `caller`'s tenant. Which one that is only the dictionary
    /// says; what is kept spares the content's way.
    pub(crate) async fn active(&self, caller: &Caller) -> Result<Arc<Compiled>, Error> {
        let request = dictionary::GetCompiledRevisionRequest {
            revision: "active".to_owned(),
            known_hash: self.revisions.last_of(caller.tenant()).unwrap_or_default(),
            ..dictionary::GetCompiledRevisionRequest::default()
        };
        let asked = self.dictionary(caller).get_compiled_revision(Request::new(request)).await;
        let answer = match asked {
            Ok(answer) => answer.into_inner(),
            Err(status) if matches!(status.code(), Code::NotFound | Code::FailedPrecondition) => {
                return Err(Error::NoActiveRevision);
            }
            Err(status) => return Err(status.into()),
        };
        let compiled = match self.revisions.get(&answer.hash) {
            Some(kept) => kept,
            None => compile_aside(answer.canonical_json).await.ok_or(Error::UnusableRevision)?,
        };
        if compiled.revision().to_string() != answer.hash {
            return Err(Error::UnusableRevision);
        }
        self.revisions.keep(caller.tenant(), compiled.clone());
        Ok(compiled)
    }

    /// A payer of the directory.
    pub(crate) async fn payer(
        &self,
        caller: &Caller,
        id: Uuid,
    ) -> Result<dictionary::Payer, Error> {
        let request = dictionary::GetPayerRequest { id: id.to_string() };
        let answer = self.dictionary(caller).get_payer(Request::new(request)).await?;
        Ok(answer.into_inner().payer.unwrap_or_default())
    }

    /// Denials with their receipts, in the order they were asked for.
    pub(crate) async fn denials(
        &self,
        caller: &Caller,
        ids: &[Uuid],
    ) -> Result<Vec<routing::Denial>, Error> {
        let ask = |id: Uuid| {
            let mut routing = self.routing(caller);
            async move {
                let request = routing::GetDenialRequest { id: id.to_string() };
                let answer = routing.get_denial(Request::new(request)).await?;
                Ok::<_, Error>(answer.into_inner().denial.unwrap_or_default())
            }
        };
        let asked: Vec<_> = ids.iter().map(|id| ask(*id)).collect();
        side_by_side(asked).await?.into_iter().collect()
    }

    /// What must be on file for an item, and whether it is.
    pub(crate) async fn checklist(
        &self,
        caller: &Caller,
        work_item: &str,
    ) -> Result<Vec<routing::EvidenceItem>, Error> {
        let request = routing::GetWorkItemRequest { id: work_item.to_owned() };
        let answer = self.routing(caller).get_work_item(Request::new(request)).await?;
        Ok(answer.into_inner().work_item.unwrap_or_default().evidence)
    }

    /// Every document on file for a case.
    pub(crate) async fn documents(
        &self,
        caller: &Caller,
        case: Uuid,
    ) -> Result<Vec<routing::EvidenceDocument>, Error> {
        let mut routing = self.routing(caller);
        let (mut documents, mut page_token) = (Vec::new(), String::new());
        loop {
            let case_id = case.to_string();
            let request = routing::ListEvidenceRequest {
                case_id,
                page_size: PAGE,
                page_token,
                include_withdrawn: false,
            };
            let page = routing.list_evidence(Request::new(request)).await?.into_inner();
            documents.extend(page.documents);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(documents);
            }
        }
    }

    /// Every denial of a case, without receipts; none of a case that nobody has.
    pub(crate) async fn denials_of_case(
        &self,
        caller: &Caller,
        case: Uuid,
    ) -> Result<Vec<routing::Denial>, Error> {
        Ok(self.denials_where(caller, &format!("case_id = \"{case}\""), usize::MAX).await?)
    }

    /// The denials that a filter of routing's names, without receipts; of very many some `limit`.
    pub(crate) async fn denials_where(
        &self,
        caller: &Caller,
        filter: &str,
        limit: usize,
    ) -> Result<Vec<routing::Denial>, Status> {
        let mut routing = self.routing(caller);
        let (mut denials, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = routing::ListDenialsRequest {
                page_size: PAGE,
                page_token,
                filter: filter.to_owned(),
                ..routing::ListDenialsRequest::default()
            };
            let page = routing.list_denials(Request::new(request)).await?.into_inner();
            denials.extend(page.denials);
            page_token = page.next_page_token;
            if page_token.is_empty() || denials.len() >= limit {
                return Ok(denials);
            }
        }
    }

    /// Where a payer's days end: its own zone, else that of the facility, else Eastern time; as
    /// routing has it, so that both count alike.
    pub(crate) async fn zone(
        &self,
        caller: &Caller,
        payer: &dictionary::Payer,
        facility: &str,
    ) -> Result<Zone, Error> {
        if let Ok(zone) = payer.time_zone.parse() {
            return Ok(zone);
        }
        let mut identity = IdentityServiceClient::new(self.identity.as_caller(caller));
        let mut page_token = String::new();
        loop {
            let request = identity::ListFacilitiesRequest {
                page_size: PAGE,
                page_token,
                ..identity::ListFacilitiesRequest::default()
            };
            let page = identity.list_facilities(Request::new(request)).await?.into_inner();
            if let Some(found) = page.facilities.iter().find(|found| found.id == facility) {
                return Ok(found.time_zone.parse().unwrap_or(Zone::EASTERN));
            }
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(Zone::EASTERN);
            }
        }
    }
}

/// Asks some at a time, and answers in their order. Each asks in a task of its own: peers may run
/// in this process, and a task holds one transaction at most.
pub(crate) async fn side_by_side<T, F>(asked: Vec<F>) -> Result<Vec<T>, Fault>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut answers: Vec<(usize, T)> = Vec::with_capacity(asked.len());
    let mut asking = JoinSet::new();
    let ended = |ended: Option<Result<(usize, T), _>>| {
        ended.and_then(Result::ok).ok_or(Fault::Broken("a question to a peer panicked"))
    };
    for (at, ask) in asked.into_iter().enumerate() {
        if asking.len() == AT_ONCE {
            answers.push(ended(asking.join_next().await)?);
        }
        asking.spawn(async move { (at, ask.await) }.in_current_span());
    }
    while !asking.is_empty() {
        answers.push(ended(asking.join_next().await)?);
    }
    answers.sort_unstable_by_key(|(at, _)| *at);
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}
