//! Public keys of partner applications: reading them from JWK or PEM, and checking signatures.
//!
//! A key is bound to one algorithm when it is registered; the header of an assertion chooses
//! nothing. Private parts are refused, not stripped: a key that was sent is burnt.

mod der;
mod jwk;

use aws_lc_rs::signature::{
    self, ParsedPublicKey, RsaParameters, RsaPublicKeyComponents, VerificationAlgorithm,
};

/// JWS algorithms that assertions may be signed with (SMART asks for RS384 and ES384).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    EdDsa,
    Es256,
    Es384,
    Rs256,
    Rs384,
}

impl Algorithm {
    const ALL: [Self; 5] = [Self::EdDsa, Self::Es256, Self::Es384, Self::Rs256, Self::Rs384];

    /// Its name in JWS headers and in the contract.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
        }
    }

    /// The algorithm of that exact name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }
}

/// Why a key is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unacceptable {
    /// It is malformed, too short, or not of the kind its algorithm needs.
    Weak,
    /// Its private part came with it.
    Private,
}

/// The numbers of a public key, big-endian; those of curves have the curve's full length.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Numbers {
    Ed25519 { x: Vec<u8> },
    Ec { x: Vec<u8>, y: Vec<u8> },
    Rsa { n: Vec<u8>, e: Vec<u8> },
}

/// A public key that fits its algorithm and was checked to be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey {
    algorithm: Algorithm,
    numbers: Numbers,
}

/// The shortest RSA modulus, in bytes, and the longest, so that checking stays cheap.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=512;
/// The longest key text, in bytes.
const TEXT_MAX: usize = 8 * 1024;

impl PublicKey {
    /// Reads a JSON Web Key (RFC 7517).
    pub(crate) fn from_jwk(algorithm: Algorithm, text: &str) -> Result<Self, Unacceptable> {
        if text.len() > TEXT_MAX {
            return Err(Unacceptable::Weak);
        }
        Self::checked(algorithm, jwk::read(algorithm, text)?)
    }

    /// Reads a SubjectPublicKeyInfo in PEM (RFC 7468).
    pub(crate) fn from_pem(algorithm: Algorithm, text: &str) -> Result<Self, Unacceptable> {
        if text.contains("PRIVATE KEY") {
            return Err(Unacceptable::Private);
        }
        if text.len() > TEXT_MAX {
            return Err(Unacceptable::Weak);
        }
        let numbers = der::read_pem(algorithm, text).ok_or(Unacceptable::Weak)?;
        Self::checked(algorithm, numbers)
    }

    /// Its JSON Web Key, the public part, with `kid`.
    pub(crate) fn to_jwk(&self, kid: &str) -> String {
        jwk::write(self.algorithm, &self.numbers, kid)
    }

    /// Whether `signature` signs `content`.
    pub(crate) fn verifies(&self, content: &[u8], signature: &[u8]) -> bool {
        match &self.numbers {
            Numbers::Rsa { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(self.rsa(), content, signature).is_ok()
            }
            Numbers::Ed25519 { .. } | Numbers::Ec { .. } => {
                self.parsed().is_some_and(|key| key.verify_sig(content, signature).is_ok())
            }
        }
    }

    fn checked(algorithm: Algorithm, numbers: Numbers) -> Result<Self, Unacceptable> {
        let key = Self { algorithm, numbers };
        let sound = match &key.numbers {
            Numbers::Rsa { n, e } => {
                RSA_BYTES.contains(&n.len())
                    && n.first().is_some_and(|byte| *byte >= 0x80)
                    && n.last().is_some_and(|byte| byte & 1 == 1)
                    && *e == [1, 0, 1]
            }
            // Parsing proves that the point is on the curve.
            Numbers::Ed25519 { .. } | Numbers::Ec { .. } => key.parsed().is_some(),
        };
        if sound { Ok(key) } else { Err(Unacceptable::Weak) }
    }

    fn rsa(&self) -> &'static RsaParameters {
        if self.algorithm == Algorithm::Rs256 {
            &signature::RSA_PKCS1_2048_8192_SHA256
        } else {
            &signature::RSA_PKCS1_2048_8192_SHA384
        }
    }

    fn parsed(&self) -> Option<ParsedPublicKey> {
        let algorithm: &'static dyn VerificationAlgorithm = match self.algorithm {
            Algorithm::EdDsa => &signature::ED25519,
            Algorithm::Es256 => &signature::ECDSA_P256_SHA256_FIXED,
            Algorithm::Es384 => &signature::ECDSA_P384_SHA384_FIXED,
            Algorithm::Rs256 | Algorithm::Rs384 => self.rsa(),
        };
        let bytes = match &self.numbers {
            Numbers::Ed25519 { x } => x.clone(),
            // An uncompressed point (SEC 1, 2.3.3).
            Numbers::Ec { x, y } => [&[4], x.as_slice(), y].concat(),
            Numbers::Rsa { .. } => return None,
        };
        ParsedPublicKey::new(algorithm, bytes).ok()
    }
}

#[cfg(test)]
mod tests;
