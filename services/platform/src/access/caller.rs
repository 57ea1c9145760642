use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use http::HeaderValue;
use tokio::time::Instant;
use tonic::{Code, Status};

use super::Role;
use super::claims::Claims;
use crate::rejection::refusal;
use domain::tenancy::TenantId;

/// When the current call must have been answered; an extension of the HTTP request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(pub(crate) Instant);

/// An authenticated caller of one method; cheap to clone.
#[derive(Clone)]
pub struct Caller(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    tenant: TenantId,
    actor: String,
    client_id: String,
    roles: Vec<Role>,
    scopes: Vec<String>,
    rpc: String,
    request_id: String,
    expires_at: Option<DateTime<Utc>>,
    passed_on: Option<PassedOn>,
}

/// What a call to a peer takes along, see [`crate::wire::Wire::as_caller`].
#[derive(Clone)]
pub(crate) struct PassedOn {
    pub(crate) authorization: HeaderValue,
    pub(crate) request_id: HeaderValue,
    pub(crate) deadline: Option<Deadline>,
}

/// What the gate knows of the call besides the token's claims.
pub(super) struct Call {
    pub(super) rpc: String,
    pub(super) request_id: String,
    pub(super) passed_on: PassedOn,
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller")
            .field("tenant", &self.0.tenant)
            .field("actor", &self.0.actor)
            .field("rpc", &self.0.rpc)
            .finish_non_exhaustive()
    }
}

impl Caller {
    /// The caller that the gate put into `request`.
    ///
    /// # Errors
    /// UNAUTHENTICATED when no gate has seen the request, or the method is anonymous.
    pub fn of<T>(request: &tonic::Request<T>) -> Result<&Self, Status> {
        request.extensions().get().ok_or_else(unauthenticated)
    }

    pub(super) fn authenticated(claims: &Claims, call: Call) -> Self {
        Self(Arc::new(Inner {
            tenant: TenantId::from_uuid(claims.tid),
            actor: claims.sub.clone(),
            client_id: claims.client_id.clone(),
            roles: claims.role_set(),
            scopes: claims.scope.split_ascii_whitespace().map(str::to_owned).collect(),
            rpc: call.rpc,
            request_id: call.request_id,
            expires_at: DateTime::from_timestamp(claims.exp, 0),
            passed_on: Some(call.passed_on),
        }))
    }

    /// A caller for work that no request asked for, in `tenant`'s name: timers, and look-ups before
    /// a tenant is known (issuing a token). `duty` names the work and stands in the audit trail.
    ///
    /// It has no role and no token, so it cannot call a peer, but on an [`super::Errand`]. A test
    /// lists who makes one.
    #[must_use]
    pub fn on_duty(tenant: TenantId, duty: &'static str) -> Self {
        Self::on_duty_for(tenant, duty, "on-duty", "")
    }

    /// As [`Caller::on_duty`], on behalf of an `actor` with application `client_id` that have no
    /// token yet: for the steps that give them one, so that the audit trail names them.
    #[must_use]
    pub fn on_duty_for(tenant: TenantId, duty: &'static str, actor: &str, client_id: &str) -> Self {
        Self(Arc::new(Inner {
            tenant,
            actor: actor.to_owned(),
            client_id: client_id.to_owned(),
            roles: Vec::new(),
            scopes: Vec::new(),
            rpc: duty.to_owned(),
            request_id: crate::ids::new().to_string(),
            expires_at: None,
            passed_on: None,
        }))
    }

    /// The same without the deadline of its call: for a task that goes on when the call has been
    /// answered, at most as long as its token.
    #[must_use]
    pub fn outlasting_its_call(&self) -> Self {
        let mut inner = Inner::clone(&self.0);
        if let Some(along) = &mut inner.passed_on {
            along.deadline = None;
        }
        Self(Arc::new(inner))
    }

    /// The same with a token to call peers with.
    pub(super) fn sent_with(&self, authorization: HeaderValue) -> Self {
        let mut inner = Inner::clone(&self.0);
        let request_id = HeaderValue::try_from(&inner.request_id)
            .expect("an id that was made here can stand in a header");
        inner.passed_on = Some(PassedOn { authorization, request_id, deadline: None });
        Self(Arc::new(inner))
    }

    /// The tenant it belongs to.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.0.tenant
    }

    /// Who acts: the token's `sub`, or `on-duty`.
    #[must_use]
    pub fn actor(&self) -> &str {
        &self.0.actor
    }

    /// The application that acts: the token's `client_id`; empty on duty.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.0.client_id
    }

    /// Whether it has `role`; on duty it has none.
    #[must_use]
    pub fn has_role(&self, role: Role) -> bool {
        self.0.roles.contains(&role)
    }

    /// The scopes of its token.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.0.scopes
    }

    /// The method of this call as `/package.Service/Method`, or the name of the duty.
    #[must_use]
    pub fn rpc(&self) -> &str {
        &self.0.rpc
    }

    /// The id of this call in logs, traces and the audit trail.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// When its token ends; nothing on duty.
    #[must_use]
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.expires_at
    }

    pub(crate) fn passed_on(&self) -> Option<&PassedOn> {
        self.0.passed_on.as_ref()
    }
}

/// The one answer to every token that is missing, malformed, forged, foreign or stale.
pub(super) fn unauthenticated() -> Status {
    refusal(Code::Unauthenticated, "UNAUTHENTICATED", "a valid access token is required")
}
