//! What letters and packets ask of peers.

use contracts::dictionary::v1 as dictionary;
use contracts::identity::v1 as identity;
use contracts::identity::v1::identity_service_client::IdentityServiceClient;
use contracts::routing::v1 as routing;
use platform::access::Caller;
use platform::rejection::Fault;
use tonic::{Code, Request};
use uuid::Uuid;

use super::{PAGE, Peers};
use crate::Error;

impl Peers {
    /// A claim occurrence, with who it is about.
    pub(crate) async fn occurrence(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<routing::ClaimOccurrence, Error> {
        let request = routing::GetClaimOccurrenceRequest { id: id.to_owned() };
        let answer = self.routing(caller).get_claim_occurrence(Request::new(request)).await?;
        Ok(answer.into_inner().claim_occurrence.unwrap_or_default())
    }

    /// What partner systems know of a claim; nothing where none has said anything.
    pub(crate) async fn context(
        &self,
        caller: &Caller,
        case: &str,
    ) -> Result<routing::ClaimContext, Error> {
        let request = routing::GetClaimContextRequest { case_id: case.to_owned() };
        match self.routing(caller).get_claim_context(Request::new(request)).await {
            Ok(answer) => Ok(answer.into_inner().claim_context.unwrap_or_default()),
            Err(status) if status.code() == Code::NotFound => Ok(Default::default()),
            Err(status) => Err(status.into()),
        }
    }

    /// A facility; nothing where the claim is of none.
    pub(crate) async fn facility(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<Option<identity::Facility>, Error> {
        if id.is_empty() {
            return Ok(None);
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
            if let Some(found) = page.facilities.into_iter().find(|found| found.id == id) {
                return Ok(Some(found));
            }
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(None);
            }
        }
    }

    /// A payer of the directory; nothing where the claim's is not known.
    pub(crate) async fn known_payer(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<Option<dictionary::Payer>, Error> {
        match Uuid::try_parse(id) {
            Ok(id) => self.payer(caller, id).await.map(Some),
            Err(_) => Ok(None),
        }
    }

    /// The bytes of a document on file, at most `most` of them.
    pub(crate) async fn evidence(
        &self,
        caller: &Caller,
        id: Uuid,
        most: u64,
    ) -> Result<Vec<u8>, Error> {
        let request = routing::DownloadEvidenceRequest { id: id.to_string() };
        let answer = self.routing(caller).download_evidence(Request::new(request)).await?;
        let (mut parts, mut bytes) = (answer.into_inner(), Vec::new());
        while let Some(part) = parts.message().await? {
            bytes.extend_from_slice(&part.chunk);
            if bytes.len() as u64 > most {
                return Err(Fault::Broken("a document grew since it was listed").into());
            }
        }
        Ok(bytes)
    }
}
