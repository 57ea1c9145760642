//! Access tokens: made by [`Signer`], checked by [`Verifier`].
//!
//! A token's own words choose nothing: the algorithm belongs to the key, the key to a `kid` that we
//! published, and a header with anything but `typ`, `alg` and `kid` is refused before any
//! cryptography. Times are checked against [`Clock`], not by the JWT library, whose defaults let
//! through much of what RFC 9068 forbids.

use std::sync::{Arc, Once};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, Validation};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tonic::Status;

use super::caller::unauthenticated;
use super::claims::LEEWAY_SECONDS;
use super::{Claims, KeySet, PublicKey};
use crate::clock::Clock;

/// The only `typ` of an access token (RFC 9068, 2.1).
const TYPE: &str = "at+jwt";
/// Longer tokens are refused unread, in bytes.
const LENGTH_MAX: usize = 8 * 1024;
/// How many verified tokens are remembered.
const REMEMBERED: u64 = 10_000;

/// Chooses aws-lc as the crypto provider of TLS and of tokens, once per process.
pub fn install_crypto_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Both answer an error only when a provider is already there, which is as good.
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    });
}

/// Why a signing key cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the signing key is not an Ed25519 key in PKCS #8")]
pub struct BadKey;

/// Makes a new Ed25519 signing key, in PKCS #8.
///
/// # Panics
/// When the operating system has no randomness to give.
#[must_use]
pub fn generate_signing_key() -> Vec<u8> {
    let pair = Ed25519KeyPair::generate().expect("the operating system gives random bytes");
    let pkcs8 = pair.to_pkcs8().expect("a generated key can be written");
    pkcs8.as_ref().to_vec()
}

/// Signs access tokens with one private key.
#[derive(Clone)]
pub struct Signer {
    key: EncodingKey,
    public: PublicKey,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("kid", &self.public.kid()).finish_non_exhaustive()
    }
}

impl Signer {
    /// A signer with the Ed25519 key `pkcs8`; its key id is the key's thumbprint (RFC 7638).
    ///
    /// # Errors
    /// When `pkcs8` is no such key.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, BadKey> {
        install_crypto_provider();
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| BadKey)?;
        let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        let kid = URL_SAFE_NO_PAD.encode(Sha256::digest(canonical));
        let public = PublicKey::ed25519(&kid, &x).ok_or(BadKey)?;
        Ok(Self { key: EncodingKey::from_ed_der(pkcs8), public })
    }

    /// The public half, as identity publishes it.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// Signs `claims`.
    ///
    /// # Panics
    /// Never for a signer that could be made: the key was read once before.
    #[must_use]
    pub fn sign(&self, claims: &Claims) -> String {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.public.kid().to_owned());
        jsonwebtoken::encode(&header, claims, &self.key)
            .expect("a key that was read once signs, and claims are plain JSON")
    }
}

/// The header of an access token: these three and nothing else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenHeader {
    typ: String,
    alg: String,
    kid: String,
}

/// Checks access tokens; clones share the memory of what was checked.
#[derive(Clone, Debug)]
pub struct Verifier {
    keys: KeySet,
    clock: Clock,
    validation: Arc<Validation>,
    seen: moka::sync::Cache<String, Arc<Claims>>,
}

impl Verifier {
    /// A verifier of tokens that `issuer` made for `audience`.
    #[must_use]
    pub fn new(keys: KeySet, issuer: &str, audience: &str, clock: Clock) -> Self {
        install_crypto_provider();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[audience]);
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        // Ours to check, by our clock: see `Claims::is_current`.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.leeway = LEEWAY_SECONDS.unsigned_abs();
        let seen = moka::sync::Cache::new(REMEMBERED);
        Self { keys, clock, validation: Arc::new(validation), seen }
    }

    /// The clock that tokens are checked by.
    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The claims of `token` if it is ours, for us and current.
    ///
    /// # Errors
    /// UNAUTHENTICATED, always the same; UNAVAILABLE while no key could be fetched at all.
    pub async fn verify(&self, token: &str) -> Result<Arc<Claims>, Status> {
        if token.len() > LENGTH_MAX {
            return Err(unauthenticated());
        }
        let now = self.clock.now().timestamp();
        if let Some(claims) = self.seen.get(token) {
            return if claims.is_current(now) { Ok(claims) } else { Err(unauthenticated()) };
        }
        let header = read_header(token).ok_or_else(unauthenticated)?;
        let key = self.keys.find(&header.kid).await?.ok_or_else(unauthenticated)?;
        let claims = jsonwebtoken::decode::<Claims>(token, key.decoding(), &self.validation)
            .map_err(|_| unauthenticated())?
            .claims;
        if !claims.is_complete() || !claims.is_current(now) {
            return Err(unauthenticated());
        }
        let claims = Arc::new(claims);
        self.seen.insert(token.to_owned(), claims.clone());
        Ok(claims)
    }
}

/// The header, if it is one we would have written.
fn read_header(token: &str) -> Option<TokenHeader> {
    let (header, _) = token.split_once('.')?;
    let header: TokenHeader = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    let kid_is_plain = (1..=64).contains(&header.kid.len())
        && header.kid.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    (header.typ == TYPE && header.alg == "EdDSA" && kid_is_plain).then_some(header)
}
