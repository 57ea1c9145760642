//! Client assertions: JWTs that partner applications sign (RFC 7523, SMART Backend Services).
//!
//! Checking has two steps, because the key is known only after the client is: [`Assertion::read`]
//! finds out who claims to speak, [`Assertion::check`] decides whether to believe it. Nothing in
//! the header chooses an algorithm, and addresses in it are never fetched.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::public_key::{Algorithm, PublicKey};

/// The longest assertion, in bytes.
const LENGTH_MAX: usize = 8 * 1024;
/// The longest life an assertion may have left, in seconds.
const LIFE_MAX_SECONDS: i64 = 300;
/// How far two clocks may differ, in seconds.
pub(crate) const LEEWAY_SECONDS: i64 = 5;
/// The longest `jti`, in bytes.
const JTI_MAX: usize = 256;

/// What a header may say. `crit` is not among it, so whatever must be understood is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    #[serde(default)]
    typ: Option<String>,
    /// SMART lets clients name their key set here; ours are registered, so it is not used.
    #[serde(default, rename = "jku")]
    _jku: Option<String>,
}

/// The claims. `aud` is one text, never a list: a list may name another server that replays it.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    exp: i64,
    jti: String,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    iat: Option<i64>,
}

/// An assertion that was read and not yet believed.
pub(crate) struct Assertion<'t> {
    header: Header,
    claims: Claims,
    signed: &'t str,
    signature: Vec<u8>,
}

/// Why an assertion is not believed: for our log alone, the client hears none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Disbelief {
    #[error("alg or typ is not that of the registered key")]
    Header,
    #[error("the registered key did not sign it")]
    Signature,
    #[error("iss and sub differ")]
    Issuer,
    #[error("aud is not this token endpoint")]
    Audience,
    #[error("jti is empty or too long")]
    Id,
    #[error("exp, nbf or iat is not of now")]
    Time,
}

/// What a believed assertion is used once by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Believed {
    pub(crate) jti: String,
    pub(crate) expires_at: DateTime<Utc>,
}

impl<'t> Assertion<'t> {
    /// Reads a compact JWS.
    pub(crate) fn read(text: &'t str) -> Option<Self> {
        if text.len() > LENGTH_MAX {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        Some(Self {
            header: serde_json::from_slice(&decode(header)?).ok()?,
            claims: serde_json::from_slice(&decode(claims)?).ok()?,
            signed,
            signature: decode(signature)?,
        })
    }

    /// Who claims to have signed it.
    pub(crate) fn client_id(&self) -> &str {
        &self.claims.sub
    }

    /// The key it claims to be signed with.
    pub(crate) fn kid(&self) -> &str {
        &self.header.kid
    }

    /// Believes it when `key` signed it under `algorithm`, for `audience`, and `now` is its time.
    ///
    /// The signature comes before the claims: what is said of them is said of the client's own.
    pub(crate) fn check(
        &self,
        algorithm: Algorithm,
        key: &PublicKey,
        audience: &str,
        now: DateTime<Utc>,
    ) -> Result<Believed, Disbelief> {
        let typ = self.header.typ.as_deref();
        let is_assertion = typ.is_none_or(|typ| typ == "JWT" || typ == "client-authentication+jwt");
        let claims = &self.claims;
        let holds = |fact: bool, otherwise: Disbelief| if fact { Ok(()) } else { Err(otherwise) };
        holds(self.header.alg == algorithm.name() && is_assertion, Disbelief::Header)?;
        holds(key.verifies(self.signed.as_bytes(), &self.signature), Disbelief::Signature)?;
        holds(claims.iss == claims.sub, Disbelief::Issuer)?;
        holds(claims.aud == audience, Disbelief::Audience)?;
        holds((1..=JTI_MAX).contains(&claims.jti.len()), Disbelief::Id)?;
        holds(self.is_current(now.timestamp()), Disbelief::Time)?;
        let expires_at = DateTime::from_timestamp(claims.exp, 0)
            .and_then(|at| at.checked_add_signed(TimeDelta::seconds(LEEWAY_SECONDS)))
            .ok_or(Disbelief::Time)?;
        Ok(Believed { jti: claims.jti.clone(), expires_at })
    }

    fn is_current(&self, now: i64) -> bool {
        let begun = |at: Option<i64>| at.is_none_or(|at| at <= now.saturating_add(LEEWAY_SECONDS));
        let left = self.claims.exp.saturating_sub(now);
        (1 - LEEWAY_SECONDS..=LIFE_MAX_SECONDS + LEEWAY_SECONDS).contains(&left)
            && begun(self.claims.nbf)
            && begun(self.claims.iat)
    }
}

#[cfg(test)]
mod tests;
