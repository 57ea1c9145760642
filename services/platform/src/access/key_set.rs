use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use futures::future::BoxFuture;
use jsonwebtoken::DecodingKey;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tonic::{Code, Status};

use crate::rejection::refusal;
use contracts::identity::v1::JsonWebKey;

/// How often an unknown key id may cause a fetch.
const UNKNOWN_EVERY: Duration = Duration::from_secs(60);
/// How soon a fetch is tried again while there is no key at all.
const EMPTY_EVERY: Duration = Duration::from_secs(1);
/// How long keys are trusted before they are fetched anew, so that a retired one goes.
const FRESH_FOR: Duration = Duration::from_secs(300);
/// How long one fetch may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// More keys than that are refused.
const KEYS_MAX: usize = 32;

/// Asks identity for its keys.
pub type FetchKeys =
    Arc<dyn Fn() -> BoxFuture<'static, Result<Vec<JsonWebKey>, Status>> + Send + Sync>;

/// A public signing key of the identity service.
#[derive(Clone)]
pub struct PublicKey {
    jwk: JsonWebKey,
    key: DecodingKey,
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey").field("kid", &self.jwk.kid).finish_non_exhaustive()
    }
}

impl PublicKey {
    /// The Ed25519 key with id `kid` whose 32 bytes are `x`, in unpadded URL-safe base64.
    #[must_use]
    pub fn ed25519(kid: &str, x: &str) -> Option<Self> {
        let [kty, crv, alg, r#use] = ["OKP", "Ed25519", "EdDSA", "sig"].map(str::to_owned);
        Self::from_jwk(JsonWebKey { kty, crv, alg, r#use, kid: kid.to_owned(), x: x.to_owned() })
    }

    /// The key that `jwk` describes, if it is an Ed25519 key for signatures.
    #[must_use]
    pub fn from_jwk(jwk: JsonWebKey) -> Option<Self> {
        let ours = jwk.kty == "OKP" && jwk.crv == "Ed25519" && jwk.alg == "EdDSA";
        if !ours || jwk.r#use != "sig" || jwk.x.len() != 43 {
            return None;
        }
        let key = DecodingKey::from_ed_components(&jwk.x).ok()?;
        Some(Self { jwk, key })
    }

    /// It as identity publishes it.
    #[must_use]
    pub fn jwk(&self) -> &JsonWebKey {
        &self.jwk
    }

    /// Its key id.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.jwk.kid
    }

    pub(super) fn decoding(&self) -> &DecodingKey {
        &self.key
    }
}

/// The published keys, fetched when needed and remembered; clones share them.
#[derive(Clone)]
pub struct KeySet(Arc<Inner>);

struct Inner {
    fetch: FetchKeys,
    own: Option<Arc<PublicKey>>,
    keys: ArcSwap<BTreeMap<String, Arc<PublicKey>>>,
    times: Mutex<Times>,
}

#[derive(Default)]
struct Times {
    fetched: Option<Instant>,
    tried: Option<Instant>,
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySet").field("keys", &self.0.keys.load().len()).finish_non_exhaustive()
    }
}

impl KeySet {
    /// A set that `fetch` fills.
    #[must_use]
    pub fn new(fetch: FetchKeys) -> Self {
        Self::knowing(None, fetch)
    }

    /// As [`KeySet::new`], with a key that nobody publishes: the one of errands.
    #[must_use]
    pub(crate) fn knowing(own: Option<PublicKey>, fetch: FetchKeys) -> Self {
        let (keys, times) = (ArcSwap::default(), Mutex::default());
        Self(Arc::new(Inner { fetch, own: own.map(Arc::new), keys, times }))
    }

    /// The key with id `kid`. An unknown one causes a fetch, at most one a minute: a flood of
    /// invented ids costs identity nothing.
    ///
    /// # Errors
    /// UNAVAILABLE while no key at all could be fetched.
    pub async fn find(&self, kid: &str) -> Result<Option<Arc<PublicKey>>, Status> {
        if let Some(own) = self.0.own.as_ref().filter(|own| own.kid() == kid) {
            return Ok(Some(own.clone()));
        }
        let known = self.0.keys.load().get(kid).cloned();
        match (&known, self.0.times.try_lock()) {
            // Somebody else is fetching; a key we know is good meanwhile.
            (Some(_), Err(_)) => return Ok(known),
            (Some(_), Ok(times)) if times.is_fresh() => return Ok(known),
            _ => {}
        }
        let mut times = self.0.times.lock().await;
        // Whoever held the lock may have fetched it.
        let known = self.0.keys.load().get(kid).cloned();
        if known.is_some() && times.is_fresh() {
            return Ok(known);
        }
        let empty = self.0.keys.load().is_empty();
        if times.may_try(if empty { EMPTY_EVERY } else { UNKNOWN_EVERY }) {
            times.tried = Some(Instant::now());
            match self.fetch().await {
                Ok(keys) => {
                    self.0.keys.store(Arc::new(keys));
                    times.fetched = times.tried;
                }
                Err(status) => {
                    tracing::warn!(code = %status.code(), "the key set could not be fetched");
                }
            }
        }
        let keys = self.0.keys.load();
        if keys.is_empty() {
            let text = "access tokens cannot be checked at the moment; try again";
            return Err(refusal(Code::Unavailable, "PEER_FAILED", text));
        }
        Ok(keys.get(kid).cloned())
    }

    async fn fetch(&self) -> Result<BTreeMap<String, Arc<PublicKey>>, Status> {
        let keys = tokio::time::timeout(PATIENCE, (self.0.fetch)())
            .await
            .map_err(|_| Status::deadline_exceeded("the key set took too long"))??;
        if keys.len() > KEYS_MAX {
            return Err(Status::resource_exhausted("the key set has too many keys"));
        }
        Ok(keys
            .into_iter()
            .filter_map(PublicKey::from_jwk)
            .map(|key| (key.kid().to_owned(), Arc::new(key)))
            .collect())
    }
}

impl Times {
    fn is_fresh(&self) -> bool {
        self.fetched.is_some_and(|at| at.elapsed() < FRESH_FOR) || !self.may_try(UNKNOWN_EVERY)
    }

    fn may_try(&self, every: Duration) -> bool {
        self.tried.is_none_or(|at| at.elapsed() >= every)
    }
}
