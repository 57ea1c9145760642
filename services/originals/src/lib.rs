//! The original files, as they came, named by tenant and content: remittances, evidence, and what
//! appeals hold. What a document is, it says by its bytes ([`media`]).
//!
//! A file is written under a passing name while its bytes arrive, and takes its lasting name once
//! their hash is known; the same bytes take the same name, so writing twice does no harm. Memory
//! is bounded by one part. Absent: what a file is about, which its service keeps in a row.

mod error;
mod intact;
mod kept;
mod media;
mod receiving;
mod upload;

use std::path::Path as Folder;
use std::sync::Arc;

use bytes::Bytes;
use domain::tenancy::TenantId;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

pub use error::Error;
pub use kept::Kept;
pub use media::media;
pub use receiving::Receiving;
pub use upload::{Expected, file_name};

/// Bytes read at a time.
const READ_BYTES: usize = 256 << 10;

/// The store of original files.
#[derive(Clone, Debug)]
pub struct Originals {
    store: Arc<dyn ObjectStore>,
    part_bytes: usize,
}

/// A file whose bytes are all there, under its passing name.
#[derive(Clone, Debug)]
pub struct Received {
    passing: Path,
    /// SHA-256 of the bytes, lowercase hexadecimal.
    pub sha256: String,
    /// How many there are.
    pub size: u64,
    /// The first of them, 4 KiB at most.
    pub head: Vec<u8>,
}

impl Originals {
    /// A store in `folder`, which is made when it is missing; what it confirms is on the disk.
    ///
    /// # Errors
    /// When the folder cannot be made or used.
    pub fn in_folder(folder: &Folder, part_bytes: usize) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(|error| object_store::Error::Generic {
            store: "originals",
            source: Box::new(error),
        })?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), part_bytes: part_bytes.max(1 << 10) })
    }

    /// Begins a file.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn receive(&self) -> Result<Receiving, Error> {
        Receiving::begin(self).await
    }

    /// Gives a file its lasting name, and answers it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keep(&self, tenant: TenantId, received: &Received) -> Result<String, Error> {
        let lasting = kept::lasting(tenant, &received.sha256);
        self.store.rename(&received.passing, &lasting).await?;
        Ok(lasting.to_string())
    }

    /// Drops a file that was refused.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn drop_received(&self, received: &Received) -> Result<(), Error> {
        Ok(self.store.delete(&received.passing).await?)
    }

    /// Reads a file from its beginning, `READ_BYTES` at a time: a store's own stream may hand
    /// over as little as 8 KiB, each from another thread.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn read(
        &self,
        path: &str,
    ) -> Result<BoxStream<'static, Result<Bytes, Error>>, Error> {
        let (store, path) = (self.store.clone(), Path::from(path));
        let size = store.head(&path).await?.size;
        let parts = (0..size).step_by(READ_BYTES).map(move |from| {
            let to = size.min(from + READ_BYTES as u64);
            Ok((store.clone(), path.clone(), from..to))
        });
        let read = |(store, path, range): (Arc<dyn ObjectStore>, Path, _)| async move {
            Ok(store.get_range(&path, range).await?)
        };
        Ok(stream::iter(parts).and_then(read).boxed())
    }
}

/// Lowercase hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
