//! Files as they came, or not at all.

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use sha2::{Digest, Sha256};

use crate::{Error, Originals, hex};

impl Originals {
    /// Reads a file, once every byte of it was seen to be there and to have this SHA-256: of what
    /// is not as it came, no byte is handed over. It is read twice for that.
    ///
    /// # Errors
    /// When the file is not there or is another one, or the store fails.
    pub async fn read_intact(
        &self,
        path: &str,
        sha256: &str,
    ) -> Result<BoxStream<'static, Result<Bytes, Error>>, Error> {
        if self.hash(path).await? != sha256 {
            tracing::error!(path, "a stored original is not what was received");
            return Err(Error::Altered);
        }
        self.read(path).await
    }

    async fn hash(&self, path: &str) -> Result<String, Error> {
        let mut parts = self.read(path).await.map_err(|error| gone(path, error))?;
        let mut hasher = Sha256::new();
        while let Some(part) = parts.next().await {
            hasher.update(&part.map_err(|error| gone(path, error))?);
        }
        Ok(hex(&hasher.finalize()))
    }
}

fn gone(path: &str, error: Error) -> Error {
    if let Error::Store(object_store::Error::NotFound { .. }) = error {
        tracing::error!(path, "a stored original is missing");
        return Error::Missing;
    }
    error
}

#[cfg(test)]
mod tests {
    use domain::tenancy::TenantId;

    use super::*;

    #[tokio::test]
    async fn a_file_is_read_as_it_came_or_not_at_all() {
        let folder = std::env::temp_dir().join(format!("originals-{}", platform::ids::new()));
        let originals = Originals::in_folder(&folder, 1 << 10).unwrap();
        let mut receiving = originals.receive().await.unwrap();
        let sent: Vec<u8> = (0..600_000_u32).map(|at| at.to_le_bytes()[0]).collect();
        receiving.write(&sent).await.unwrap();
        let received = receiving.finish().await.unwrap();
        let tenant = TenantId::from_uuid(platform::ids::new());
        let path = originals.keep(tenant, &received).await.unwrap();
        let parts: Vec<_> =
            originals.read_intact(&path, &received.sha256).await.unwrap().collect().await;
        let parts: Vec<Bytes> = parts.into_iter().map(Result::unwrap).collect();
        assert!(parts.concat() == sent, "they came back");
        assert!(parts.iter().all(|part| part.len() <= 1 << 20));
        let mut changed = sent.clone();
        changed[599_999] ^= 1;
        std::fs::write(folder.join(&path), &changed).unwrap();
        let refused = originals.read_intact(&path, &received.sha256).await.err();
        assert!(matches!(refused, Some(Error::Altered)), "{refused:?}");
        std::fs::remove_file(folder.join(&path)).unwrap();
        let refused = originals.read_intact(&path, &received.sha256).await.err();
        assert!(matches!(refused, Some(Error::Missing)), "{refused:?}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
