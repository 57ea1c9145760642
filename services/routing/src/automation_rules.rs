//! Rules of automation meet what peers say: the limits in force, and where the tenant's days end.

use automation::Said;
use contracts::identity::v1::GetTenantRequest;
use contracts::identity::v1::identity_service_client::IdentityServiceClient;
use contracts::routing::v1::{
    CreateAutomationRuleRequest, CreateAutomationRuleResponse, UpdateAutomationRuleRequest,
    UpdateAutomationRuleResponse,
};
use platform::access::Caller;
use platform::rejection::Fault;
use tonic::Request;

use crate::{Error, Routing};

impl Routing {
    pub(crate) async fn create_automation_rule(
        &self,
        caller: &Caller,
        request: CreateAutomationRuleRequest,
    ) -> Result<CreateAutomationRuleResponse, Error> {
        let said = self.said(caller).await?;
        Ok(self.automation.create_automation_rule(caller, request, said).await?)
    }

    pub(crate) async fn update_automation_rule(
        &self,
        caller: &Caller,
        request: UpdateAutomationRuleRequest,
    ) -> Result<UpdateAutomationRuleResponse, Error> {
        let said = self.said(caller).await?;
        Ok(self.automation.update_automation_rule(caller, request, said).await?)
    }

    async fn said(&self, caller: &Caller) -> Result<Said, Error> {
        let active = self.peers.active(caller, &self.revisions).await?;
        let mut identity = IdentityServiceClient::new(self.peers.identity.as_caller(caller));
        let id = caller.tenant().as_uuid().to_string();
        let answer = identity.get_tenant(Request::new(GetTenantRequest { id })).await?;
        let tenant = answer.into_inner().tenant;
        let tenant = tenant.ok_or(Fault::Broken("identity answered no tenant"))?;
        Ok(Said {
            revision: active.revision.hash().to_owned(),
            canonical: active.revision.canonical().to_vec(),
            activated_at: active.since,
            limits: active.revision.compiled().bundle().automation_limits.clone(),
            time_zone: tenant.time_zone,
        })
    }
}
