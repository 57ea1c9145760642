//! What someone at the machine itself may do: tokens without a sign-in, and the first operator.
//!
//! A library for the command line and for tests; no RPC leads here. Tokens are signed only under
//! `identity.local_tokens`, live five minutes, and each is recorded before it is handed out. The
//! operator is there as soon as this service has started once: nobody else could bring the first
//! tenant aboard.

use domain::tenancy::TenantId;
use platform::access::{Caller, Role};
use platform::audit::Ledger;
use platform::config::{ConfigError, Settings};
use platform::keys::Keys;
use platform::rejection::Fault;
use platform::tenant_tx::Database;
use sea_orm::DbErr;
use uuid::Uuid;

use crate::create_tenant::{US_FEDERAL, write};
use crate::directory::{self, Kind};
use crate::error::Error;
use crate::issue_token::AccessToken;
use crate::settings::IdentitySettings;
use crate::signing_keys::SigningKeys;
use crate::store::Stamp;
use crate::store::tenants::{self, Quotas, Tenant};
use crate::store::users::{self, User};

/// The tenant of whoever runs the installation; it holds no hospital's rows.
pub const OPERATOR_TENANT: TenantId =
    TenantId::from_uuid(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));
/// The first user of the operator's tenant.
pub const OPERATOR_USER: Uuid = Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0002);
/// The name of that user, and the slug of that tenant.
pub const OPERATOR: &str = "operator";

/// The `client_id` of tokens that were signed at the machine.
const CLIENT_ID: &str = "overturn-local";
/// How many users of one name are told apart before it is called ambiguous.
const NAMESAKES: u64 = 2;

/// Why no token was signed.
#[derive(Debug, thiserror::Error)]
pub enum NoToken {
    /// Not allowed here.
    #[error("tokens are not signed at this machine; set identity.local_tokens to allow it")]
    Off,
    /// Nobody has that name, or whoever has it may not sign in.
    #[error("there is no active user `{0}`")]
    NoSuchUser(String),
    /// Several tenants have a user of that name.
    #[error("several tenants have a user `{0}`; put the slug of the tenant before it: SLUG/{0}")]
    Ambiguous(String),
    /// The options.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The platform.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<DbErr> for NoToken {
    fn from(error: DbErr) -> Self {
        Self::Fault(error.into())
    }
}

/// Signs a five-minute token for the user with that electronic mail address, which may stand behind
/// the slug of a tenant: `dana@example.org`, `north/dana@example.org`, `operator`.
///
/// # Errors
/// [`NoToken`]; in particular where `identity.local_tokens` is off, as on PostgreSQL unless set.
pub async fn local_token(
    database: &Database,
    keys: &Keys,
    settings: &Settings,
    user_name: &str,
) -> Result<String, NoToken> {
    let own: IdentitySettings = settings.service("identity")?;
    if !own.signs_local_tokens(settings) {
        return Err(NoToken::Off);
    }
    let (tenant, subject) = find(database, user_name).await?;
    let name = subject.to_string();
    let duty = Caller::on_duty_for(tenant, "identity.local_token", &name, CLIENT_ID);
    let tx = database.read(&duty).await?;
    let user = users::find(&tx, subject).await?.filter(|user| user.state == users::ACTIVE);
    let user = user.ok_or_else(|| NoToken::NoSuchUser(user_name.to_owned()))?;
    drop(tx);
    let scope = String::new();
    let token = AccessToken { subject, client_id: CLIENT_ID, tenant, roles: &user.roles, scope };
    let claims = token.claims(&settings.access, database.clock().now());
    let signing_keys = SigningKeys::new(database.clone(), keys.clone(), own.signing_key_days);
    let token = signing_keys.sign(&claims).await?;
    Ledger::new(database.clone()).local(&duty).await?;
    Ok(token)
}

async fn find(database: &Database, user_name: &str) -> Result<(TenantId, Uuid), NoToken> {
    let nobody = || NoToken::NoSuchUser(user_name.to_owned());
    let Some((slug, name)) = user_name.split_once('/') else {
        let key = users::email_key(user_name);
        let found = directory::look_up(database, Kind::User, &key, NAMESAKES).await?;
        return match found.as_slice() {
            [] => Err(nobody()),
            [only] => Ok((only.tenant, only.subject)),
            _ => Err(NoToken::Ambiguous(user_name.to_owned())),
        };
    };
    let found = directory::look_up(database, Kind::Tenant, slug, 1).await?;
    let tenant = found.first().ok_or_else(nobody)?.tenant;
    let key = users::email_key(name);
    let subject = directory::look_up_in(database, tenant, Kind::User, &key).await?;
    Ok((tenant, subject.ok_or_else(nobody)?))
}

/// Makes the operator's tenant and its user [`OPERATOR`] unless they are there.
///
/// # Errors
/// When the database fails.
pub(crate) async fn bootstrap_operator(database: &Database) -> Result<(), Error> {
    let duty = Caller::on_duty(OPERATOR_TENANT, "identity.bootstrap_operator");
    let tx = database.read(&duty).await?;
    if tenants::own(&tx).await?.is_some() {
        return Ok(());
    }
    drop(tx);
    let tx = database.begin(&duty).await?;
    if tenants::own(&tx).await?.is_some() {
        return Ok(());
    }
    let stamp = Stamp::new(tx.clock().now());
    let tenant = Tenant {
        id: OPERATOR_TENANT.as_uuid(),
        slug: OPERATOR.to_owned(),
        display_name: "Operator of the installation".to_owned(),
        state: tenants::ACTIVE.to_owned(),
        time_zone: "UTC".to_owned(),
        holiday_calendar: US_FEDERAL.to_owned(),
        quotas: Quotas::default(),
        stamp,
    };
    let user = User {
        id: OPERATOR_USER,
        email: OPERATOR.to_owned(),
        display_name: "Operator".to_owned(),
        roles: vec![Role::Operator],
        team_ids: Vec::new(),
        facility_ids: Vec::new(),
        state: users::ACTIVE.to_owned(),
        stamp,
    };
    match write(&tx, &tenant, &user).await {
        Ok(()) => Ok(tx.commit().await?),
        // Another process was faster; what it wrote is what we would have.
        Err(Error::SlugTaken) => Ok(()),
        Err(error) => Err(error),
    }
}
