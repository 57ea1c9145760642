//! Who is who: tenants and their facilities, service lines, teams, users and partner applications,
//! the tokens these get, and the record of what was done.
//!
//! Invariants: a name is looked up before a tenant is known in `directory` alone; an assertion
//! gets a token once; private keys are stored sealed and never leave this crate; nobody changes
//! their own roles. Absent: patient data, sign-in of people, the life of a tenant after its birth.

mod assertion;
mod assign_roles;
mod audit_events;
mod create_tenant;
mod directory;
mod error;
mod facilities;
mod fields;
mod get_tenant;
mod grpc;
mod issue_token;
mod listing;
pub mod local;
mod public_key;
mod render;
mod service_accounts;
mod service_lines;
mod settings;
mod signing_keys;
mod store;
mod teams;
mod users;

use contracts::identity::v1::identity_service_server::IdentityServiceServer;
use futures::future::BoxFuture;
use platform::access::Policy;
use platform::config::AccessSettings;
use platform::keys::Keys;
use platform::tenant_tx::Database;
use platform::{Env, Mounted, StartError};

pub use error::Error;
pub use settings::IdentitySettings;
pub use signing_keys::SigningKeys;

/// The service; every use case is a method in a file of its own.
#[derive(Debug)]
pub struct Identity {
    database: Database,
    keys: Keys,
    policy: Policy,
    access: AccessSettings,
    settings: IdentitySettings,
    assertion_audience: String,
    signing_keys: SigningKeys,
}

/// Joins a process, making the first signing key and the operator if there is none.
#[must_use]
pub fn mount(env: Env) -> BoxFuture<'static, Result<Mounted, StartError>> {
    Box::pin(async move {
        let settings: IdentitySettings = env.settings("identity")?;
        let access = env.options().access.clone();
        let (database, keys) = (env.database().clone(), env.keys().clone());
        let signing_keys =
            SigningKeys::new(database.clone(), keys.clone(), settings.signing_key_days);
        signing_keys
            .prepare()
            .await
            .map_err(|fault| StartError::Service("identity", Box::new(fault)))?;
        local::bootstrap_operator(&database)
            .await
            .map_err(|error| StartError::Service("identity", Box::new(error)))?;
        let identity = Identity {
            database,
            keys,
            policy: Policy::load()?,
            assertion_audience: settings.audience_of_assertions(&access),
            access,
            settings,
            signing_keys,
        };
        Ok(Mounted::new("identity").grpc(IdentityServiceServer::new(identity)))
    })
}

#[cfg(test)]
mod tests;
