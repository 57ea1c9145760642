use contracts::routing::v1::{DownloadRemittanceFileRequest, DownloadRemittanceFileResponse};
use futures::StreamExt;
use futures::stream::BoxStream;
use platform::access::Caller;
use platform::rejection::{Fault, Violations, reject};
use tonic::Status;
use views::id_in;

use crate::{Error, Routing};

/// The bytes of a file, a part at a time.
pub(crate) type Original = BoxStream<'static, Result<DownloadRemittanceFileResponse, Status>>;

impl Routing {
    /// Streams a file as it came, whatever became of it.
    pub(crate) async fn download_remittance_file(
        &self,
        caller: &Caller,
        request: DownloadRemittanceFileRequest,
    ) -> Result<Original, Error> {
        let id = id_in("id", &request.id)?;
        let mut violations = Violations::default();
        violations.text("purpose", request.purpose.trim(), 200);
        violations.into_result()?;
        let tx = self.database.read(caller).await?;
        let file = ledger::files::find(&tx, id).await?.ok_or(Fault::NotFound)?;
        drop(tx);
        let originals = self.intake.originals();
        let bytes = originals.read_intact(&file.object_path, &file.sha256).await?;
        let chunks = bytes.map(move |part| match part {
            Ok(part) => {
                Ok(DownloadRemittanceFileResponse { id: id.to_string(), chunk: part.into() })
            }
            Err(error) => Err(reject(Error::Upload(error))),
        });
        Ok(chunks.boxed())
    }
}
