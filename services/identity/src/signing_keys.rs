//! Our own signing keys: made at first start, rotated by age, published while their tokens live.
//!
//! A generation's place is a row that only one process can insert, so that two processes that start
//! at once agree. What signs and what is published follows from the rows and the time alone: the
//! next key is published [`LEAD_SECONDS`] before it signs, so that verifiers know it by then.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use platform::access::Claims;
use platform::access::tokens::{Signer, generate_signing_key};
use platform::keys::Keys;
use platform::rejection::Fault;
use platform::tenant_tx::Database;
use tokio::sync::RwLock;

use crate::store::signing_keys::{StoredKey, insert, newest};

/// How long a key is published before it signs, in seconds: twice what verifiers remember.
const LEAD_SECONDS: i64 = 600;
/// How long a key is published after the next one took over, in seconds: a token's life, and some.
const RETIRED_SECONDS: i64 = 420;
/// How long the rows are remembered, in seconds.
const FRESH_SECONDS: i64 = 30;
/// How many generations can matter at once.
const GENERATIONS: u64 = 8;
/// What the private keys are sealed for.
const PURPOSE: &str = "identity signing key";

/// The keys of this installation; clones share what was loaded.
#[derive(Clone, Debug)]
pub struct SigningKeys(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    database: Database,
    keys: Keys,
    days: u32,
    ring: RwLock<Option<Arc<Ring>>>,
}

/// What was loaded: the newest generations, the newest first, and the signer of the active one.
#[derive(Debug)]
struct Ring {
    loaded_at: DateTime<Utc>,
    stored: Vec<StoredKey>,
    signer: Signer,
}

impl SigningKeys {
    /// The keys in `database`, sealed under `keys`, that are followed after `days` days.
    #[must_use]
    pub fn new(database: Database, keys: Keys, days: u32) -> Self {
        Self(Arc::new(Inner { database, keys, days, ring: RwLock::default() }))
    }

    /// Makes sure that there is a key and that this process can use it.
    ///
    /// # Errors
    /// When the database fails, or the keys were sealed under another master key.
    pub async fn prepare(&self) -> Result<(), Fault> {
        self.ring().await.map(drop)
    }

    /// Makes the next key, unless there is one that does not sign yet, and answers its key id. It
    /// is published at once and signs ten minutes later.
    ///
    /// # Errors
    /// As [`SigningKeys::prepare`].
    pub async fn rotate(&self) -> Result<String, Fault> {
        let now = self.0.database.clock().now();
        let stored = self.load().await?;
        let newest = stored.first().ok_or(Fault::Broken("a loaded key ring is empty"))?;
        if newest.signs_from <= now {
            let signs_from = now + TimeDelta::seconds(LEAD_SECONDS);
            self.make(newest.generation + 1, signs_from, now).await?;
        }
        *self.0.ring.write().await = None;
        let ring = self.ring().await?;
        Ok(ring.stored.first().map(|key| key.kid.clone()).unwrap_or_default())
    }

    /// Signs `claims` with the active key.
    pub(crate) async fn sign(&self, claims: &Claims) -> Result<String, Fault> {
        Ok(self.ring().await?.signer.sign(claims))
    }

    /// The key ids and public keys to publish, the newest first.
    pub(crate) async fn published(&self) -> Result<Vec<(String, String)>, Fault> {
        let ring = self.ring().await?;
        let now = self.0.database.clock().now();
        Ok(published(&ring.stored, now)
            .map(|key| (key.kid.clone(), key.public_key.clone()))
            .collect())
    }

    async fn ring(&self) -> Result<Arc<Ring>, Fault> {
        let now = self.0.database.clock().now();
        let fresh =
            |ring: &Arc<Ring>| (now - ring.loaded_at).abs() < TimeDelta::seconds(FRESH_SECONDS);
        if let Some(ring) = self.0.ring.read().await.as_ref().filter(|ring| fresh(ring)) {
            return Ok(ring.clone());
        }
        let stored = self.load().await?;
        let active = active(&stored, now).ok_or(Fault::Broken("there is no signing key"))?;
        let pkcs8 =
            self.0.keys.open(PURPOSE, &active.sealed_key).map_err(|_| {
                Fault::Broken("the signing keys were sealed under another master key")
            })?;
        let signer = Signer::from_pkcs8(&pkcs8)
            .map_err(|_| Fault::Broken("a stored signing key cannot be read"))?;
        let ring = Arc::new(Ring { loaded_at: now, stored, signer });
        *self.0.ring.write().await = Some(ring.clone());
        Ok(ring)
    }

    /// The newest generations, after making the one that is due.
    async fn load(&self) -> Result<Vec<StoredKey>, Fault> {
        let now = self.0.database.clock().now();
        let stored = self.read().await?;
        match due(&stored, now, self.0.days) {
            None => Ok(stored),
            Some((generation, signs_from)) => {
                // Whoever comes second reads what the first one made.
                self.make(generation, signs_from, now).await?;
                self.read().await
            }
        }
    }

    async fn read(&self) -> Result<Vec<StoredKey>, Fault> {
        let tx = self.0.database.operate_read().await?;
        newest(&tx, GENERATIONS).await
    }

    async fn make(
        &self,
        generation: i64,
        signs_from: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let pkcs8 = generate_signing_key();
        let signer = Signer::from_pkcs8(&pkcs8)
            .map_err(|_| Fault::Broken("a new signing key cannot be read"))?;
        let public = signer.public_key();
        let key = StoredKey {
            generation,
            kid: public.kid().to_owned(),
            public_key: public.jwk().x.clone(),
            sealed_key: self.0.keys.seal(PURPOSE, &pkcs8),
            signs_from,
            created_at: now,
        };
        if insert(&self.0.database, key).await? {
            tracing::info!(generation, "a signing key was made");
        }
        Ok(())
    }
}

/// The generation to make now and when it shall sign, if one is due.
fn due(stored: &[StoredKey], now: DateTime<Utc>, days: u32) -> Option<(i64, DateTime<Utc>)> {
    let Some(newest) = stored.first() else { return Some((1, now)) };
    let aged = newest.signs_from + TimeDelta::days(i64::from(days)) <= now;
    aged.then(|| (newest.generation + 1, now + TimeDelta::seconds(LEAD_SECONDS)))
}

/// The key that signs: the newest whose time has come. The first one signs even for a process whose
/// clock is behind that of its maker.
fn active(stored: &[StoredKey], now: DateTime<Utc>) -> Option<&StoredKey> {
    stored.iter().find(|key| key.signs_from <= now).or(stored.last())
}

/// The next key, the active one, and those whose tokens may still live.
fn published(stored: &[StoredKey], now: DateTime<Utc>) -> impl Iterator<Item = &StoredKey> {
    let successors = std::iter::once(None).chain(stored.iter().map(Some));
    stored.iter().zip(successors).filter_map(move |(key, successor)| {
        let retired = TimeDelta::seconds(RETIRED_SECONDS);
        successor.is_none_or(|next| next.signs_from + retired > now).then_some(key)
    })
}

#[cfg(test)]
mod tests;
