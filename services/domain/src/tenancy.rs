//! Whose rows these are.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// One tenant: a hospital group whose rows nobody else sees.
///
/// It says nothing about rights; only platform decides which tenant a caller acts for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenantId(Uuid);

impl TenantId {
    /// Wraps an id that a directory or a token states.
    pub const fn from_uuid(id: Uuid) -> Self {
        Self(id)
    }

    /// The id itself.
    pub const fn as_uuid(self) -> Uuid {
        self.0
    }
}

impl fmt::Debug for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TenantId({})", self.0)
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// A text that is not the hyphenated, lowercase form of a UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a tenant id is a hyphenated, lowercase UUID")]
pub struct NotATenantId;

impl FromStr for TenantId {
    type Err = NotATenantId;

    /// Reads only the form [`Display`](fmt::Display) writes, so that an id has one spelling.
    fn from_str(text: &str) -> Result<Self, NotATenantId> {
        let id = Uuid::try_parse(text).map_err(|_| NotATenantId)?;
        let tenant = Self(id);
        if tenant.to_string() == text { Ok(tenant) } else { Err(NotATenantId) }
    }
}

#[cfg(test)]
mod tests;
