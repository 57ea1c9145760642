use contracts::identity::v1 as pb;
use domain::tenancy::TenantId;
use platform::access::{Caller, Role};
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::directory::{self, Kind};
use crate::error::Error;
use crate::store::tenants::{self, Quotas, Tenant};
use crate::store::users::{self, User};
use crate::store::{Stamp, tenants::ACTIVE};
use crate::{Identity, fields, render};

/// The only calendar of business days there is.
pub(crate) const US_FEDERAL: &str = "us_federal";
/// Names the work in the new tenant's audit trail.
const DUTY: &str = "identity.create_tenant";

impl Identity {
    /// Creates a tenant with its slug and first administrator.
    ///
    /// The operator's own tenant keeps which ids the request got; the rows are then written under
    /// the new tenant, in one transaction. A repeat after a crash between the two finds the ids
    /// again and writes what is missing.
    pub(crate) async fn create_tenant(
        &self,
        caller: &Caller,
        request: pb::CreateTenantRequest,
    ) -> Result<pb::CreateTenantResponse, Error> {
        let quotas = check(&request)?;
        let once = Once::of(&request.request_id, &request)?;
        let taken = directory::look_up(&self.database, Kind::Tenant, &request.slug, 1).await?;
        let reserved: pb::CreateTenantResponse = self
            .database
            .mutate(caller, once.clone(), move |_| {
                Box::pin(async move {
                    if taken.is_empty() { Ok(reserve()) } else { Err(Error::SlugTaken) }
                })
            })
            .await?;
        let broken = || Fault::Broken("a reserved tenant has no id");
        let id = reserved.tenant.as_ref().and_then(|tenant| Uuid::try_parse(&tenant.id).ok());
        let id = id.ok_or_else(broken)?;
        let admin_id = Uuid::try_parse(&reserved.admin_user_id).map_err(|_| broken())?;
        let duty = Caller::on_duty(TenantId::from_uuid(id), DUTY);
        self.database
            .mutate(&duty, once, move |tx| {
                Box::pin(async move {
                    let stamp = Stamp::new(tx.clock().now());
                    let tenant = tenant_of(&request, id, quotas, stamp);
                    write(tx, &tenant, &admin_of(&request, admin_id, stamp)).await?;
                    Ok(pb::CreateTenantResponse {
                        tenant: Some(render::tenant(tenant)),
                        admin_user_id: admin_id.to_string(),
                    })
                })
            })
            .await
    }
}

fn reserve() -> pb::CreateTenantResponse {
    let id = platform::ids::new().to_string();
    let tenant = Some(pb::Tenant { id, ..pb::Tenant::default() });
    pb::CreateTenantResponse { tenant, admin_user_id: platform::ids::new().to_string() }
}

fn check(request: &pb::CreateTenantRequest) -> Result<Quotas, Fault> {
    let mut violations = Violations::default();
    fields::tenant_slug(&mut violations, "slug", &request.slug);
    violations.text("display_name", &request.display_name, fields::NAME_MAX);
    fields::time_zone(&mut violations, "time_zone", &request.time_zone);
    if !request.holiday_calendar.is_empty() && request.holiday_calendar != US_FEDERAL {
        violations.add("holiday_calendar", "must be us_federal or empty");
    }
    fields::email(&mut violations, "admin_email", &request.admin_email);
    violations.text("admin_display_name", &request.admin_display_name, fields::NAME_MAX);
    let quotas = request.quotas.unwrap_or_default();
    let limits = [
        ("quotas.remittance_bytes_max", quotas.remittance_bytes_max),
        ("quotas.claims_per_day_max", quotas.claims_per_day_max),
        ("quotas.calls_per_second_max", quotas.calls_per_second_max.into()),
        ("quotas.users_max", quotas.users_max.into()),
    ];
    for (field, _) in limits.into_iter().filter(|(_, limit)| *limit < 0) {
        violations.add(field, "must not be negative");
    }
    violations.into_result()?;
    Ok(Quotas {
        remittance_bytes_max: quotas.remittance_bytes_max,
        claims_per_day_max: quotas.claims_per_day_max,
        calls_per_second_max: quotas.calls_per_second_max,
        users_max: quotas.users_max,
    })
}

fn tenant_of(request: &pb::CreateTenantRequest, id: Uuid, quotas: Quotas, stamp: Stamp) -> Tenant {
    Tenant {
        id,
        slug: request.slug.clone(),
        display_name: request.display_name.clone(),
        state: ACTIVE.to_owned(),
        time_zone: request.time_zone.clone(),
        holiday_calendar: US_FEDERAL.to_owned(),
        quotas,
        stamp,
    }
}

fn admin_of(request: &pb::CreateTenantRequest, id: Uuid, stamp: Stamp) -> User {
    User {
        id,
        email: request.admin_email.clone(),
        display_name: request.admin_display_name.clone(),
        roles: vec![Role::TenantAdmin],
        team_ids: Vec::new(),
        facility_ids: Vec::new(),
        state: users::ACTIVE.to_owned(),
        stamp,
    }
}

/// Writes the slug, the tenant and its first user.
pub(crate) async fn write(tx: &TenantTx, tenant: &Tenant, user: &User) -> Result<(), Error> {
    if !directory::enter(tx, Kind::Tenant, &tenant.slug, tenant.id).await? {
        return Err(Error::SlugTaken);
    }
    let is_new = tenants::insert(tx, tenant).await?
        && users::insert(tx, user).await?
        && directory::enter(tx, Kind::User, &users::email_key(&user.email), user.id).await?;
    if is_new { Ok(()) } else { Err(Fault::Broken("a new tenant has rows already").into()) }
}
