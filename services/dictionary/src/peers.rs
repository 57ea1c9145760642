//! Asks peers, in the caller's name, for what governance needs to know.

use std::collections::BTreeSet;

use contracts::dictionary::v1::ReplaySummary;
use contracts::identity::v1 as identity;
use contracts::identity::v1::identity_service_client::IdentityServiceClient;
use contracts::jobs::v1::Job;
use contracts::routing::v1 as routing;
use contracts::routing::v1::routing_service_client::RoutingServiceClient;
use domain_verify::Seen;
use platform::access::Caller;
use platform::rejection::{Fault, Violations};
use platform::wire::Wire;
use tonic::{Code, Request};
use uuid::Uuid;

use crate::Error;

/// The ways to the peers.
#[derive(Clone, Debug)]
pub(crate) struct Peers {
    pub(crate) identity: Wire,
    pub(crate) routing: Wire,
}

/// Rows a page; the most the contracts allow.
const PAGE: i32 = 500;

/// Reads every page of a list and keeps the slugs.
macro_rules! slugs {
    ($name:ident, $rpc:ident, $request:ident $(, $more:ident)?) => {
        /// The slugs of all there are.
        pub(crate) async fn $name(&self, caller: &Caller) -> Result<BTreeSet<String>, Error> {
            let mut identity = IdentityServiceClient::new(self.identity.as_caller(caller));
            let (mut slugs, mut page_token) = (BTreeSet::new(), String::new());
            loop {
                let request = identity::$request {
                    page_size: PAGE,
                    page_token,
                    $($more: String::new(),)?
                };
                let page = identity.$rpc(Request::new(request)).await?.into_inner();
                slugs.extend(page.$name.into_iter().map(|row| row.slug));
                page_token = page.next_page_token;
                if page_token.is_empty() {
                    return Ok(slugs);
                }
            }
        }
    };
}

impl Peers {
    slugs!(teams, list_teams, ListTeamsRequest);
    slugs!(facilities, list_facilities, ListFacilitiesRequest, filter);
    slugs!(service_lines, list_service_lines, ListServiceLinesRequest);

    /// The time zone of the caller's tenant.
    pub(crate) async fn time_zone(&self, caller: &Caller) -> Result<String, Error> {
        let mut identity = IdentityServiceClient::new(self.identity.as_caller(caller));
        let id = caller.tenant().as_uuid().to_string();
        let answer = identity.get_tenant(Request::new(identity::GetTenantRequest { id })).await?;
        let tenant = answer.into_inner().tenant;
        Ok(tenant.ok_or(Fault::Broken("identity answered no tenant"))?.time_zone)
    }

    /// Refuses a committee of people who are not there.
    pub(crate) async fn users_are_there(
        &self,
        caller: &Caller,
        users: BTreeSet<Uuid>,
    ) -> Result<(), Error> {
        let mut identity = IdentityServiceClient::new(self.identity.as_caller(caller));
        let mut violations = Violations::default();
        for id in users {
            let request = identity::GetUserRequest { id: id.to_string() };
            match identity.get_user(Request::new(request)).await {
                Ok(_) => {}
                Err(status) if status.code() == Code::NotFound => {
                    violations.add("committee.seats", format!("the tenant has no user {id}"));
                }
                Err(status) => return Err(status.into()),
            }
        }
        Ok(violations.into_result()?)
    }

    /// Starts a replay of the tenant's history under `draft`, a bundle in canonical form.
    pub(crate) async fn replay(
        &self,
        caller: &Caller,
        base: String,
        draft: Vec<u8>,
    ) -> Result<Job, Error> {
        let request = routing::ReplayRevisionRequest {
            base_revision: base,
            draft_canonical_json: draft,
            ..routing::ReplayRevisionRequest::default()
        };
        let answer = match self.routing(caller).replay_revision(Request::new(request)).await {
            Ok(answer) => answer,
            Err(status) if status.code() == Code::InvalidArgument => {
                let words = "the draft contradicts itself: verify says how";
                return Err(Error::ReplayFailed(words.to_owned()));
            }
            Err(status) => return Err(status.into()),
        };
        Ok(answer.into_inner().job.ok_or(Fault::Broken("routing answered no job"))?)
    }

    /// Has routing bring open work under the active revision.
    pub(crate) async fn redecide(&self, caller: &Caller) -> Result<(), Error> {
        let request = routing::RedecideWorkItemsRequest::default();
        self.routing(caller).redecide_work_items(Request::new(request)).await?;
        Ok(())
    }

    /// What a preview decided so far; nothing was counted before its first denial.
    pub(crate) async fn preview_tally(
        &self,
        caller: &Caller,
        id: Uuid,
    ) -> Result<routing::PreviewTally, Error> {
        let request = routing::GetPreviewTallyRequest { preview_id: id.to_string() };
        match self.routing(caller).get_preview_tally(Request::new(request)).await {
            Ok(answer) => {
                let tally = answer.into_inner().preview_tally;
                Ok(tally.ok_or(Fault::Broken("routing answered no tally"))?)
            }
            Err(status) if status.code() == Code::NotFound => Ok(routing::PreviewTally::default()),
            Err(status) => Err(status.into()),
        }
    }

    /// How far a replay is.
    pub(crate) async fn replay_job(&self, caller: &Caller, id: &str) -> Result<Job, Error> {
        let request = routing::GetJobRequest { id: id.to_owned() };
        let answer = self.routing(caller).get_job(Request::new(request)).await?;
        Ok(answer.into_inner().job.ok_or(Fault::Broken("routing answered no job"))?)
    }

    /// Stops a replay.
    pub(crate) async fn cancel_replay(&self, caller: &Caller, id: &str) -> Result<(), Error> {
        let request =
            routing::CancelJobRequest { id: id.to_owned(), ..routing::CancelJobRequest::default() };
        self.routing(caller).cancel_job(Request::new(request)).await?;
        Ok(())
    }

    /// What a replay came to.
    pub(crate) async fn replay_summary(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<ReplaySummary, Error> {
        let request = routing::GetReplayRequest { id: id.to_owned() };
        let answer = self.routing(caller).get_replay(Request::new(request)).await?;
        Ok(answer.into_inner().replay.ok_or(Fault::Broken("routing answered no replay"))?)
    }

    /// The combinations that the tenant's history holds.
    pub(crate) async fn seen(&self, caller: &Caller) -> Result<Vec<Seen>, Error> {
        let mut seen = Vec::new();
        code_sets::each_signature(&self.routing, caller, |facts, denials, cents| {
            let denials = u64::try_from(denials).unwrap_or_default();
            seen.push(Seen { facts, denials, cents });
        })
        .await?;
        Ok(seen)
    }

    fn routing(&self, caller: &Caller) -> RoutingServiceClient<Wire> {
        RoutingServiceClient::new(self.routing.as_caller(caller))
    }
}
