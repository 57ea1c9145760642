//! What this service refuses, and how a refusal looks on the wire.
#![deny(clippy::wildcard_enum_match_arm)]

use std::time::Duration;

use platform::rejection::{Fault, Rejection, Violation};
use sea_orm::DbErr;
use tonic::Code;

/// Why a call was refused; reasons are those of `overturn.identity.v1.Reason`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The platform's own faults.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The client is unknown or its assertion cannot be trusted; nothing says which.
    #[error("the client could not be authenticated")]
    InvalidClient,
    /// The assertion's `jti` was used before.
    #[error("the client assertion was used before; sign a new one")]
    AssertionReplayed,
    /// Only client credentials with a signed assertion are supported.
    #[error("only grant type client_credentials with a JWT bearer client assertion is supported")]
    UnsupportedGrantType,
    /// A scope that the client was not given, or that does not exist.
    #[error("a requested scope was not granted to this client")]
    InvalidScope,
    /// The short name is in use.
    #[error("the slug is in use; choose another")]
    SlugTaken,
    /// A user of this tenant has the address.
    #[error("a user with this electronic mail address exists")]
    EmailTaken,
    /// Another facility of this tenant has the NPI.
    #[error("another facility has one of these NPIs")]
    NpiTaken,
    /// Nobody changes the roles of their own.
    #[error("nobody can change their own roles; ask another administrator")]
    OwnRoles,
    /// A tenant keeps at least one administrator.
    #[error("a tenant keeps at least one administrator; name another one first")]
    LastAdmin,
    /// The public key is of a kind or length that is not accepted.
    #[error("`{0}` holds no acceptable public key for its algorithm")]
    WeakKey(String),
    /// The private part of a key was sent.
    #[error("`{0}` contains a private key; it is burnt, make another and send its public part")]
    PrivateKeySent(String),
    /// A team or facility named in the request does not exist.
    #[error("`{0}` names something that does not exist")]
    UnknownReference(&'static str),
    /// The tenant has as many active users as it may.
    #[error("the tenant has as many active users as its quota users_max allows")]
    UsersExhausted,
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::Fault(error.into())
    }
}

impl Rejection for Error {
    fn code(&self) -> Code {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::InvalidClient | Self::AssertionReplayed => Code::Unauthenticated,
            Self::UnsupportedGrantType
            | Self::InvalidScope
            | Self::WeakKey(_)
            | Self::PrivateKeySent(_)
            | Self::UnknownReference(_) => Code::InvalidArgument,
            Self::SlugTaken | Self::EmailTaken | Self::NpiTaken => Code::AlreadyExists,
            Self::OwnRoles | Self::LastAdmin => Code::FailedPrecondition,
            Self::UsersExhausted => Code::ResourceExhausted,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.reason(),
            Self::InvalidClient => "INVALID_CLIENT",
            Self::AssertionReplayed => "ASSERTION_REPLAYED",
            Self::UnsupportedGrantType => "UNSUPPORTED_GRANT_TYPE",
            Self::InvalidScope => "INVALID_SCOPE",
            Self::SlugTaken => "SLUG_TAKEN",
            Self::EmailTaken => "EMAIL_TAKEN",
            Self::NpiTaken => "NPI_TAKEN",
            Self::OwnRoles => "OWN_ROLES",
            Self::LastAdmin => "LAST_ADMIN",
            Self::WeakKey(_) => "WEAK_KEY",
            Self::PrivateKeySent(_) => "PRIVATE_KEY_SENT",
            Self::UnknownReference(_) => "UNKNOWN_REFERENCE",
            Self::UsersExhausted => "QUOTA_EXCEEDED",
        }
    }

    fn violations(&self) -> &[Violation] {
        if let Self::Fault(fault) = self { fault.violations() } else { &[] }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}
