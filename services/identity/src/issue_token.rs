use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use contracts::identity::v1 as pb;
use domain::tenancy::TenantId;
use platform::access::{Caller, Claims, Role, role_name};
use platform::config::AccessSettings;
use platform::idempotency::Once;
use uuid::Uuid;

use crate::Identity;
use crate::assertion::{Assertion, Believed};
use crate::directory::{self, Found, Kind};
use crate::error::Error;
use crate::public_key::PublicKey;
use crate::store::service_accounts::{self, ServiceAccount};
use crate::store::tenants;

/// The life of every access token, in seconds.
const LIFE_SECONDS: i32 = 300;
/// Names the work in the tenant's audit trail.
const DUTY: &str = "identity.issue_token";
const GRANT_TYPE: &str = "client_credentials";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How long the use of an assertion is remembered after the assertion ended, in seconds.
const REMEMBERED_SECONDS: i64 = 600;

impl Identity {
    /// Gives an application a token for a signed assertion, once (RFC 6749 4.4, RFC 7523).
    ///
    /// Whatever is wrong with the client or its assertion, the answer is the same.
    pub(crate) async fn issue_token(
        &self,
        request: pb::IssueTokenRequest,
    ) -> Result<pb::IssueTokenResponse, Error> {
        if request.grant_type != GRANT_TYPE || request.client_assertion_type != ASSERTION_TYPE {
            return Err(Error::UnsupportedGrantType);
        }
        let assertion = Assertion::read(&request.client_assertion).ok_or(Error::InvalidClient)?;
        let client_id = assertion.client_id();
        if !request.client_id.is_empty() && request.client_id != client_id {
            return Err(Error::InvalidClient);
        }
        let found = directory::look_up(&self.database, Kind::Client, client_id, 1).await?;
        let Found { tenant, subject } = *found.first().ok_or(Error::InvalidClient)?;
        let duty = Caller::on_duty_for(tenant, DUTY, &subject.to_string(), client_id);
        let now = self.database.clock().now();
        let account = self.account(&duty, subject).await?;
        let believed = self.believe(&account, &assertion, now)?;
        let scope = narrow(&account.scopes, &request.scope)?;
        self.use_up(&duty, subject, believed, now).await?;
        let claims = AccessToken {
            subject,
            client_id,
            tenant,
            roles: &[Role::Partner],
            scope: scope.clone(),
        }
        .claims(&self.access, now);
        Ok(pb::IssueTokenResponse {
            access_token: self.signing_keys.sign(&claims).await?,
            token_type: "Bearer".to_owned(),
            expires_in_seconds: LIFE_SECONDS,
            scope,
        })
    }

    /// The active application of an active tenant.
    async fn account(&self, duty: &Caller, subject: Uuid) -> Result<ServiceAccount, Error> {
        let tx = self.database.read(duty).await?;
        let tenant = tenants::own(&tx).await?.ok_or(Error::InvalidClient)?;
        let account = service_accounts::find(&tx, subject).await?.ok_or(Error::InvalidClient)?;
        if tenant.state == tenants::ACTIVE && account.state == service_accounts::ACTIVE {
            Ok(account)
        } else {
            Err(Error::InvalidClient)
        }
    }

    /// What the assertion proves, if the account's key of that name signed it. The log says why it
    /// proves nothing; no word of the assertion's own goes there.
    fn believe(
        &self,
        account: &ServiceAccount,
        assertion: &Assertion<'_>,
        now: DateTime<Utc>,
    ) -> Result<Believed, Error> {
        let refused = |why: &dyn std::fmt::Display| {
            tracing::warn!(
                client.id = account.client_id,
                %why,
                aud.wanted = self.assertion_audience,
                "a client assertion was refused"
            );
            Error::InvalidClient
        };
        let key = account
            .keys
            .iter()
            .find(|key| key.kid == assertion.kid())
            .filter(|key| key.expires_at.is_none_or(|at| at > now))
            .ok_or_else(|| refused(&"kid names no current key of the client"))?;
        let public = PublicKey::from_jwk(key.algorithm, &key.jwk)
            .map_err(|_| refused(&"the registered key cannot be read"))?;
        assertion
            .check(key.algorithm, &public, &self.assertion_audience, now)
            .map_err(|why| refused(&why))
    }

    /// Uses the assertion up: of all parallel twins exactly one gets through, by a unique row.
    async fn use_up(
        &self,
        duty: &Caller,
        subject: Uuid,
        believed: Believed,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let once = Once::of("", &())?;
        let long_ago = now - TimeDelta::seconds(REMEMBERED_SECONDS);
        self.database
            .mutate(duty, once, move |tx| {
                Box::pin(async move {
                    let Believed { jti, expires_at } = believed;
                    if !service_accounts::use_assertion(tx, subject, &jti, expires_at).await? {
                        return Err(Error::AssertionReplayed);
                    }
                    service_accounts::forget_assertions(tx, subject, long_ago).await?;
                    Ok(())
                })
            })
            .await
    }
}

/// The scopes to give: those asked for, all of which the client must have, or all it has.
fn narrow(granted: &[String], asked: &str) -> Result<String, Error> {
    let asked: BTreeSet<&str> = asked.split_ascii_whitespace().collect();
    if asked.is_empty() {
        return Ok(granted.join(" "));
    }
    if asked.iter().any(|scope| !granted.iter().any(|has| has == scope)) {
        return Err(Error::InvalidScope);
    }
    Ok(asked.into_iter().collect::<Vec<_>>().join(" "))
}

/// What an access token says about its bearer.
pub(crate) struct AccessToken<'a> {
    pub(crate) subject: Uuid,
    pub(crate) client_id: &'a str,
    pub(crate) tenant: TenantId,
    pub(crate) roles: &'a [Role],
    pub(crate) scope: String,
}

impl AccessToken<'_> {
    /// The claims of a token that begins now.
    pub(crate) fn claims(self, access: &AccessSettings, now: DateTime<Utc>) -> Claims {
        let now = now.timestamp();
        Claims {
            iss: access.issuer.clone(),
            aud: access.audience.clone(),
            sub: self.subject.to_string(),
            client_id: self.client_id.to_owned(),
            jti: platform::ids::new().to_string(),
            iat: now,
            nbf: now,
            exp: now + i64::from(LIFE_SECONDS),
            tid: self.tenant.as_uuid(),
            roles: self.roles.iter().map(|role| role_name(*role)).collect(),
            scope: self.scope,
        }
    }
}

#[cfg(test)]
mod tests;
