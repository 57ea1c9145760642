//! Bytes that we made ourselves, and how a file is read before it is kept.

use domain::tenancy::TenantId;
use object_store::ObjectStoreExt;
use object_store::path::Path;
use sha2::{Digest, Sha256};

use crate::{Error, Originals, Received, hex};

/// Bytes that are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Their lasting name.
    pub path: String,
    /// SHA-256 of them, lowercase hexadecimal.
    pub sha256: String,
}

pub(crate) fn lasting(tenant: TenantId, sha256: &str) -> Path {
    Path::from(format!("{tenant}/{sha256}"))
}

impl Originals {
    /// Where bytes of ours are kept, once they are.
    #[must_use]
    pub fn would_keep(&self, tenant: TenantId, bytes: &[u8]) -> Kept {
        let sha256 = hex(&Sha256::digest(bytes));
        Kept { path: lasting(tenant, &sha256).to_string(), sha256 }
    }

    /// Keeps bytes of ours.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put(&self, tenant: TenantId, bytes: &[u8]) -> Result<Kept, Error> {
        let mut receiving = self.receive().await?;
        receiving.write(bytes).await?;
        let received = receiving.finish().await?;
        let path = self.keep(tenant, &received).await?;
        Ok(Kept { path, sha256: received.sha256 })
    }

    /// Reads a file whose bytes are all there, before it is kept or dropped.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn read_received(&self, received: &Received) -> Result<Vec<u8>, Error> {
        Ok(self.store.get(&received.passing).await?.bytes().await?.into())
    }
}
