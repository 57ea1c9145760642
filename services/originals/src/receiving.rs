//! A file while its bytes arrive.

use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStoreExt};
use sha2::{Digest, Sha256};

use crate::{Error, Originals, Received, hex};

/// Bytes of the beginning that are kept: enough to tell what a file is.
const HEAD_BYTES: usize = 4 << 10;

/// A file whose bytes are arriving.
pub struct Receiving {
    upload: Box<dyn MultipartUpload>,
    passing: Path,
    hasher: Sha256,
    part: Vec<u8>,
    part_bytes: usize,
    size: u64,
    head: Vec<u8>,
}

impl std::fmt::Debug for Receiving {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receiving").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Receiving {
    pub(crate) async fn begin(into: &Originals) -> Result<Self, Error> {
        let passing = Path::from(format!("incoming/{}", platform::ids::new()));
        let upload = into.store.put_multipart(&passing).await?;
        let (hasher, part_bytes) = (Sha256::new(), into.part_bytes);
        let part = Vec::with_capacity(part_bytes);
        Ok(Self { upload, passing, hasher, part, part_bytes, size: 0, head: Vec::new() })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
        let wanted = bytes.len().min(HEAD_BYTES - self.head.len());
        self.head.extend_from_slice(&bytes[..wanted]);
        while !bytes.is_empty() {
            let (head, rest) = bytes.split_at(bytes.len().min(self.part_bytes - self.part.len()));
            self.part.extend_from_slice(head);
            bytes = rest;
            if self.part.len() == self.part_bytes {
                self.pass_on().await?;
            }
        }
        Ok(())
    }

    /// Bytes taken so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn finish(mut self) -> Result<Received, Error> {
        if !self.part.is_empty() {
            self.pass_on().await?;
        }
        self.upload.complete().await?;
        let sha256 = hex(&self.hasher.finalize());
        Ok(Received { passing: self.passing, sha256, size: self.size, head: self.head })
    }

    async fn pass_on(&mut self) -> Result<(), Error> {
        let part = std::mem::replace(&mut self.part, Vec::with_capacity(self.part_bytes));
        Ok(self.upload.put_part(part.into()).await?)
    }
}
