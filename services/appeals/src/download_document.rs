use contracts::appeals::v1::{DownloadDocumentRequest, DownloadDocumentResponse};
use futures::StreamExt;
use futures::stream::BoxStream;
use platform::access::Caller;
use platform::rejection::{Fault, reject};
use tonic::Status;

use crate::face::id_in;
use crate::store::papers;
use crate::{Appeals, Error};

/// The bytes of a document, a part at a time.
pub(crate) type Chunks = BoxStream<'static, Result<DownloadDocumentResponse, Status>>;

impl Appeals {
    /// Streams the bytes of a document, a letter or a packet.
    ///
    /// # Errors
    /// When there is none with this id, or the database or the store fails.
    pub(crate) async fn download_document(
        &self,
        caller: &Caller,
        request: DownloadDocumentRequest,
    ) -> Result<Chunks, Error> {
        let id = id_in("id", &request.id)?;
        let path = {
            let tx = self.database.read(caller).await?;
            papers::object_path(&tx, id).await?.ok_or(Fault::NotFound)?
        };
        let bytes = self.originals.read(&path).await?;
        let chunks = bytes.map(move |part| match part {
            Ok(part) => Ok(DownloadDocumentResponse { id: id.to_string(), chunk: part.into() }),
            Err(error) => Err(reject(Error::Upload(error))),
        });
        Ok(chunks.boxed())
    }
}
