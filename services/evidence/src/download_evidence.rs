use contracts::routing::v1::{DownloadEvidenceRequest, DownloadEvidenceResponse};
use futures::StreamExt;
use futures::stream::BoxStream;
use platform::access::{Caller, Role};
use platform::rejection::{Fault, reject};
use tonic::Status;
use views::id_in;

use crate::{Error, Evidence, store};

/// The bytes of a document, a part at a time.
pub type Chunks = BoxStream<'static, Result<DownloadEvidenceResponse, Status>>;

impl Evidence {
    /// Streams the bytes of a document; of a withdrawn one for auditors alone.
    ///
    /// # Errors
    /// When there is no such document, it was withdrawn, its bytes are not what was received, or
    /// the database or the store fails.
    pub async fn download_evidence(
        &self,
        caller: &Caller,
        request: DownloadEvidenceRequest,
    ) -> Result<Chunks, Error> {
        let id = id_in("id", &request.id)?;
        let tx = self.database.read(caller).await?;
        let row = store::find(&tx, id).await?.ok_or(Fault::NotFound)?;
        let withdrawn = store::withdrawal(&tx, id).await?.is_some();
        drop(tx);
        if withdrawn && !caller.has_role(Role::Auditor) {
            return Err(Error::Withdrawn);
        }
        let bytes = self.originals.read_intact(&row.object_path, &row.sha256).await?;
        let chunks = bytes.map(move |part| match part {
            Ok(part) => Ok(DownloadEvidenceResponse { id: id.to_string(), chunk: part.into() }),
            Err(error) => Err(reject(Error::Upload(error))),
        });
        Ok(chunks.boxed())
    }
}
