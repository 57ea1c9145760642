use contracts::identity::v1 as pb;
use platform::access::{Caller, Role};
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::error::Error;
use crate::store::users::{self, User};
use crate::store::{Stamp, tenants};
use crate::users::roles_of;
use crate::{Identity, fields, render};

impl Identity {
    /// Gives a user exactly the roles of the request.
    pub(crate) async fn assign_roles(
        &self,
        caller: &Caller,
        request: pb::AssignRolesRequest,
    ) -> Result<pb::AssignRolesResponse, Error> {
        let mut violations = Violations::default();
        let id = fields::id(&mut violations, "user_id", &request.user_id);
        let roles = roles_of(&mut violations, &request.roles);
        if request.etag.is_empty() {
            violations.add("etag", "is required");
        }
        violations.into_result()?;
        if caller.actor() == id.to_string() {
            return Err(Error::OwnRoles);
        }
        let once = Once::of(&request.request_id, &request)?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move {
                    let user = assign(tx, id, roles, &request.etag).await?;
                    Ok(pb::AssignRolesResponse { user: Some(render::user(user)) })
                })
            })
            .await
    }
}

async fn assign(tx: &TenantTx, id: Uuid, roles: Vec<Role>, etag: &str) -> Result<User, Error> {
    // Two administrators who remove one another wait for one another here.
    tenants::lock(tx).await?.ok_or(Fault::NotFound)?;
    let user = users::find(tx, id).await?.ok_or(Fault::NotFound)?;
    if user.stamp.etag() != etag {
        return Err(Fault::StaleEtag.into());
    }
    let stays_admin = roles.contains(&Role::TenantAdmin);
    let was_admin = user.roles.contains(&Role::TenantAdmin);
    if was_admin && !stays_admin && users::count_other_admins(tx, id).await? == 0 {
        return Err(Error::LastAdmin);
    }
    let stamp =
        Stamp { updated_at: tx.clock().now(), version: user.stamp.version + 1, ..user.stamp };
    users::set_roles(tx, id, &roles, stamp).await?;
    Ok(User { roles, stamp, ..user })
}
