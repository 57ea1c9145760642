//! Signatures of portable bundles: detached JWS (RFC 7515, appendix F) over the content as it is
//! (RFC 7797), EdDSA, with the public key in the header. A key is believed when it is this
//! installation's own or the settings name it, never because it came along.

use aws_lc_rs::signature::{ED25519, KeyPair, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde::{Deserialize, Serialize};

use platform::keys::Keys;

/// The protected header.
#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    b64: bool,
    crit: Vec<String>,
    jwk: Jwk,
}

/// An Ed25519 key (RFC 8037).
#[derive(Serialize, Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
}

/// Why a signature is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Disbelief {
    /// Not a detached JWS of this kind.
    #[error("the signature is no detached EdDSA JWS with its key in the header")]
    Malformed,
    /// Of somebody unknown.
    #[error("the signing key is none of this installation and none of `dictionary.trusted_keys`")]
    UnknownKey,
    /// Of other content.
    #[error("the signature is not one of this content")]
    Wrong,
}

/// Signs content.
#[must_use]
pub fn sign(keys: &Keys, content: &[u8]) -> String {
    let header = Header {
        alg: "EdDSA".to_owned(),
        b64: false,
        crit: vec!["b64".to_owned()],
        jwk: Jwk { kty: "OKP".to_owned(), crv: "Ed25519".to_owned(), x: own(keys) },
    };
    let header = serde_json::to_vec(&header).unwrap_or_default();
    let header = BASE64URL.encode(header);
    let signature = keys.signer().sign(&signed(&header, content));
    format!("{header}..{}", BASE64URL.encode(signature))
}

/// Checks a signature of content against this installation's key and `trusted` ones, base64url.
///
/// # Errors
/// Why it is not believed.
pub fn check(
    keys: &Keys,
    trusted: &[String],
    content: &[u8],
    signature: &str,
) -> Result<(), Disbelief> {
    let (header, bytes) = signature.split_once("..").ok_or(Disbelief::Malformed)?;
    let decoded = BASE64URL.decode(header).map_err(|_| Disbelief::Malformed)?;
    let read: Header = serde_json::from_slice(&decoded).map_err(|_| Disbelief::Malformed)?;
    let kind = (read.alg.as_str(), read.jwk.kty.as_str(), read.jwk.crv.as_str());
    if kind != ("EdDSA", "OKP", "Ed25519") || read.b64 || read.crit != ["b64"] {
        return Err(Disbelief::Malformed);
    }
    if read.jwk.x != own(keys) && !trusted.contains(&read.jwk.x) {
        return Err(Disbelief::UnknownKey);
    }
    let key = BASE64URL.decode(&read.jwk.x).map_err(|_| Disbelief::Malformed)?;
    let bytes = BASE64URL.decode(bytes).map_err(|_| Disbelief::Malformed)?;
    let key = UnparsedPublicKey::new(&ED25519, key);
    key.verify(&signed(header, content), &bytes).map_err(|_| Disbelief::Wrong)
}

/// This installation's public key, as `dictionary.trusted_keys` of another one names it.
fn own(keys: &Keys) -> String {
    BASE64URL.encode(keys.signer().public_key())
}

fn signed(header: &str, content: &[u8]) -> Vec<u8> {
    [header.as_bytes(), b".", content].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_believed_from_whom_one_trusts_for_what_was_signed() {
        let (ours, theirs) = (Keys::ephemeral(), Keys::ephemeral());
        let signature = sign(&theirs, b"content");
        let trusted = [own(&theirs)];
        assert_eq!(check(&ours, &trusted, b"content", &signature), Ok(()));
        assert_eq!(check(&theirs, &[], b"content", &signature), Ok(()), "its own");
        assert_eq!(check(&ours, &[], b"content", &signature), Err(Disbelief::UnknownKey));
        assert_eq!(check(&ours, &trusted, b"Content", &signature), Err(Disbelief::Wrong));
        for malformed in ["", "..", "a.b.c", &signature.replace("..", ".x.")] {
            let checked = check(&ours, &trusted, b"content", malformed);
            assert_eq!(checked, Err(Disbelief::Malformed), "{malformed}");
        }
    }
}
