//! The master key and what is derived from it: envelope sealing of secrets at rest, the signing of
//! page tokens and of what leaves.
//!
//! One 32-byte master key, from a file that never enters the database or its backups.

use std::io::Write;
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::signature::Ed25519KeyPair;
use aws_lc_rs::{hkdf, hmac, rand};

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file could not be read or written.
    #[error("the master key file cannot be used: {0}")]
    File(#[from] std::io::Error),
    /// The file has another length.
    #[error("the master key file must hold exactly 32 bytes")]
    Length,
    /// The text was sealed under another key or for another purpose, or was altered.
    #[error("the sealed secret cannot be opened with this master key")]
    Sealed,
}

/// Keys derived from one master key.
#[derive(Clone)]
pub struct Keys {
    seal: std::sync::Arc<LessSafeKey>,
    page: hmac::Key,
    signer: std::sync::Arc<Ed25519KeyPair>,
    errands: std::sync::Arc<Ed25519KeyPair>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(..)")
    }
}

struct Length32;
impl hkdf::KeyType for Length32 {
    fn len(&self) -> usize {
        32
    }
}

impl Keys {
    /// Derives everything from `master`.
    #[must_use]
    pub fn from_master(master: &[u8; 32]) -> Self {
        let derive = |purpose: &str| {
            let mut key = [0; 32];
            hkdf::Salt::new(hkdf::HKDF_SHA256, b"overturn keys v1")
                .extract(master)
                .expand(&[purpose.as_bytes()], Length32)
                .and_then(|okm| okm.fill(&mut key))
                .expect("32 bytes are within what HKDF-SHA256 can expand to");
            key
        };
        let pair = |purpose: &str| {
            let pair = Ed25519KeyPair::from_seed_unchecked(&derive(purpose));
            std::sync::Arc::new(pair.expect("any 32 bytes are a seed"))
        };
        let seal = UnboundKey::new(&AES_256_GCM, &derive("seal")).expect("the key has 32 bytes");
        Self {
            seal: std::sync::Arc::new(LessSafeKey::new(seal)),
            page: hmac::Key::new(hmac::HMAC_SHA256, &derive("page tokens")),
            signer: pair("signatures"),
            errands: pair("errands"),
        }
    }

    /// Keys that end with the process: for a database that does too.
    #[must_use]
    pub fn ephemeral() -> Self {
        Self::from_master(&random())
    }

    /// Reads the master key from `path`.
    ///
    /// # Errors
    /// When the file cannot be read or does not hold 32 bytes.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let bytes: [u8; 32] = std::fs::read(path)?.try_into().map_err(|_| KeyError::Length)?;
        Ok(Self::from_master(&bytes))
    }

    /// Reads the master key, first making one that only the owner can read if there is none.
    ///
    /// # Errors
    /// As [`Keys::load`], and when the file cannot be written.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(mut file) => {
                file.write_all(&random::<32>())?;
                file.sync_all()?;
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.into()),
        }
        Self::load(path)
    }

    /// Seals `secret` for `purpose`; only the same purpose opens it.
    #[must_use]
    pub fn seal(&self, purpose: &str, secret: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = random();
        let mut sealed = secret.to_vec();
        self.seal
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(purpose.as_bytes()),
                &mut sealed,
            )
            .expect("secrets are far below the 64 GiB that AES-GCM can seal");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what [`Keys::seal`] sealed for the same purpose.
    ///
    /// # Errors
    /// [`KeyError::Sealed`] under another key or purpose, or when a bit was changed.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(KeyError::Sealed)?;
        let mut buffer = sealed.to_vec();
        let length = self
            .seal
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(purpose.as_bytes()),
                &mut buffer,
            )
            .map_err(|_| KeyError::Sealed)?
            .len();
        buffer.truncate(length);
        Ok(buffer)
    }

    /// The pair that signs what this installation hands out for others to check.
    #[must_use]
    pub fn signer(&self) -> &Ed25519KeyPair {
        &self.signer
    }

    /// The pair that signs the tokens of [`crate::access::errand`], in PKCS #8.
    pub(crate) fn errands(&self) -> Vec<u8> {
        let pkcs8 = self.errands.to_pkcs8().expect("a key that was made can be written");
        pkcs8.as_ref().to_vec()
    }

    /// Signs a page token's content.
    pub(crate) fn sign_page(&self, content: &[u8]) -> hmac::Tag {
        hmac::sign(&self.page, content)
    }

    /// Whether `tag` signs `content`, in constant time.
    pub(crate) fn page_is_signed(&self, content: &[u8], tag: &[u8]) -> bool {
        hmac::verify(&self.page, content, tag).is_ok()
    }
}

/// Random bytes from the operating system.
///
/// # Panics
/// When the operating system has no randomness to give; no key can be made then.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests;
