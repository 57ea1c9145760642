use contracts::identity::v1 as pb;
use domain::tenancy::TenantId;
use platform::access::{Caller, Role};
use platform::rejection::{Fault, Violations};

use crate::error::Error;
use crate::store::tenants;
use crate::{Identity, fields, render};

/// Names the work when an operator reads another tenant's row.
const DUTY: &str = "identity.get_tenant";

impl Identity {
    /// Reads the caller's own tenant, or any for an operator.
    pub(crate) async fn get_tenant(
        &self,
        caller: &Caller,
        request: pb::GetTenantRequest,
    ) -> Result<pb::GetTenantResponse, Error> {
        let mut id = caller.tenant().as_uuid();
        if !request.id.is_empty() {
            let mut violations = Violations::default();
            id = fields::id(&mut violations, "id", &request.id);
            violations.into_result()?;
        }
        let tx = if id == caller.tenant().as_uuid() {
            self.database.read(caller).await?
        } else if caller.has_role(Role::Operator) {
            self.database.read(&Caller::on_duty(TenantId::from_uuid(id), DUTY)).await?
        } else {
            return Err(Fault::NotFound.into());
        };
        let tenant = tenants::own(&tx).await?.ok_or(Fault::NotFound)?;
        Ok(pb::GetTenantResponse { tenant: Some(render::tenant(tenant)) })
    }
}
