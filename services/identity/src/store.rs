//! Queries, one function each. Everything takes a transaction that knows its tenant, except
//! [`crate::directory`]'s look-ups and the signing keys, which belong to no tenant.

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
pub(crate) mod entity;

pub(crate) mod facilities;
pub(crate) mod service_accounts;
pub(crate) mod service_lines;
pub(crate) mod signing_keys;
pub(crate) mod teams;
pub(crate) mod tenants;
pub(crate) mod users;

use platform::rejection::Fault;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What every resource carries about its own changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) created_at: chrono::DateTime<chrono::Utc>,
    pub(crate) updated_at: chrono::DateTime<chrono::Utc>,
    pub(crate) version: i64,
}

impl Stamp {
    /// The stamp of a resource made now.
    pub(crate) fn new(now: chrono::DateTime<chrono::Utc>) -> Self {
        Self { created_at: now, updated_at: now, version: 1 }
    }

    /// The etag; it changes with every change of the resource.
    pub(crate) fn etag(self) -> String {
        format!("v{}", self.version)
    }
}

fn to_json<T: Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|_| Fault::Broken("a list cannot be written as JSON"))
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::Broken("a stored list is not JSON"))
}

/// A [`Stamp`] out of a row that has its three columns.
macro_rules! stamp {
    ($row:expr) => {
        $crate::store::Stamp {
            created_at: $row.created_at,
            updated_at: $row.updated_at,
            version: $row.version,
        }
    };
}
use stamp;
