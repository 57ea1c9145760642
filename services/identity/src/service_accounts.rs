use chrono::{DateTime, Utc};
use contracts::identity::v1 as pb;
use platform::access::{Caller, Policy, Role};
use platform::clock;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use uuid::Uuid;

use crate::directory::{self, Kind};
use crate::error::Error;
use crate::listing::Listing;
use crate::public_key::{Algorithm, PublicKey, Unacceptable};
use crate::store::Stamp;
use crate::store::service_accounts::{self, AccountKey, ServiceAccount};
use crate::{Identity, fields, render};

/// The most keys of one application.
const KEYS_MAX: usize = 10;
/// The most scopes of one application.
const SCOPES_MAX: usize = 200;
/// The longest key id, in characters.
const KID_MAX: usize = 128;

impl Identity {
    /// Registers an application with its public keys and scopes.
    pub(crate) async fn create_service_account(
        &self,
        caller: &Caller,
        request: pb::CreateServiceAccountRequest,
    ) -> Result<pb::CreateServiceAccountResponse, Error> {
        let mut violations = Violations::default();
        violations.text("display_name", &request.display_name, fields::NAME_MAX);
        let keys = keys_of(&mut violations, &request.keys)?;
        if request.scopes.len() > SCOPES_MAX {
            violations.add("scopes", format!("has more than {SCOPES_MAX} items"));
        }
        violations.into_result()?;
        let scopes = scopes_of(&self.policy, &request.scopes)?;
        let once = Once::of(&request.request_id, &request)?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move {
                    let id = platform::ids::new();
                    let account = ServiceAccount {
                        id,
                        client_id: format!("app-{}", id.simple()),
                        display_name: request.display_name,
                        keys,
                        scopes,
                        state: service_accounts::ACTIVE.to_owned(),
                        stamp: Stamp::new(tx.clock().now()),
                    };
                    let is_new = directory::enter(tx, Kind::Client, &account.client_id, id).await?
                        && service_accounts::insert(tx, &account).await?;
                    if !is_new {
                        return Err(Fault::Broken("a new client id is in use").into());
                    }
                    let service_account = Some(render::service_account(account));
                    Ok(pb::CreateServiceAccountResponse { service_account })
                })
            })
            .await
    }

    /// Lists applications by id.
    pub(crate) async fn list_service_accounts(
        &self,
        caller: &Caller,
        request: pb::ListServiceAccountsRequest,
    ) -> Result<pb::ListServiceAccountsResponse, Error> {
        let (size, token) = (request.page_size, &request.page_token);
        let listing = Listing::of(&self.keys, caller, size, token, "")?;
        let after = listing.after.as_deref().map(Uuid::try_parse).transpose();
        let after = after.map_err(|_| Fault::PageToken)?;
        let tx = self.database.read(caller).await?;
        let mut rows = service_accounts::page(&tx, after, listing.limit()).await?;
        let next_page_token = listing.cut(&mut rows, |account| account.id.to_string());
        let service_accounts = rows.into_iter().map(render::service_account).collect();
        Ok(pb::ListServiceAccountsResponse { service_accounts, next_page_token })
    }
}

/// The different scopes asked for, sorted; each must be a permission open to applications.
fn scopes_of(policy: &Policy, scopes: &[String]) -> Result<Vec<String>, Error> {
    let methods = policy.methods();
    let open = |scope: &String| {
        methods
            .values()
            .filter_map(|method| method.rule.as_deref())
            .any(|rule| rule.permission == *scope && rule.roles.contains(&Role::Partner))
    };
    if !scopes.iter().all(open) {
        return Err(Error::InvalidScope);
    }
    let mut scopes = scopes.to_vec();
    scopes.sort_unstable();
    scopes.dedup();
    Ok(scopes)
}

fn keys_of(violations: &mut Violations, keys: &[pb::PublicKey]) -> Result<Vec<AccountKey>, Error> {
    if !(1..=KEYS_MAX).contains(&keys.len()) {
        violations.add("keys", format!("must have 1 to {KEYS_MAX} items"));
        return Ok(Vec::new());
    }
    let mut read: Vec<AccountKey> = Vec::with_capacity(keys.len());
    for (at, key) in keys.iter().enumerate() {
        let field = format!("keys[{at}]");
        violations.text(&format!("{field}.kid"), &key.kid, KID_MAX);
        if read.iter().any(|other| other.kid == key.kid) {
            violations.add(format!("{field}.kid"), "is there twice");
        }
        if let Some(key) = key_of(violations, &field, key)? {
            read.push(key);
        }
    }
    Ok(read)
}

/// One key; a private or a weak one ends the call at once, under its own reason.
fn key_of(
    violations: &mut Violations,
    field: &str,
    key: &pb::PublicKey,
) -> Result<Option<AccountKey>, Error> {
    let expires_at = expiry(violations, field, key);
    let Some(algorithm) = Algorithm::named(&key.algorithm) else {
        let known = "must be EdDSA, ES256, ES384, RS256 or RS384";
        violations.add(format!("{field}.algorithm"), known);
        return Ok(None);
    };
    let public = match &key.key {
        None => {
            violations.add(field, "must have a jwk or a pem");
            return Ok(None);
        }
        Some(pb::public_key::Key::Jwk(text)) => PublicKey::from_jwk(algorithm, text),
        Some(pb::public_key::Key::Pem(text)) => PublicKey::from_pem(algorithm, text),
    };
    let public = public.map_err(|why| match why {
        Unacceptable::Weak => Error::WeakKey(field.to_owned()),
        Unacceptable::Private => Error::PrivateKeySent(field.to_owned()),
    })?;
    let jwk = public.to_jwk(&key.kid);
    Ok(Some(AccountKey { kid: key.kid.clone(), algorithm, jwk, expires_at }))
}

fn expiry(violations: &mut Violations, field: &str, key: &pb::PublicKey) -> Option<DateTime<Utc>> {
    let instant = clock::instant(key.expires_at?);
    if instant.is_none() {
        violations.add(format!("{field}.expires_at"), "is no instant");
    }
    instant
}
