//! SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) in PEM: as much of DER as three kinds of keys need.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Algorithm, Numbers};

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
/// The whole `AlgorithmIdentifier` of each kind: rsaEncryption with NULL, id-Ed25519, and
/// id-ecPublicKey with its named curve.
const RSA: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 0x05, 0];
const ED25519: &[u8] = &[0x06, 3, 0x2b, 0x65, 0x70];
const P256: &[u8] =
    &[0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 0x06, 5, 0x2b, 0x81, 4, 0, 0x22];

/// Reads the numbers of `text` that `algorithm` needs.
pub(super) fn read_pem(algorithm: Algorithm, text: &str) -> Option<Numbers> {
    let body = text.trim().strip_prefix("-----BEGIN PUBLIC KEY-----")?;
    let body = body.strip_suffix("-----END PUBLIC KEY-----")?;
    let body: String = body.split_ascii_whitespace().collect();
    read(algorithm, &STANDARD.decode(body).ok()?)
}

fn read(algorithm: Algorithm, bytes: &[u8]) -> Option<Numbers> {
    let info = whole(SEQUENCE, bytes)?;
    let (kind, rest) = element(SEQUENCE, info)?;
    let key = whole(BIT_STRING, rest)?.strip_prefix(&[0])?;
    match algorithm {
        Algorithm::EdDsa => {
            (kind == ED25519 && key.len() == 32).then(|| Numbers::Ed25519 { x: key.to_vec() })
        }
        Algorithm::Es256 => point(kind == P256, key, 32),
        Algorithm::Es384 => point(kind == P384, key, 48),
        Algorithm::Rs256 | Algorithm::Rs384 => {
            let numbers = (kind == RSA).then(|| whole(SEQUENCE, key))??;
            let (n, rest) = element(INTEGER, numbers)?;
            let e = whole(INTEGER, rest)?;
            Some(Numbers::Rsa { n: unsigned(n)?, e: unsigned(e)? })
        }
    }
}

fn point(is_kind: bool, key: &[u8], bytes: usize) -> Option<Numbers> {
    let key = key.strip_prefix(&[4])?;
    (is_kind && key.len() == 2 * bytes)
        .then(|| Numbers::Ec { x: key[..bytes].to_vec(), y: key[bytes..].to_vec() })
}

/// A positive integer without the zero byte that keeps its sign.
fn unsigned(integer: &[u8]) -> Option<Vec<u8>> {
    let number = integer.strip_prefix(&[0]).unwrap_or(integer);
    (!number.is_empty()).then(|| number.to_vec())
}

/// The content of the one element that `bytes` are.
fn whole(tag: u8, bytes: &[u8]) -> Option<&[u8]> {
    element(tag, bytes).filter(|(_, rest)| rest.is_empty()).map(|(content, _)| content)
}

/// The content of the first element, and what follows it.
fn element(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => {
            let (length, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_be_bytes(*length)), rest)
        }
        _ => return None,
    };
    (found == tag).then(|| rest.split_at_checked(length))?
}
