//! The generated trait: who calls, what is asked, what is answered. Planned methods stay with the
//! generated stubs; the gate answers them.

use contracts::identity::v1 as pb;
use contracts::identity::v1::identity_service_server::IdentityService;
use platform::access::Caller;
use platform::rejection::reject;
use tonic::{Request, Response, Status};

use crate::{Identity, render};

/// How long a key set may be cached, in seconds; half the time a key is published before it signs.
const KEY_SET_SECONDS: i32 = 300;

#[tonic::async_trait]
impl IdentityService for Identity {
    async fn create_tenant(
        &self,
        request: Request<pb::CreateTenantRequest>,
    ) -> Result<Response<pb::CreateTenantResponse>, Status> {
        let caller = Caller::of(&request)?.clone();
        let answer = Self::create_tenant(self, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn get_tenant(
        &self,
        request: Request<pb::GetTenantRequest>,
    ) -> Result<Response<pb::GetTenantResponse>, Status> {
        let caller = Caller::of(&request)?.clone();
        let answer = Self::get_tenant(self, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn create_facility(
        &self,
        request: Request<pb::CreateFacilityRequest>,
    ) -> Result<Response<pb::CreateFacilityResponse>, Status> {
        let caller = Caller::of(&request)?.clone();
        let answer = Self::create_facility(self, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn get_facility(
        &self,
        request: Request<pb::GetFacilityRequest>,
    ) -> Result<Response<pb::GetFacilityResponse>, Status> {
        let caller = Caller::of(&request)?.clone();
        let answer = Self::get_facility(self, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn list_facilities(
        &self,
        request: Request<pb::ListFacilitiesRequest>,
    ) -> Result<Response<pb::ListFacilitiesResponse>, Status> {
        let caller = Caller::of(&request)?.clone();
        let answer = Self::list_facilities(self, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn create_service_line(
        &self,
        request: Request<pb::CreateServiceLineRequest>,
    ) -> Result<Response<pb::CreateServiceLineResponse>, Status> {
        let caller = Caller::of(&request)?.clone();
        let answer = Self::create_service_line(self, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn list_service_lines(
        &self,
        request: Request<pb::ListServiceLinesRequest>,
    ) -> Result<Response<pb::ListServiceLinesResponse>, Status> {
        let caller = Caller::of(&request)?.clone();
        let answer = Self::list_service_lines(self, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn create_team(
        &self,
        request: Request<pb::CreateTeamRequest>,
    ) -> Result<Response<pb::CreateTeamResponse>, Status> {
        let caller = Caller::of(&request)?.clone();
        let answer = Self::create_team(self, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn list_teams(
        &self,
        request: Request<pb::ListTeamsRequest>,
    ) -> Result<Response<pb::ListTeamsResponse>, Status> {
        let caller = Caller::of(&request)?.clone();
        let answer = Self::list_teams(self, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn create_user(
        &self,
        request: Request<pb::CreateUserRequest>,
    ) -> Result<Response<pb::CreateUserResponse>, Status> {
        let caller = Caller::of(&request)?.clone();
        let answer = Self::create_user(self, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn get_user(
        &self,
        request: Request<pb::GetUserRequest>,
    ) -> Result<Response<pb::GetUserResponse>, Status> {
        let caller = Caller::of(&request)?.clone();
        let answer = Self::get_user(self, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn list_users(
        &self,
        request: Request<pb::ListUsersRequest>,
    ) -> Result<Response<pb::ListUsersResponse>, Status> {
        let caller = Caller::of(&request)?.clone();
        let answer = Self::list_users(self, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn assign_roles(
        &self,
        request: Request<pb::AssignRolesRequest>,
    ) -> Result<Response<pb::AssignRolesResponse>, Status> {
        let caller = Caller::of(&request)?.clone();
        let answer = Self::assign_roles(self, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn create_service_account(
        &self,
        request: Request<pb::CreateServiceAccountRequest>,
    ) -> Result<Response<pb::CreateServiceAccountResponse>, Status> {
        let caller = Caller::of(&request)?.clone();
        let answer = Self::create_service_account(self, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn list_service_accounts(
        &self,
        request: Request<pb::ListServiceAccountsRequest>,
    ) -> Result<Response<pb::ListServiceAccountsResponse>, Status> {
        let caller = Caller::of(&request)?.clone();
        let answer = Self::list_service_accounts(self, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn list_audit_events(
        &self,
        request: Request<pb::ListAuditEventsRequest>,
    ) -> Result<Response<pb::ListAuditEventsResponse>, Status> {
        let caller = Caller::of(&request)?.clone();
        let answer = Self::list_audit_events(self, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn issue_token(
        &self,
        request: Request<pb::IssueTokenRequest>,
    ) -> Result<Response<pb::IssueTokenResponse>, Status> {
        let answer = Self::issue_token(self, request.into_inner()).await;
        answer.map(Response::new).map_err(reject)
    }

    async fn get_key_set(
        &self,
        _: Request<pb::GetKeySetRequest>,
    ) -> Result<Response<pb::GetKeySetResponse>, Status> {
        let keys = self.signing_keys.published().await.map_err(reject)?;
        let keys = keys.into_iter().map(render::signing_key).collect();
        Ok(Response::new(pb::GetKeySetResponse { keys, max_age_seconds: KEY_SET_SECONDS }))
    }
}
