//! JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::{Algorithm, Numbers, Unacceptable};

/// Members that hold a private or shared secret.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Reads the numbers of `text` that `algorithm` needs.
pub(super) fn read(algorithm: Algorithm, text: &str) -> Result<Numbers, Unacceptable> {
    let members: Map<String, Value> = serde_json::from_str(text).map_err(|_| Unacceptable::Weak)?;
    if PRIVATE.iter().any(|name| members.contains_key(*name)) {
        return Err(Unacceptable::Private);
    }
    public(algorithm, &members).ok_or(Unacceptable::Weak)
}

fn public(algorithm: Algorithm, members: &Map<String, Value>) -> Option<Numbers> {
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let is = |name: &str, wanted: &str| text(name) == Some(wanted);
    let absent_or = |name: &str, wanted: &str| !members.contains_key(name) || is(name, wanted);
    let number = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
    let sized = |name: &str, bytes: usize| number(name).filter(|n| n.len() == bytes);
    if !absent_or("alg", algorithm.name()) || !absent_or("use", "sig") {
        return None;
    }
    let curve = |name: &str, bytes: usize| {
        let kind = is("kty", "EC") && is("crv", name);
        kind.then(|| Some(Numbers::Ec { x: sized("x", bytes)?, y: sized("y", bytes)? }))?
    };
    match algorithm {
        Algorithm::EdDsa => {
            let kind = is("kty", "OKP") && is("crv", "Ed25519");
            kind.then(|| Some(Numbers::Ed25519 { x: sized("x", 32)? }))?
        }
        Algorithm::Es256 => curve("P-256", 32),
        Algorithm::Es384 => curve("P-384", 48),
        Algorithm::Rs256 | Algorithm::Rs384 => {
            is("kty", "RSA").then(|| Some(Numbers::Rsa { n: number("n")?, e: number("e")? }))?
        }
    }
}

/// Writes the public key.
pub(super) fn write(algorithm: Algorithm, numbers: &Numbers, kid: &str) -> String {
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let mut members = match numbers {
        Numbers::Ed25519 { x } => {
            serde_json::json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(x) })
        }
        Numbers::Ec { x, y } => {
            let crv = if x.len() == 32 { "P-256" } else { "P-384" };
            serde_json::json!({ "kty": "EC", "crv": crv, "x": encode(x), "y": encode(y) })
        }
        Numbers::Rsa { n, e } => {
            serde_json::json!({ "kty": "RSA", "n": encode(n), "e": encode(e) })
        }
    };
    members["kid"] = kid.into();
    members["alg"] = algorithm.name().into();
    members["use"] = "sig".into();
    members.to_string()
}
