//! Values that can be computed again: in this process, or in Redis for all copies of a service.
//!
//! Nothing whose loss matters lives here, and nothing that a missed deletion would make wrong: a
//! value is named by what it was computed from (a content hash, a revision), or may be stale for
//! its whole time to live. With Redis gone every look-up misses: the product is slower, never
//! wrong. Every key starts with its tenant.

use std::fmt;
use std::time::{Duration, Instant};

use moka::Expiry;
use serde::Deserialize;

use domain::tenancy::TenantId;

mod breaker;
mod redis_store;

use redis_store::RedisStore;

/// Section `cache` of the configuration.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CacheSettings {
    /// `memory`, or `redis://HOST` (a secret when it holds a password: never logged).
    pub url: String,
    /// How long one command may take, in milliseconds.
    pub timeout_ms: u64,
    /// How much the in-process cache holds at most, in bytes.
    pub memory_bytes: u64,
}

impl Default for CacheSettings {
    fn default() -> Self {
        Self { url: "memory".to_owned(), timeout_ms: 100, memory_bytes: 64 * 1024 * 1024 }
    }
}

impl fmt::Debug for CacheSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheSettings")
            .field("kind", &self.url.split(':').next().unwrap_or_default())
            .field("timeout_ms", &self.timeout_ms)
            .finish_non_exhaustive()
    }
}

/// Why the cache cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cache.url must be `memory` or start with redis://")]
pub struct BadCacheUrl;

/// The name of a cached value: a tenant, what it is, and what it was computed from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key(String);

impl Key {
    /// The key of `what` (such as `compiled_revision`) computed from `from`, within `tenant`.
    #[must_use]
    pub fn new(tenant: TenantId, what: &'static str, from: &str) -> Self {
        // Braces: a Redis cluster keeps one tenant's keys in one slot.
        Self(format!("{{{tenant}}}:{what}:{from}"))
    }

    /// The key as stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A cache; clones share it.
#[derive(Clone, Debug)]
pub struct Cache(Store);

#[derive(Clone, Debug)]
enum Store {
    Memory(moka::sync::Cache<Key, Kept>),
    Redis(RedisStore),
}

#[derive(Clone, Debug)]
struct Kept {
    value: Vec<u8>,
    ttl: Duration,
}

struct ByTtl;

impl Expiry<Key, Kept> for ByTtl {
    fn expire_after_create(&self, _: &Key, kept: &Kept, _: Instant) -> Option<Duration> {
        Some(kept.ttl)
    }

    fn expire_after_update(
        &self,
        _: &Key,
        kept: &Kept,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(kept.ttl)
    }
}

impl Cache {
    /// The cache that `settings` names. Redis is not contacted: it may come later, or never.
    ///
    /// # Errors
    /// When the URL is neither of the two kinds.
    pub fn open(settings: &CacheSettings) -> Result<Self, BadCacheUrl> {
        if settings.url == "memory" {
            return Ok(Self(Store::Memory(
                moka::sync::Cache::builder()
                    .max_capacity(settings.memory_bytes)
                    .weigher(|key: &Key, kept: &Kept| {
                        u32::try_from(key.0.len() + kept.value.len()).unwrap_or(u32::MAX)
                    })
                    .expire_after(ByTtl)
                    .build(),
            )));
        }
        let timeout = Duration::from_millis(settings.timeout_ms);
        RedisStore::open(&settings.url, timeout).map(|store| Self(Store::Redis(store)))
    }

    /// The value, if it is there and the store answers in time.
    pub async fn get(&self, key: &Key) -> Option<Vec<u8>> {
        match &self.0 {
            Store::Memory(values) => values.get(key).map(|kept| kept.value),
            Store::Redis(store) => store.get(key.as_str()).await,
        }
    }

    /// Keeps `value` for `ttl`, or not, when the store is away.
    pub async fn set(&self, key: &Key, value: Vec<u8>, ttl: Duration) {
        match &self.0 {
            Store::Memory(values) => values.insert(key.clone(), Kept { value, ttl }),
            Store::Redis(store) => store.set(key.as_str(), value, ttl).await,
        }
    }

    /// Forgets the value, or not, when the store is away.
    pub async fn delete(&self, key: &Key) {
        match &self.0 {
            Store::Memory(values) => values.invalidate(key),
            Store::Redis(store) => store.delete(key.as_str()).await,
        }
    }
}

#[cfg(test)]
mod tests;
